"""Invented names for the people of the CMS."""

import random

# As they are frequent in the south-west; all other characters are for given names.
SURNAMES = "黄韦李陆梁覃农陈蒙莫罗蓝杨玉何岑周潘苏林谢唐邓卢许欧廖凌甘石"
FIRST = "建志丽秀文海小春国晓雪家永玉思俊雅子宏静"
SECOND = "华明芳英平军兰强梅辉敏玲勇琼斌颖宁峰慧杰"


def invented_names(count: int, *, seed: str) -> list[str]:
    """``count`` different names, always the same ones for a ``seed``."""
    # Nothing depends on nobody guessing them.
    chance = random.Random(seed)  # nosec B311
    names: dict[str, None] = {}
    while len(names) < count:
        names[chance.choice(SURNAMES) + chance.choice(FIRST) + chance.choice(SECOND)] = None
    return list(names)

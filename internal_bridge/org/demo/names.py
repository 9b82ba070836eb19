"""Made-up names of demo people: surnames as frequent as in south-west China, given names of the last sixty years."""

import random

FREQUENT = {
    9: "黄", 8: "李", 7: "陈韦", 6: "王覃张", 5: "杨梁刘", 4: "陆", 3: "莫周农罗蒙吴赵", 2: "蓝岑廖潘何谢邓唐林苏朱甘",
    1: "马胡郭高徐孙谭卢蒋龙秦普段白玉温凌冯石班闭银区仇单曾冼缪庞尹闫余叶邱邹彭贺方",
}  # fmt: skip
SURNAMES = [surname for times, surnames in FREQUENT.items() for surname in list(surnames) * times] + ["欧阳", "司马"]
MALE = list("伟强军勇杰磊涛明超斌波辉刚健平鹏俊浩宇鑫国建志文海林成龙德荣贵忠诚凯旭东峰")
FEMALE = list("芳娜敏静丽艳娟霞燕玲婷雪梅琳兰英慧洁倩红玉萍颖佳怡欣月秀莹璐珍凤春蓉")
FIRST = list("文志海建国永晓小世家德春秀玉美丽雅思子雨嘉佳梦慧若宏立家振启光明")
# Characters that many fonts lack.
RARE = ["镕", "堃", "喆", "昇"]


def invented_names(count: int, *, seed: int, taken: set[str]) -> list[str]:
    """``count`` different names, always the same for a seed, none of them ``taken``; every fortieth has a rare character."""
    draw = random.Random(seed)  # nosec B311: names for a demo, no secret
    names: list[str] = []
    used = set(taken)
    while len(names) < count:
        last = draw.choice(MALE if draw.random() < 0.6 else FEMALE)
        if len(names) % 40 == 17:
            last = RARE[len(names) // 40 % len(RARE)]
        given = last if draw.random() < 0.18 else draw.choice(FIRST) + last
        name = draw.choice(SURNAMES) + given
        if name not in used and len(set(given)) == len(given):
            used.add(name)
            names.append(name)
    return names

"""Demo data of the citizen's side; everything goes through the services, so it obeys every rule."""

from typing import Any

from petitions.models import Petition
from petitions.services import submit_petition

__all__ = ["seed_petitions"]

# Three invented letters: one by somebody who says who they are, one without a name, one that may be published.
PETITIONS: list[dict[str, Any]] = [
    {
        "kind": "help",
        "title": "外地媳妇户口迁入要哪些材料",
        "body": "我是去年嫁到云岭的，老公户口在右岭区，我的户口还在外省娘家。现在孩子快出生了，想把我的户口迁过来跟老公一起。"
        "派出所窗口说要娘家那边开准迁证，娘家那边又说要云岭先开，两头跑了两趟了。到底是哪边先办？能不能网上办？",
        "place": "右岭区",
        "unit_code": "gaj",
        "name": "覃小月",
        "phone": "13900001207",
        "allow_publication": True,
    },
    {
        "kind": "complaint",
        "title": "江滨路工地半夜三点还在打桩",
        "body": "江滨路澄江府二期工地，连续一个星期夜里不停工，昨晚三点多还在打桩，整栋楼都在抖。"
        "我家老人有心脏病，孩子下周期末考试。打过电话，来人就停，人一走又开工。请你们不要只是打电话，晚上来现场听一听！",
        "place": "江滨路",
        "name": "韦国强",
        "phone": "13700003518",
        "withhold_identity": True,
    },
    {
        "kind": "suggestion",
        "title": "建议在龙井社区增设电动车集中充电棚",
        "body": "龙井社区老楼多，没有车棚，晚上不少人从窗户拉线下来充电，很危险。建议在社区服务中心后面的空地建一个集中充电棚，"
        "装上烟感和自动断电，我们愿意按度付费。",
        "place": "龙井社区",
        "unit_code": "zjj",
        "allow_publication": True,
    },
]


def seed_petitions() -> list[dict[str, str]]:
    """Submit the three demo petitions, unless there are petitions already; returns their receipts with titles."""
    if Petition.objects.exists():
        return []
    return [submit_petition(kind=data["kind"], data=data, key=None) | {"title": data["title"]} for data in PETITIONS]

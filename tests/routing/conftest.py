"""A town of six units with duties and rules, and people who ask."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Unit
from internal_bridge.routing.models import RoutingRule
from internal_bridge.routing.services import create_rule
from tests.org.town import make_grant, make_person, make_post, make_unit

DUTIES = {
    "szzx": ("市政中心", "路灯不亮;井盖缺失;道路坑洼"),
    "jgzd": ("交警支队", "红绿灯和交通标线;违章停车;驾驶证"),
    "cgj": ("城管局", "占道经营;夜间施工噪音;违法建筑"),
    "sthjj": ("生态环境局", "工厂噪音;废气和异味;污水偷排"),
    "jyj": ("教育局", "学区划分;转学;补课"),
    "rsj": ("人社局", "拖欠工资;劳动合同;工伤认定"),
    "rxzx": ("热线中心", "热线打不通"),
}


@pytest.fixture(autouse=True)
def models_dir(settings: Any, tmp_path: Path) -> Path:
    settings.ROUTING_MODELS_DIR = tmp_path / "routing"
    return settings.ROUTING_MODELS_DIR


@pytest.fixture
def town(db: None) -> dict[str, Unit]:
    city = make_unit("yls", "云岭市", duties="全市")
    made = {"yls": city}
    for code, (name, duties) in DUTIES.items():
        made[code] = make_unit(code, name, parent=city, duties=duties, accepts_petitions=True)
    return made


@pytest.fixture
def rules(town: dict[str, Unit]) -> dict[str, RoutingRule]:
    return {
        "lamps": create_rule(by=None, unit="szzx", any_words="路灯 灯杆", note="路灯"),
        "lights": create_rule(by=None, unit="jgzd", any_words="红绿灯 信号灯", weight=3.0),
        "night": create_rule(by=None, unit="cgj", all_words="夜间/半夜 施工/工地", not_words="工厂"),
    }


@pytest.fixture
def official(town: dict[str, Unit]) -> Callable[..., User]:
    def official(role: Role, unit: str = "yls", *, over_all: bool = True) -> User:
        place = town[unit]
        person = make_person("某某", make_post(place), login=f"{role}.{unit}.{over_all}")
        make_grant(person, role, place, with_descendants=over_all)
        assert person.user is not None
        return person.user

    return official


@pytest.fixture
def dispatcher(official: Callable[..., User]) -> User:
    return official(Role.DISPATCHER)


@pytest.fixture
def office(dispatcher: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(dispatcher)
    return client

"""What the office tells of the directory, for tests: real messages, and a dozen units to have without any."""

import datetime
from typing import Any

from petitions.models import Unit
from petitions.services import note_unit
from tests.contract.words import example
from tests.exchange.peers import Peer

CHANGED, CLOSED = "directory.unit_changed", "directory.unit_closed"
FOUNDED = datetime.date(2020, 1, 1)

# code, name, short name, superior, kind, takes petitions
DOZEN = [
    ("yls", "云岭市", "云岭市", None, "city", False),
    ("zfb", "市人民政府办公室", "市政府办", "yls", "leading_office", True),
    ("xfj", "云岭市信访局", "市信访局", "yls", "government_department", True),
    ("gaj", "云岭市公安局", "市公安局", "yls", "government_department", True),
    ("zjj", "云岭市住房和城乡建设局", "市住建局", "yls", "government_department", True),
    ("cgj", "云岭市城市管理局", "市城管局", "yls", "government_department", True),
    ("swj", "国家税务总局云岭市税务局", "市税务局", "yls", "vertical_agency", True),
    ("rsks", "云岭市人事考试院", "市人事考试院", "yls", "institution", False),
    ("zgh", "云岭市总工会", "市总工会", "yls", "mass_organisation", True),
    ("gsjt", "云岭市供水集团", "市供水集团", "yls", "enterprise", True),
    ("yjq", "右岭区人民政府", "右岭区", "yls", "county", True),
    ("yjdw", "右岭区大旺乡人民政府", "大旺乡", "yjq", "township", False),
]


def note_dozen(**changes: Any) -> None:
    """A small city in the mirror, by the service that the messages use."""
    for position, (code, name, short, parent, kind, takes) in enumerate(DOZEN):
        note_unit(**unit(code, name, short, parent, kind, takes, position) | {"told_on": FOUNDED} | changes)


def unit(code: str, name: str, short: str, parent: str | None, kind: str, takes: bool, position: int) -> dict[str, Any]:
    """The arguments of ``note_unit`` for one unit, but for ``told_on``."""
    return {
        "code": code,
        "name": name,
        "short_name": short,
        "second_name": "",
        "parent": parent,
        "kind": kind,
        "duties": f"{short}的职责一;{short}的职责二",
        "accepts_petitions": takes,
        "position": position,
        "valid_from": FOUNDED,
    }


def tell(peer: Peer, type: str = CHANGED, **changes: Any) -> bytes:
    """The office tells of a unit, the contract's own example but for ``changes``; returns our receipt."""
    data = example(type, 1)["data"] | changes
    return peer.bring(peer.message(stream="directory", type=f"{type}.v1", data=data))


def row(code: str) -> dict[str, Any]:
    """Everything that the mirror holds of a unit."""
    found = Unit.objects.get(code=code)
    fields = Unit.objects.values().get(code=code)
    return fields | {"former": list(found.former_names.values_list("name", "valid_from", "valid_to"))}

"""Demo data of the directory: units and posts from files, about 600 invented people, and the demo logins (11)."""

import csv
import dataclasses
import datetime
import io
from pathlib import Path
from typing import Any

from django.db import transaction

from core.audit import record_audit
from internal_bridge.org.demo.names import invented_names
from internal_bridge.org.enums import Role
from internal_bridge.org.importing.lines import Line, read_lines
from internal_bridge.org.importing.people import COLUMNS, PeopleImport
from internal_bridge.org.importing.posts import PostImport
from internal_bridge.org.importing.units import UnitImport
from internal_bridge.org.models import Appointment, Grant, Person, Unit

__all__ = ["seed_directory"]

DEMO = Path(__file__).parent / "demo"
SEED = 20261014
CITY = "yls"
# When the demo's units, posts and rights begin: long before anybody starts it.
SINCE = datetime.date(2024, 1, 1)
REASON = "演示数据"
HEAD, DEPUTY, HANDLER, LIAISON, EDITOR = "单位负责人", "分管领导", "承办人", "信访联络员", "信息员"
# Posts that the demo needs and the file does not have.
FURTHER_POSTS = [
    ("zfb", "市政府领导", "市领导", "副厅级", "1"),
    ("zfb", "政务公开科", "受理员", "三级主任科员", "1"),
    ("dsjj", "网络安全科", "安全管理员", "三级主任科员", "1"),
    ("jjw", "信息技术保障室", "审计管理员", "三级主任科员", "1"),
    ("zfb", "督查室", "监察员", "三级主任科员", "1"),
]


@dataclasses.dataclass(frozen=True)
class Login:
    """A demo login: who holds which post, and the right that comes with it."""

    username: str
    name: str
    place: tuple[str, str, str]
    role: Role
    unit: str = CITY
    with_descendants: bool = True


# A deputy's grant covers the one unit whose own dispatcher or inspector must not see the case (04, avoidance).
LOGINS = [
    Login("dispatcher", "陈立", ("xfj", "受理科", "受理员"), Role.DISPATCHER),
    Login("dispatcher.zfb", "覃雪梅", ("zfb", "政务公开科", "受理员"), Role.DISPATCHER, "xfj", False),
    Login("inspector", "韦志刚", ("jjw", "行政效能电子监察室", "监察员"), Role.INSPECTOR),
    Login("inspector.zfb", "莫海燕", ("zfb", "督查室", "监察员"), Role.INSPECTOR, "jjw", False),
    Login("sysadmin", "孙磊", ("dsjj", "电子政务科", "系统管理员"), Role.SYSADMIN),
    Login("secadmin", "方圆", ("dsjj", "网络安全科", "安全管理员"), Role.SECADMIN),
    Login("auditor", "区文静", ("jjw", "信息技术保障室", "审计管理员"), Role.AUDITOR),
    Login("leader", "周明远", ("zfb", "市政府领导", "市领导"), Role.LEADER),
    Login("secretary", "林静怡", ("zfb", "秘书科", "秘书"), Role.SECRETARY, "zfb", False),
]


def seed_directory(*, password_hash: str) -> None:
    """Make units, posts, people, demo logins and their grants. Safe to repeat: what is there stays as somebody left it.

    ``password_hash`` is the demo password's, made once for all logins. The portal is told of each new unit.
    """
    units = read_demo("units")
    with transaction.atomic():
        known = set(Unit.objects.values_list("code", flat=True))
        _import(UnitImport([line for line in units if line["code"] not in known], by=None, since=SINCE))
        if CITY in known and Person.objects.filter(staff_number=_number(1)).exists():
            return
        posts = read_demo("posts")
        _import(PostImport(posts, by=None))
        rows = demo_people(posts)
        passwords = {row["username"]: password_hash for row in rows if row["username"]}
        lines = [Line(number, row) for number, row in enumerate(rows, 2)]
        _import(PeopleImport(lines, by=None, passwords=passwords, since=SINCE))
        Grant.objects.bulk_create(_grants())
        record_audit(action="directory.imported", subject="", actor=None, params={"kind": "demo", "people": len(rows)})


def read_demo(kind: str) -> list[Line]:
    """The lines of a demo file; posts with those that only the demo needs."""
    text = (DEMO / f"{kind}.csv").read_text(encoding="utf-8")
    importer = UnitImport if kind == "units" else PostImport
    if kind == "posts":
        buffer = io.StringIO()
        csv.writer(buffer).writerows(FURTHER_POSTS)
        text += buffer.getvalue()
    lines, errors = read_lines(text, importer.columns)
    if errors:
        raise ValueError(f"demo/{kind}.csv: {errors[0]}")
    return lines


def _import(importer: UnitImport | PostImport | PeopleImport) -> None:
    judgement = importer.judge()
    if judgement.errors:
        raise ValueError(f"demo data: {judgement.errors[0]}")
    importer.write()


def demo_people(posts: list[Line]) -> list[dict[str, str]]:
    """Lines of people as an import takes them: one for each post, every fifth liaison also the unit's editor."""
    named = {login.place: login for login in LOGINS}
    units_with_handlers = {post["unit_code"] for post in posts if post["post"] == HANDLER}
    names = iter(invented_names(len(posts), seed=SEED, taken={login.name for login in LOGINS}))
    rows: list[dict[str, str]] = []
    # The demo's own people come first, so that their staff numbers are easy to remember.
    order = sorted(posts, key=lambda post: _place(post) not in named)
    liaisons: dict[str, dict[str, str]] = {}
    # A unit with two posts of this name has its login at the first.
    usernames: set[str] = set()
    number = 0
    for post in order:
        unit, title = post["unit_code"], post["post"]
        earlier = liaisons.get(unit)
        if title == EDITOR and earlier is not None and int(earlier["staff_number"][2:]) % 5 == 0:
            rows.append({**earlier, **_post_cells(post), "main": "false"})
            continue
        login = named.get(_place(post))
        number += 1
        row = _person(number, login.name if login else next(names), post)
        username = login.username if login else _username(post, units_with_handlers)
        row["username"] = "" if username in usernames else username
        usernames.add(username)
        if title == LIAISON:
            liaisons[unit] = row
        rows.append(row)
    return rows


def _username(post: Line, units_with_handlers: set[str]) -> str:
    unit, title = post["unit_code"], post["post"]
    handler = HANDLER if unit in units_with_handlers else LIAISON
    return f"head.{unit}" if title == HEAD else f"handler.{unit}" if title == handler else ""


def _person(number: int, name: str, post: Line) -> dict[str, str]:
    """Numbers that nobody has: 139 0000 and the invented area code 0788."""
    return {
        **dict.fromkeys(COLUMNS, ""),
        **_post_cells(post),
        "staff_number": _number(number),
        "name": name,
        "main": "true",
        "office_phone": f"0788-2{number * 37 % 1_000_000:06d}",
        "mobile": f"139 0000 {number:04d}",
        "place": f"{number % 9 + 1:d}{number % 20 + 1:02d} 室",
    }


def _post_cells(post: Line) -> dict[str, str]:
    return {name: post[name] for name in ("unit_code", "department", "post")} | {"duties": ""}


def _place(post: Line) -> tuple[str, str, str]:
    return post["unit_code"], post["department"], post["post"]


def _number(number: int) -> str:
    return f"YL{number:05d}"


def _grants() -> list[Grant]:
    """Each login's right, which hangs on its post."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    special = {login.username: login for login in LOGINS}
    held = Appointment.objects.filter(person__user__isnull=False, main=True, valid_to=None)
    grants = []
    for appointment in held.select_related("person__user").with_places():
        username: Any = appointment.person.user and appointment.person.user.username
        login = special.get(username)
        role = login.role if login else Role(username.partition(".")[0])
        grants.append(
            Grant(
                person=appointment.person,
                role=role,
                unit=units[login.unit] if login else appointment.post.department.unit,
                with_descendants=login.with_descendants if login else False,
                appointment=appointment,
                valid_from=SINCE,
                reason=REASON,
            )
        )
    return grants

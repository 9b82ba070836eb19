"""What the system administrator does to units, posts, people and rights: the rows of ``matrix.py`` for it."""

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.idempotency import new_key
from internal_bridge.org.querysets import today
from tests.isolation.actors import SYSADMINS
from tests.isolation.rows import Parts, Row
from tests.isolation.world import World


def typed(**fields: Any) -> Parts:
    """A filled in form; what can be called is asked for its value in the world."""
    return lambda world: {
        "idempotency_key": new_key(),
        **{name: value(world) if callable(value) else value for name, value in fields.items()},
    }


def spare_unit(world: World) -> dict[str, Any]:
    return {"code": world.spare.code}


def officer(world: World) -> dict[str, Any]:
    return {"uid": world.officer_a.uid}


def csv_file(world: World) -> SimpleUploadedFile:
    return SimpleUploadedFile("units.csv", b"code,name,short_name,parent,kind,duties,accepts_petitions\n")


PAGE = Row(SYSADMINS)
ACT = Row(SYSADMINS, post=303)
UNIT = replace(ACT, at=spare_unit, missing=lambda world: {"code": "nowhere"})
DEPARTMENT = replace(ACT, at=lambda world: {"department_id": world.department.pk})
POST = replace(ACT, at=lambda world: {"post_id": world.post.pk})
PERSON = replace(ACT, at=officer)
ENTRY = {"name": "某某", "short_name": "某", "kind": "institution", "duties": "某事", "position": 1}
PLACE = {"name": "某处", "headcount": 1, "position": 1}
IMPORT = {"at": lambda world: {"uid": world.run.uid}}

ROWS: dict[str, Row] = {
    "org:administration": replace(PAGE, get=302),
    "org:admin_units": replace(PAGE, many=True, queries=("q=unit", "state=all", "state=closed")),
    "org:admin_unit": replace(UNIT, post=405),
    "org:admin_unit_new": replace(ACT, body=typed(**ENTRY, code="brand-new", parent="over")),
    "org:admin_unit_change": replace(UNIT, body=typed(**ENTRY, version=1)),
    "org:admin_unit_rename": replace(UNIT, body=typed(name="新名", short_name="新", version=1)),
    "org:admin_unit_move": replace(UNIT, body=typed(parent="unit-b", version=1)),
    "org:admin_unit_merge": replace(UNIT, body=typed(into="unit-b", version=1)),
    "org:admin_unit_close": replace(UNIT, body=typed(valid_to=today(), version=1)),
    "org:admin_department_new": replace(UNIT, body=typed(**PLACE)),
    "org:admin_department_change": replace(DEPARTMENT, body=typed(**PLACE)),
    "org:admin_department_close": replace(DEPARTMENT, body=typed()),
    "org:admin_post_new": replace(DEPARTMENT, body=typed(**PLACE)),
    "org:admin_post_change": replace(POST, body=typed(**PLACE)),
    "org:admin_post_close": replace(POST, body=typed()),
    "org:admin_people": replace(PAGE, many=True, queries=("q=1111", "unit=unit-a", "state=all")),
    "org:admin_person_new": replace(ACT, body=typed(staff_number="N1", name="新人")),
    "org:admin_person": replace(PERSON, post=405),
    "org:admin_person_change": replace(PERSON, body=typed(staff_number="N2", name="改名", version=1)),
    # The unit is chosen first.
    "org:admin_person_appoint": replace(PERSON, post=200, body=typed()),
    "org:admin_person_leave": replace(PERSON, body=typed(version=1)),
    # The password is shown once, in the answer itself.
    "org:admin_person_login": replace(
        PERSON, post=200, at=lambda world: {"uid": world.unlisted.uid}, body=typed(username="bingmou")
    ),
    "org:admin_person_password": replace(PERSON, post=200, body=typed()),
    "org:admin_appointment_end": replace(
        ACT, at=lambda world: {"appointment_id": world.appointment.pk}, body=typed(valid_to=today())
    ),
    "org:admin_appointment_restore": replace(ACT, at=lambda world: {"appointment_id": world.old_appointment.pk}, body=typed()),
    "org:admin_grants": replace(PAGE, many=True, queries=("q=officer", "role=handler", "unit=unit-a", "state=all")),
    "org:admin_grant_give": replace(PERSON, body=typed(role="handler", unit="unit-b", reason="需要")),
    "org:admin_grant_end": replace(ACT, at=lambda world: {"uid": world.right.uid}, body=typed()),
    "org:admin_grant_restore": replace(ACT, at=lambda world: {"uid": world.old_right.uid}, body=typed()),
    "org:admin_imports": replace(ACT, many=True, body=typed(kind="units", mode="all_or_nothing", file=csv_file)),
    "org:import": replace(PAGE, **IMPORT),
    "org:import_apply": replace(ACT, get=302, **IMPORT, body=typed(mode="all_or_nothing")),
    "org:import_template": replace(PAGE, at=lambda world: {"kind": "people"}, missing=lambda world: {"kind": "nothing"}),
    "org:export": replace(PAGE, at=lambda world: {"kind": "people"}, missing=lambda world: {"kind": "nothing"}),
}

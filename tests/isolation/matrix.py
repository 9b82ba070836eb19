"""What each may do at each address of the office. An address without a row, or a row without address, fails the tests.

A row says who ``may``, what those get for GET and for POST with a good form (405: not taken), and what ``others`` get who have
logged in: 403 where the place itself is refused, 404 where they may not know that the thing is there. Strangers are sent to
the login, programs get 401. ``at`` names the object of unit A that the address is about, ``missing`` one that is not there.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.idempotency import new_key
from tests.isolation.actors import (
    ANYBODY,
    AUDITORS,
    OF_CASE_A,
    OFFICIALS,
    OPERATORS,
    SECADMINS,
    SYSADMINS,
    Actors,
)
from tests.isolation.world import PASSWORD, World

Parts = Callable[[World], dict[str, Any]]
NEW_PASSWORD = "quiet-lantern-47-harbour"  # nosec B105


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One address."""

    may: Actors
    get: int = 200
    post: int = 405
    others: int = 403
    at: Parts = nothing
    missing: Parts | None = None
    body: Parts = nothing
    # Queries with which a list, a search or an export is asked as well.
    queries: tuple[str, ...] = ()
    # A program's address: asked with a session and with a token.
    api: bool = False
    # A list that is held to a number of queries that does not grow.
    many: bool = False

    def expected(self, actor: str, method: str) -> int:
        """The status that ``actor`` gets."""
        status = self.get if method == "get" else self.post
        if actor in self.may:
            return status
        if actor == "anonymous":
            return 401 if self.api else 302
        # An API asks who calls before it looks at the method, a page the other way round.
        return 405 if status == 405 and not self.api else self.others

    def absent(self, world: World) -> dict[str, Any]:
        """The parts of an address of the same form about something that is not there."""
        if self.missing:
            return self.missing(world)
        strange = {int: 1_000_000_007, uuid.UUID: uuid.UUID(int=0)}
        return {name: strange.get(type(value), value) for name, value in self.at(world).items()}

    def is_listed(self) -> bool:
        """Whether it is a list, or a file or page that answers queries."""
        return self.many or bool(self.queries)

    def is_about_one(self) -> bool:
        """Whether the address names an object of unit A."""
        return self.at is not nothing and "anonymous" not in self.may


def reason(world: World) -> dict[str, Any]:
    return {"reason": "原因已查明", "idempotency_key": new_key()}


def with_(**given: Any) -> Parts:
    return lambda world: {**reason(world), **{name: part(world) if callable(part) else part for name, part in given.items()}}


def case_a(world: World) -> dict[str, Any]:
    return {"number": world.cases["a"].number}


def no_case(world: World) -> dict[str, Any]:
    return {"number": "20260101-000000-0"}


def file_a(world: World) -> dict[str, Any]:
    return {**case_a(world), "attachment_id": world.cases["a"].attachments.get().pk}


def file_in_other_case(world: World) -> dict[str, Any]:
    return {"number": world.cases["b"].number, "attachment_id": world.cases["a"].attachments.get().pk}


def answer(world: World) -> dict[str, Any]:
    return {"text": "您反映的问题已经办理完毕。", "version": world.cases["a"].version, "idempotency_key": new_key()}


def own_password(world: World) -> dict[str, Any]:
    return {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


EVERYWHERE = {
    "healthz": Row(ANYBODY, post=200),
    # No broker and no worker in a test.
    "readyz": Row(ANYBODY, get=503, post=503),
    # Who calls from this machine.
    "metrics": Row(ANYBODY),
    "schema": Row(ANYBODY),
    "set_language": Row(ANYBODY, get=302, post=302),
    "api/<path:rest>": Row(ANYBODY, get=404, post=404, at=lambda world: {"rest": "v1/nothing/"}),
}

ACCOUNT = {
    # Whoever is in already is sent on.
    "account_login": Row(
        frozenset({"anonymous"}), post=302, others=302, body=lambda world: {"login": "officer.a", "password": PASSWORD}
    ),
    "auth_token": Row(ANYBODY, get=405, post=200, api=True, body=lambda world: {"username": "officer.a", "password": PASSWORD}),
    "account_logout": Row(OFFICIALS, post=302),
    "account_change_password": Row(OFFICIALS, post=302, body=own_password),
    "account_sessions": Row(OFFICIALS, many=True),
    "account_end_other_sessions": Row(OFFICIALS, get=405, post=303),
    # Another's: answered as if it had ended already; ``test_secrets`` sees that it has not.
    "account_end_session": Row(OFFICIALS, get=405, post=303, at=lambda world: {"session_id": world.session.pk}),
    "account_end_token": Row(OFFICIALS, get=405, post=303, at=lambda world: {"token_id": world.token.pk}),
}

CASES = {
    "desk:home": Row(OFFICIALS, many=True),
    "casework:list": Row(
        OFFICIALS,
        many=True,
        queries=("state=registered", "before=9999999999999999-1", "after=0-0", "ordering=title", "q=甲地"),
    ),
    "casework:detail": Row(OF_CASE_A, others=404, at=case_a, missing=no_case),
    "casework:answer": Row(OF_CASE_A, get=302, post=303, others=404, at=case_a, missing=no_case, body=answer),
    "casework:attachment": Row(OF_CASE_A, others=404, at=file_a, missing=file_in_other_case),
}

DIRECTORY = {
    "org:directory": Row(
        OFFICIALS,
        many=True,
        queries=(
            "view=all", "view=several", "unit=unit-a", "unit=over&below=1", "q=13900001111", "q=1111", "view=all&sort=mobile",
        ),
    ),
    "org:export_cards": Row(OFFICIALS, many=True, queries=("view=all", "unit=unit-a", "unit=over&below=1", "q=1111")),
    "org:person": Row(OFFICIALS, at=lambda world: {"uid": world.officer_a.uid}),
    # Another's post: nobody acts under it.
    "org:choose_post": Row(
        OFFICIALS, get=302, post=404, body=lambda world: {"appointment": world.officer_a.appointments.get().pk}
    ),
    "org:unit": Row(OFFICIALS, at=lambda world: {"code": "unit-a"}, missing=lambda world: {"code": "nowhere"}),
}  # fmt: skip

BRIDGE = {
    "exchange_status": Row(OPERATORS, api=True),
    "exchange:bridge": Row(OPERATORS, many=True),
    "exchange:message": Row(OPERATORS, at=lambda world: {"message_id": world.message.pk}),
    "exchange:clear": Row(
        OPERATORS, get=302, post=303, at=lambda world: {"alarm_id": world.alarm.pk}, body=reason
    ),
}  # fmt: skip
RELEASE = Row(OPERATORS, get=302, post=303, at=lambda world: {"message_id": world.message.pk}, body=with_(seen=0))
DECISION = replace(
    RELEASE, at=lambda world: {"message_id": world.release.message_id, "release_id": world.release.pk}, body=reason
)
BRIDGE |= {"exchange:retry": RELEASE, "exchange:skip": RELEASE, "exchange:confirm": DECISION, "exchange:decline": DECISION}

KEY: dict[str, Any] = {
    "at": lambda world: {"kid": world.key.kid},
    "missing": lambda world: {"kid": "no-such-key"},
    "body": with_(typed_kid=lambda world: world.key.kid),
}
SECURITY_ADMINISTRATION = {
    "exchange:keys": Row(SECADMINS),
    "exchange:rotate_keys": Row(SECADMINS, get=302, post=303, body=reason),
    "exchange:revoke_key": Row(SECADMINS, get=302, post=303, **KEY),
    "security:sessions": Row(SECADMINS, many=True, queries=("q=officer", "page=2")),
    "security:lockouts": Row(SECADMINS, many=True),
    "security:tokens": Row(SECADMINS, many=True, queries=("q=officer",)),
}
ACT = Row(SECADMINS, get=302, post=303, body=reason)
SECURITY_ADMINISTRATION |= {
    "security:end_session": replace(ACT, at=lambda world: {"session_id": world.session.pk}),
    "security:end_all": replace(ACT, at=lambda world: {"uid": world.session.user.uid, "session_id": world.session.pk}),
    "security:release": replace(ACT, at=lambda world: {"lockout_id": world.lockout.pk}),
    "security:revoke": replace(ACT, at=lambda world: {"token_id": world.token.pk}),
}

AUDIT_ADMINISTRATION = {
    "auditing:list": Row(AUDITORS, many=True, queries=("who=officer.a", "address=198.51.100.99", "group=directory")),
    "auditing:export": Row(AUDITORS, queries=("who=officer.a",)),
    "auditing:record": Row(AUDITORS, at=lambda world: {"uid": world.record.uid}),
}


def appointment_a(world: World) -> Any:
    return world.officer_a.appointments.get()


def uploaded(world: World) -> Any:
    return SimpleUploadedFile("units.csv", b"code,name,short_name,parent,kind,duties,accepts_petitions\n")


def act(post: int = 303, at: Parts = nothing, missing: Parts | None = None, **given: Any) -> Row:
    """A page with a form, of the system administrator; ``given`` fills the form in."""
    return Row(SYSADMINS, post=post, at=at, missing=missing, body=with_(**given))


NOWHERE: Parts = lambda world: {"code": "nowhere"}  # noqa: E731
UNIT: dict[str, Any] = {"at": lambda world: {"code": "unit-a"}, "missing": NOWHERE, "version": lambda world: world.a.version}
DEPARTMENT: Parts = lambda world: {"department_id": appointment_a(world).post.department_id}  # noqa: E731
POST: Parts = lambda world: {"post_id": appointment_a(world).post_id}  # noqa: E731
PERSON: Parts = lambda world: {"uid": world.officer_a.uid}  # noqa: E731
APPOINTMENT: Parts = lambda world: {"appointment_id": appointment_a(world).pk}  # noqa: E731
RIGHT: Parts = lambda world: {"uid": world.right.uid}  # noqa: E731
RUN: Parts = lambda world: {"uid": world.run.uid}  # noqa: E731
SHEET: dict[str, Any] = {"at": lambda world: {"kind": "people"}, "missing": lambda world: {"kind": "nothing"}}
UNIT_FIELDS = {"short_name": "甲局", "kind": "institution", "position": 1}
PERSON_FIELDS = {"staff_number": "N1", "name": "新人"}
FILTERS = ("q=officer", "q=甲", "q=13900001111", "state=all", "unit=unit-a")

SYSTEM_ADMINISTRATION = {
    "org:administration": Row(SYSADMINS, get=302),
    "org:admin_units": Row(SYSADMINS, many=True, queries=FILTERS),
    "org:admin_unit": Row(SYSADMINS, at=UNIT["at"], missing=NOWHERE),
    "org:admin_unit_new": act(code="unit-c", name="丙局", parent="over", **UNIT_FIELDS),
    "org:admin_unit_change": act(**UNIT, **UNIT_FIELDS),
    "org:admin_unit_rename": act(**UNIT, name="新甲局", short_name="新甲"),
    "org:admin_unit_move": act(**UNIT, parent="unit-b"),
    "org:admin_unit_merge": act(**{**UNIT, "version": lambda world: world.b.version}, into="unit-b"),
    # People still hold posts there.
    "org:admin_unit_close": act(409, **UNIT, valid_to="2030-01-01"),
    "org:admin_department_new": act(at=UNIT["at"], missing=NOWHERE, name="新科", position=1),
    "org:admin_department_change": act(at=DEPARTMENT, name="改名科", position=1),
    "org:admin_department_close": act(409, at=DEPARTMENT),
    "org:admin_post_new": act(at=DEPARTMENT, name="新岗", headcount=1, position=1),
    "org:admin_post_change": act(at=POST, name="改名岗", headcount=1, position=1),
    "org:admin_post_close": act(409, at=POST),
    "org:admin_people": Row(SYSADMINS, many=True, queries=FILTERS),
    "org:admin_person": Row(SYSADMINS, at=PERSON),
    "org:admin_person_new": act(**PERSON_FIELDS),
    "org:admin_person_change": act(at=PERSON, version=lambda world: world.officer_a.version, **PERSON_FIELDS),
    # Without ``?unit=`` it asks for the unit first.
    "org:admin_person_appoint": act(200, at=PERSON),
    "org:admin_person_leave": act(at=PERSON, version=lambda world: world.officer_a.version),
    "org:admin_person_login": act(409, at=PERSON, username="second"),
    "org:admin_person_password": act(200, at=PERSON),
    "org:admin_appointment_end": act(at=APPOINTMENT),
    # It has not ended.
    "org:admin_appointment_restore": act(400, at=APPOINTMENT),
    "org:admin_grants": Row(SYSADMINS, many=True, queries=(*FILTERS, "role=handler")),
    "org:admin_grant_give": act(at=PERSON, role="head", unit="unit-a"),
    "org:admin_grant_end": act(at=RIGHT),
    "org:admin_grant_restore": act(at=RIGHT),
    "org:admin_imports": Row(SYSADMINS, post=303, many=True, body=with_(kind="units", mode="all_or_nothing", file=uploaded)),
    "org:import": Row(SYSADMINS, at=RUN),
    "org:import_apply": Row(SYSADMINS, get=302, post=303, at=RUN, body=with_(mode="all_or_nothing")),
    "org:import_template": Row(SYSADMINS, **SHEET),
    "org:export": Row(SYSADMINS, **SHEET),
}

ROWS: dict[str, Row] = {
    **SYSTEM_ADMINISTRATION,
    **EVERYWHERE,
    **ACCOUNT,
    **CASES,
    **DIRECTORY,
    **BRIDGE,
    **SECURITY_ADMINISTRATION,
    **AUDIT_ADMINISTRATION,
}

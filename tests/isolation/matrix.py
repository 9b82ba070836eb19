"""What each may do at each address of the office. An address without a row, or a row without address, fails the tests."""

from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from tests.isolation import (
    calendar_rows,
    case_rows,
    casework_rows,
    policy_rows,
    queue_rows,
    routing_rows,
    system_rows,
    work_rows,
)
from tests.isolation.actors import (
    ANYBODY,
    AUDITORS,
    DISPATCHERS_OF_CASE_A,
    OF_CASE_A,
    OFFICIALS,
    OPERATORS,
    PROPOSERS,
    SECADMINS,
    holders,
)
from tests.isolation.rows import Parts, Row
from tests.isolation.world import PASSWORD, World

NEW_PASSWORD = "quiet-lantern-47-harbour"  # nosec B105


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


def accept_a(world: World) -> dict[str, Any]:
    return {**case_a(world), "action": "accept"}


def accept_nothing(world: World) -> dict[str, Any]:
    return {**no_case(world), "action": "accept"}


def stamp(world: World) -> dict[str, Any]:
    return {"version": world.cases["a"].version, "idempotency_key": new_key()}


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
    "casework:action": Row(
        DISPATCHERS_OF_CASE_A,
        post=303,
        others=404,
        know=frozenset({"inspector@a"}),
        at=accept_a,
        missing=accept_nothing,
        body=stamp,
    ),
    "casework:print": Row(OF_CASE_A, others=404, at=case_a, missing=no_case),
    # Nobody has answered it yet.
    "casework:print_reply": Row(OF_CASE_A, get=404, others=404, at=case_a, missing=no_case),
    # Taken down for whoever calls: about no case that there is.
    "casework:new": Row(holders("dispatcher"), post=201, body=with_(**case_rows.CALL)),
    # Whose text it is is not asked: it comes from whoever calls and is not kept.
    "redaction_propose": Row(PROPOSERS, get=405, post=200, api=True, body=lambda world: {"text": "我叫覃晓明"}),
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
        OFFICIALS, get=302, post=404, body=lambda world: {"appointment": world.appointment.pk}
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


ROWS: dict[str, Row] = {
    **EVERYWHERE,
    **ACCOUNT,
    **CASES,
    **DIRECTORY,
    **BRIDGE,
    **SECURITY_ADMINISTRATION,
    **AUDIT_ADMINISTRATION,
    **case_rows.ROWS,
    **system_rows.ROWS,
    **casework_rows.ROWS,
    **work_rows.ROWS,
    **queue_rows.ROWS,
    **routing_rows.ROWS,
    **policy_rows.ROWS,
    **calendar_rows.ROWS,
}

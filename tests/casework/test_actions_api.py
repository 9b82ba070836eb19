"""The actions of 11 by program: each once by who may, and every refusal in its order: 404, 403, 409, 400."""

import pytest
from django.test import Client
from django.utils import timezone

from core.events import events_of
from internal_bridge.casework.enums import Action, Actor, CaseState
from internal_bridge.casework.life.table import ROWS
from internal_bridge.casework.models import Case
from tests.casework.office import ASSISTING, LEAD, OTHER, REPLY
from tests.casework.programs import PATH, Program

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

HANDLER, HEAD = f"handler.{LEAD}", f"head.{LEAD}"
KEY = "a-key-of-the-caller-012345"
S = CaseState
REASON = {"reason": "情况有变，需要说明。"}
TEXT = {"text": "情况已经核实。"}
MORE_TIME = {"days": 3, "reason": "需要检测。"}
WAIT = {"reason": "expert_opinion", "text": "等待检测报告。"}

# action, who, from, what is done before it, its fields, to
ONCE = [
    ("accept", "dispatcher", S.REGISTERED, [], {"complexity": "investigation", "urgent": False}, S.ACCEPTED),
    ("reclassify", "dispatcher", S.IN_PROGRESS, [], {"urgent": True, **REASON}, S.IN_PROGRESS),
    ("refuse", "dispatcher", S.REGISTERED, [], {"reason": "unclear", "text": "看不出您要求什么。"}, S.REFUSED),
    ("redirect", "dispatcher", S.REGISTERED, [], {"text": "请向法院起诉。", "unit_code": OTHER}, S.REDIRECTED),
    ("dispatch", "dispatcher", S.ACCEPTED, [], {"lead_unit": LEAD, "assisting_units": [ASSISTING]}, S.DISPATCHED),
    ("sign", HANDLER, S.DISPATCHED, [], {}, S.IN_PROGRESS),
    ("return", HEAD, S.DISPATCHED, [], REASON, S.RETURNING),
    ("agree_return", "dispatcher", S.RETURNING, [], {}, S.ACCEPTED),
    ("decline_return", "dispatcher", S.RETURNING, [], TEXT, S.DISPATCHED),
    ("request_extension", HANDLER, S.IN_PROGRESS, [], MORE_TIME, S.IN_PROGRESS),
    ("grant_extension", HEAD, S.IN_PROGRESS, [(HANDLER, "request_extension", MORE_TIME)], {}, S.IN_PROGRESS),
    ("refuse_extension", HEAD, S.IN_PROGRESS, [(HANDLER, "request_extension", MORE_TIME)], TEXT, S.IN_PROGRESS),
    ("ask_petitioner", HANDLER, S.IN_PROGRESS, [], {"text": "施工在哪一栋楼旁？"}, S.IN_PROGRESS),
    ("give_opinion", f"head.{ASSISTING}", S.IN_PROGRESS, [(f"handler.{ASSISTING}", "sign", {})], TEXT, S.IN_PROGRESS),
    ("pause", HANDLER, S.IN_PROGRESS, [], WAIT, S.IN_PROGRESS),
    ("resume", HANDLER, S.IN_PROGRESS, [(HANDLER, "pause", WAIT)], {}, S.IN_PROGRESS),
    ("draft_reply", HANDLER, S.IN_PROGRESS, [], {"text": REPLY, "public_text": REPLY}, S.DRAFTED),
    ("approve", HEAD, S.DRAFTED, [], {"opinion": "同意。"}, S.CHECKING),
    ("reject", HEAD, S.DRAFTED, [], {"opinion": "请写清楚。"}, S.IN_PROGRESS),
    ("publish", "dispatcher", S.CHECKING, [], {"public_text": REPLY, "public_title": "夜间施工"}, S.ANSWERED),
    ("answer_privately", "dispatcher", S.CHECKING, [], {}, S.ANSWERED),
    ("send_back", "dispatcher", S.CHECKING, [], REASON, S.IN_PROGRESS),
    ("agree_withdrawal", "dispatcher", S.IN_PROGRESS, ["withdrawal"], {}, S.WITHDRAWN),
    ("decline_withdrawal", "dispatcher", S.IN_PROGRESS, ["withdrawal"], TEXT, S.IN_PROGRESS),
    ("revise_publication", "dispatcher", S.ANSWERED, [], {"public_text": REPLY + "特此更正。", **REASON}, S.ANSWERED),
    ("withdraw_publication", "dispatcher", S.CLOSED, [], REASON, S.CLOSED),
    ("rehandle", "dispatcher", S.ANSWERED, [], REASON, S.IN_PROGRESS),
    ("answer_request", "dispatcher", S.ANSWERED, ["review"], TEXT, S.ANSWERED),
    ("close", "dispatcher", S.ANSWERED, [], {}, S.CLOSED),
]


def prepared(town, peer, state, before=()):
    case = town.bring(town.register(peer), state, assisting=True)
    for step in before:
        if step == "withdrawal":
            Case.objects.filter(pk=case.pk).update(withdrawal_asked_at=timezone.now())
        elif step == "review":
            Case.objects.filter(pk=case.pk).update(review_asked_at=timezone.now())
        else:
            case = town.do(step[0], step[1], case, **step[2])
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(("action", "who", "state", "before", "fields", "to"), ONCE, ids=[row[0] for row in ONCE])
def test_each_action_is_listed_done_and_answered(peer, town, action, who, state, before, fields, to):
    case, program = prepared(town, peer, state, before), Program(town[who])
    listed = {offer["name"]: offer["fields"] for offer in program.get(f"{case.number}/").json()["actions"]}

    response = program.act(case, action, **fields)

    assert {field["name"] for field in listed[action]} >= set(fields)
    assert response.status_code == 200, response.json()
    answer = response.json()
    assert (answer["state"], answer["version"]) == (to, case.version + 1)
    after = program.get(f"{case.number}/").json()
    assert (after["state"], after["version"], after["actions"]) == (to, case.version + 1, answer["actions"])


def test_every_action_of_the_table_that_a_person_takes_is_in_the_list_above():
    # ``recall`` has a test of its own: it takes back what a rule has done.
    assert {row[0] for row in ONCE} == set(Action.values) - {"auto_dispatch", "recall"}


def test_a_case_that_a_rule_dispatched_is_recalled(peer, town):
    case = town.register(peer, kind="consultation", unit_code=LEAD)
    assert case.state == S.DISPATCHED

    response = Program(town["dispatcher"]).act(case, "recall", **REASON)

    assert response.json()["state"] == "accepted"


def test_the_fields_of_an_action_tell_a_program_what_to_ask_for(peer, town):
    case = town.register(peer)
    listed = {offer["name"]: offer for offer in Program(town["dispatcher"]).get(f"{case.number}/").json()["actions"]}

    assert listed["accept"]["label"] == "受理"
    reason, text = listed["refuse"]["fields"]
    assert (reason["name"], reason["type"], reason["required"]) == ("reason", "choice", True)
    assert "unclear" in [choice["value"] for choice in reason["choices"]]
    assert (text["type"], text["choices"], text["min_length"], text["max_length"]) == ("text", None, 2, 2000)


# --- Refusals -------------------------------------------------------------------------------------------------------------


def test_without_credentials_nobody_learns_anything(peer, town):
    case = town.register(peer)
    path = f"{PATH}{case.number}/actions/accept/"

    for client in (Client(), Client(headers={"authorization": "Bearer zq_wrong"})):
        assert client.post(path, {"version": 1}, content_type="application/json").status_code == 401
    assert Case.objects.get(pk=case.pk).state == S.REGISTERED


def test_whoever_never_takes_an_action_is_refused_before_all_else(peer, town):
    case = prepared(town, peer, S.IN_PROGRESS)
    actors = {
        "inspector": None,
        "dispatcher": Actor.DISPATCHER,
        HANDLER: Actor.HANDLER,
        HEAD: Actor.HEAD,
        f"handler.{ASSISTING}": Actor.ASSISTING_HANDLER,
        f"head.{ASSISTING}": Actor.ASSISTING_HEAD,
    }

    for who, actor in actors.items():
        program = Program(town[who])
        for row in ROWS:
            if actor not in row.by:
                # Stale, wrong in everything: still it is the person that is wrong.
                response = program.post(f"{case.number}/actions/{row.action}/", {"version": "x", "y": 1}, key="short")
                assert response.status_code == 403, (who, row.action)
    assert Case.objects.get(pk=case.pk).version == case.version


def test_an_unknown_action_is_not_there_and_a_wrong_verb_is_told(peer, town):
    case, program = town.register(peer), Program(town["dispatcher"])

    assert program.act(case, "vanish").status_code == 404
    path = f"{PATH}{case.number}/actions/accept/"
    assert [getattr(program.client, verb)(path).status_code for verb in ("get", "put", "patch", "delete")] == [405] * 4


CONFLICTS = {
    S.REGISTERED: [
        ("dispatcher", "accept", {"version": 99}, "已有变动"),
        ("dispatcher", "refuse", {"version": 99}, "已有变动"),
        ("dispatcher", "agree_withdrawal", {}, "没有申请撤回"),
    ],
    S.IN_PROGRESS: [
        ("dispatcher", "accept", {}, "目前的状态"),
        ("dispatcher", "accept", {"version": "x", "unknown": 1}, "目前的状态"),
        (HANDLER, "resume", {}, "没有暂停"),
        (HEAD, "grant_extension", {"text": 5}, "没有"),
        (HEAD, "approve", {"opinion": ""}, "目前的状态"),
    ],
    S.DISPATCHED: [("dispatcher", "recall", {}, "规则"), (HANDLER, "draft_reply", {}, "目前的状态")],
}


@pytest.mark.parametrize("state", CONFLICTS)
def test_a_conflict_says_why_and_comes_before_bad_fields(peer, town, state):
    case = prepared(town, peer, state)

    for who, action, body, says in CONFLICTS[state]:
        response = Program(town[who]).act(case, action, **body)
        assert response.status_code == 409, (action, response.json())
        assert response.headers["Content-Type"] == "application/problem+json"
        assert says in response.json()["detail"]
    assert Case.objects.get(pk=case.pk).version == case.version


BAD = {
    (S.REGISTERED, "dispatcher"): [
        ("accept", {"colour": "red"}, "colour"),
        ("accept", {"version": None}, "version"),
        ("accept", {"version": "1"}, "version"),
        ("accept", {"version": True}, "version"),
        ("accept", {"urgent": "true"}, "urgent"),
        ("accept", {"complexity": "hard"}, "complexity"),
        ("accept", {"complexity": ["simple"]}, "complexity"),
        ("refuse", {"reason": "no", "text": "看不懂。"}, "reason"),
        ("refuse", {"reason": "unclear"}, "text"),
        ("refuse", {"reason": "unclear", "text": "长" * 2001}, "text"),
        ("refuse", {"reason": "unclear", "text": "a\u0000b"}, "text"),
        ("refuse", {"reason": "unclear", "text": None}, "text"),
        ("reclassify", REASON, "non_field_errors"),
        ("redirect", {**TEXT, "unit_code": "nowhere"}, "unit_code"),
    ],
    (S.ACCEPTED, "dispatcher"): [
        ("dispatch", {"lead_unit": LEAD, "assisting_units": OTHER}, "assisting_units"),
        ("dispatch", {"lead_unit": LEAD, "assisting_units": [1]}, "assisting_units"),
        ("dispatch", {"lead_unit": LEAD, "assisting_units": [LEAD]}, "assisting_units"),
        ("dispatch", {}, "lead_unit"),
    ],
    (S.IN_PROGRESS, HANDLER): [
        ("request_extension", {"days": 2.5, **REASON}, "days"),
        ("request_extension", {"days": 0, **REASON}, "days"),
        ("request_extension", {"days": 10**400, **REASON}, "days"),
    ],
}


@pytest.mark.parametrize(("state", "who"), BAD)
def test_a_bad_field_is_named_and_nothing_is_done(peer, town, state, who):
    case, program = prepared(town, peer, state), Program(town[who])

    for action, body, field in BAD[state, who]:
        response = program.act(case, action, **body)
        assert (response.status_code, list(response.json()["errors"])) == (400, [field]), body
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_body_that_is_no_object_is_refused(peer, town):
    case, program = town.register(peer), Program(town["dispatcher"])

    for body in ("[]", "null", '"text"', "{", "", '{"version": 1e400}', '{"version": NaN}', '{"version": 1'):
        response = program.client.post(f"{PATH}{case.number}/actions/accept/", body, content_type="application/json")
        assert response.status_code == 400, body


# --- Repeats --------------------------------------------------------------------------------------------------------------


def test_a_repeat_with_the_same_key_gets_the_same_answer_and_does_nothing(peer, town):
    case, program = town.register(peer), Program(town["dispatcher"])
    first = program.act(case, "accept", key=KEY)
    town.do("dispatcher", "dispatch", case, lead_unit=LEAD)

    second = program.act(case, "accept", key=KEY)

    assert (second.status_code, second.json()) == (200, first.json())
    assert events_of(case.subject).filter(name="accepted").count() == 1
    # Another body, a good one or not, is another wish.
    assert program.act(case, "accept", key=KEY, urgent=True).status_code == 409
    assert program.act(case, "accept", key=KEY, colour=1).status_code == 409


def test_a_refused_try_does_not_use_up_its_key(peer, town):
    case, program = town.register(peer), Program(town["dispatcher"])

    assert program.act(case, "refuse", key=KEY).status_code == 400
    assert program.act(case, "refuse", key=KEY, reason="unclear", text="看不懂。").status_code == 200


def test_a_malformed_key_is_told_after_conflicts(peer, town):
    case, program = town.register(peer), Program(town["dispatcher"])

    for key in ("short", "k" * 129, "é" * 22, "k" * 21 + " k"):
        bad, stale = program.act(case, "accept", key=key), program.act(case, "accept", key=key, version=99)
        assert (bad.status_code, list(bad.json()["errors"])) == (400, ["Idempotency-Key"])
        assert stale.status_code == 409
    assert Case.objects.get(pk=case.pk).state == S.REGISTERED


def test_the_same_key_of_another_person_is_another_key(peer, town):
    case = prepared(town, peer, S.DISPATCHED)

    assert Program(town[HANDLER]).act(case, "sign", key=KEY).status_code == 200
    assert Program(town[HEAD]).act(case, "sign", key=KEY).status_code == 409

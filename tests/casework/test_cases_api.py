"""Cases by program: the list, a case whole, its files; who sees what, and how much of whom."""

import asyncio
import copy
import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.events import events_of
from core.identifiers import uuid7
from core.models import AuditRecord, User
from core.workdays import local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case, CaseEntry
from tests.casework.cases import make_case, make_person
from tests.casework.files import make_file
from tests.casework.office import ASSISTING, LEAD, OTHER
from tests.casework.programs import PATH, Program

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def program(dispatcher: User) -> Program:
    return Program(dispatcher)


def numbers(response):
    assert response.status_code == 200, response.json()
    return [row["number"] for row in response.json()["results"]]


def case_with_unit():
    return Case.objects.exclude(lead_unit=None)[0]


def whole(response):
    async def read():
        return b"".join([chunk async for chunk in response.streaming_content])

    return asyncio.run(read())


# --- The list -------------------------------------------------------------------------------------------------------------


def test_a_row_says_what_a_queue_shows(program):
    case = make_case(state=CaseState.IN_PROGRESS)
    today = local_date(timezone.now())
    Case.objects.filter(pk=case.pk).update(due_on=today - datetime.timedelta(days=1), expedited=True)

    answer = program.get().json()

    assert {name: answer[name] for name in ("count", "next", "previous")} == {"count": 1, "next": None, "previous": None}
    row = answer["results"][0]
    assert row == {
        "number": case.number,
        "register_number": case.register_label,
        "kind": "complaint",
        "complexity": "simple",
        "urgent": True,
        "title": case.title,
        "state": "in_progress",
        "lead_unit": {"code": case.lead_unit.code, "name": case.lead_unit.name},
        "due": (today - datetime.timedelta(days=1)).isoformat(),
        "light": "red",
        "paused": False,
        "received_at": row["received_at"],
        "answered_at": None,
        "version": case.version,
    }
    assert datetime.datetime.fromisoformat(row["received_at"]) == case.received_at


@pytest.mark.db
def test_the_list_is_narrowed_and_ordered(program):
    today = local_date(timezone.now())
    day = datetime.timedelta(days=1)
    made = {}
    for age, (name, state, due) in enumerate(
        [
            ("late", CaseState.IN_PROGRESS, today - day),
            ("due", CaseState.DISPATCHED, today),
            ("new", CaseState.REGISTERED, today + day),
            ("done", CaseState.ANSWERED, today - 5 * day),
            ("free", CaseState.ACCEPTED, None),
        ]
    ):
        case = make_case(state=state, title=f"路灯{name}", received_at=timezone.now() - age * day)
        Case.objects.filter(pk=case.pk).update(due_on=due, kind="help" if name == "new" else "complaint")
        made[case.number] = name

    def found(**query):
        return [made[number] for number in numbers(program.get(**query))]

    assert found() == ["late", "due", "new", "done", "free"]
    assert found(ordering="received_at") == ["free", "done", "new", "due", "late"]
    assert found(ordering="due") == ["done", "late", "due", "new", "free"]
    assert found(ordering="-due") == ["new", "due", "late", "done", "free"]
    assert found(state="accepted") == ["free"]
    assert found(kind="help") == ["new"]
    assert found(unit=case_with_unit().lead_unit.code) == ["late", "due", "done"]
    assert found(overdue="true") == ["late"]
    assert found(overdue="false") == ["due", "new", "done", "free"]
    assert found(due_before=today.isoformat()) == ["late", "done"]
    assert found(q="灯new") == ["new"]
    assert found(q=Case.objects.get(title="路灯free").number[:15]) == ["free"]
    assert found(q="50%") == []
    assert found(state="", q="", page_size="2", page="2") == ["new", "done"]


BAD_QUERIES = (
        "state=lost", "kind=letter", "unit=nowhere", "overdue=1", "overdue=True", "due_before=tomorrow", "ordering=title",
        "page=0", "page_size=101", "colour=red", "state=accepted&state=closed", "q=%00", "due_before=20261124",
        "q=" + "长" * 101,
)  # fmt: skip


def test_what_the_list_does_not_know_is_refused_by_name(program):
    for query in BAD_QUERIES:
        response = program.client.get(f"{PATH}?{query}")
        assert response.status_code == 400, query
        assert response.headers["Content-Type"] == "application/problem+json"
        assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_the_list_asks_as_often_for_600_cases_as_for_10(program):
    def queries(query):
        with CaptureQueriesContext(connection) as captured:
            assert len(numbers(program.get(**query))) >= 10
        return len(captured)

    for _ in range(10):
        make_case(state=CaseState.IN_PROGRESS)
    program.get()
    few = [queries(query) for query in ({}, {"page_size": "100", "q": "路灯"})]
    copies, model = [], Case.objects.get(number=make_case(state=CaseState.IN_PROGRESS).number)
    for number in range(590):
        case = copy.copy(model)
        case.pk, case.uid = None, uuid7()
        case.number, case.register_number = f"20260101-{number:06d}-0", 500_000 + number
        copies.append(case)
    Case.objects.bulk_create(copies)

    assert [queries(query) for query in ({}, {"page_size": "100", "q": "路灯"})] == few
    assert max(few) <= 12


def test_whoever_has_no_part_in_cases_gets_an_empty_list(dispatcher):
    make_case()

    assert numbers(Program(make_person("clerk")).get()) == []
    assert Client().get(PATH).status_code == 401


# --- One case -------------------------------------------------------------------------------------------------------------


def test_a_case_tells_its_whole_story(peer, town):
    file = make_file()
    file.arrive()
    case = town.register(peer, attachments=[file.described])
    case = town.bring(case, CaseState.CHECKING, assisting=True)
    Case.objects.filter(pk=case.pk).update(about_person="某局长")

    answer = Program(town["dispatcher"]).get(f"{case.number}/").json()

    assert answer["body"] == case.body
    assert answer["about_person"] == "某局长"
    assert answer["version"] == case.version
    assert answer["petitioner"] == {
        "withheld": False,
        "name": "韦**",
        "phone": "137****3518",
        "email": None,
        "representatives": 0,
    }
    assert [(row["unit"]["code"], row["part"], row["state"]) for row in answer["assignments"]] == [
        (LEAD, "lead", "signed"),
        (ASSISTING, "assisting", "waiting"),
    ]
    assert [entry["kind"] for entry in answer["entries"]] == ["dispatch", "review"]
    assert answer["entries"][0] | {"id": 0, "at": ""} == {
        "id": 0,
        "kind": "dispatch",
        "said": "internal",
        "text": "请核实",
        "code": "",
        "author": town["dispatcher"].get_full_name(),
        "unit": None,
        "at": "",
        "round": 1,
    }
    assert [event["event"] for event in answer["timeline"]] == [event.name for event in events_of(case.subject)]
    assert answer["draft"]["revision"] == 1
    assert answer["replies"] == []
    assert {action["name"] for action in answer["actions"]} >= {"publish", "answer_privately", "send_back", "reclassify"}
    assert answer["attachments"][0]["name"] == file.name


def test_a_deadline_says_in_words_how_it_was_found(peer, town):
    case = town.bring(town.register(peer), CaseState.IN_PROGRESS)

    in_chinese, in_english = (
        {row["stage"]: row for row in Program(town["dispatcher"], language).get(f"{case.number}/").json()["deadlines"]}
        for language in ("zh-hans", "en")
    )

    assert in_chinese["answer"]["state"] == "running"
    assert in_chinese["answer"]["basis"].startswith("hotline")
    assert in_chinese["answer"]["explanation"][0].endswith("的次日起算。")
    assert in_english["answer"]["explanation"][0].startswith("The count begins on the day after ")
    assert in_chinese["sign"]["unit"]["code"] == LEAD


def test_after_the_answer_the_reply_and_its_public_wording_are_there(peer, town):
    case = town.bring(town.register(peer), CaseState.ANSWERED)

    reply = Program(town[f"handler.{LEAD}"]).get(f"{case.number}/").json()["replies"][0]

    assert reply["unit"]["code"] == LEAD
    assert reply["public"]["text"] == reply["text"]
    assert reply["public"]["withdrawn_at"] is None


def test_of_a_withheld_identity_nothing_is_shown(peer, town):
    case = town.register(peer, withhold_identity=True)

    petitioner = Program(town["dispatcher"]).get(f"{case.number}/").json()["petitioner"]

    assert petitioner == {"withheld": True, "name": None, "phone": None, "email": None, "representatives": None}


def test_reading_is_written_down(peer, town):
    case = town.register(peer)

    Program(town["dispatcher"]).get(f"{case.number}/")

    assert AuditRecord.objects.filter(action="case.read", subject=case.subject, channel="api").count() == 1


def test_a_long_story_takes_as_many_queries_as_a_short_one(peer, town):
    case = town.bring(town.register(peer), CaseState.ANSWERED, assisting=True)
    program = Program(town["dispatcher"])
    program.get()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert program.get(f"{case.number}/").status_code == 200
        return len(captured)

    few = queries()
    for _ in range(30):
        CaseEntry.objects.create(
            case=case, kind="note", text="已核实", author=town["dispatcher"], unit=town.units[LEAD], at=timezone.now()
        )

    assert queries() == few


def test_what_one_may_not_know_of_is_not_there(peer, town):
    accused = town.register(peer, about_unit_code="xfj")
    elsewhere = town.register(peer)
    body = {"version": 1, "reason": "电话核实地点", "text": "某事"}

    for who, case in (("dispatcher", accused), (f"handler.{OTHER}", elsewhere)):
        program = Program(town[who])
        for path in ("", "identity/", "notes/", "actions/accept/", "attachments/1/"):
            for ask in (program.get, lambda at, program=program: program.post(at, body)):
                refusal, absent = ask(f"{case.number}/{path}"), ask(f"20260101-000000-0/{path}")
                assert (refusal.status_code, refusal.json()) == (404, absent.json())
    assert numbers(Program(town["dispatcher"]).get()) == [elsewhere.number]
    assert numbers(Program(town["dispatcher.zfb"]).get()) == [accused.number]


# --- Identity, notes, files -----------------------------------------------------------------------------------------------


def test_the_identity_is_opened_with_a_reason_and_that_is_written_down(peer, town):
    case = town.bring(town.register(peer), CaseState.IN_PROGRESS)
    program = Program(town[f"handler.{LEAD}"])
    key = "k" * 22

    answers = [program.post(f"{case.number}/identity/", {"reason": "电话核实施工地点"}, key=key) for _ in range(2)]

    assert [answer.json()["name"] for answer in answers] == ["韦国强", "韦国强"]
    assert answers[0].json()["phone"] == "13700003518"
    assert "no-store" in answers[0].headers["Cache-Control"]
    assert AuditRecord.objects.filter(action="case.identity_opened").count() == 1
    assert case.entries.get(kind="identity").text == "电话核实施工地点"
    assert program.post(f"{case.number}/identity/", {"reason": "别的原因说明"}, key=key).status_code == 409


@pytest.mark.parametrize(
    ("who", "withheld"), [(f"handler.{ASSISTING}", False), (f"handler.{LEAD}", True), ("inspector", False)]
)
def test_the_identity_is_closed_to(peer, town, who, withheld):
    case = town.bring(town.register(peer, withhold_identity=withheld), CaseState.IN_PROGRESS, assisting=True)

    # Refused before it is looked at what was sent.
    assert Program(town[who]).post(f"{case.number}/identity/", {"reason": ""}).status_code == 403
    assert not AuditRecord.objects.filter(action="case.identity_opened").exists()


@pytest.mark.parametrize(
    "body", [{}, {"reason": "短"}, {"reason": "长" * 201}, {"reason": 12345}, {"reason": "核实地点", "x": 1}, []]
)
def test_without_a_good_reason_the_identity_stays_closed(peer, town, body):
    case = town.register(peer)

    assert Program(town["dispatcher"]).post(f"{case.number}/identity/", body).status_code == 400
    assert not AuditRecord.objects.filter(action="case.identity_opened").exists()


def test_a_note_is_added_once(peer, town):
    case = town.bring(town.register(peer), CaseState.IN_PROGRESS)
    program = Program(town[f"handler.{LEAD}"])
    key = "n" * 22

    answers = [program.post(f"{case.number}/notes/", {"text": "已到现场。", "kind": "contact"}, key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["unit"]["code"] == LEAD
    assert case.entries.filter(kind="contact").count() == 1
    assert program.post(f"{case.number}/notes/", {"text": "别的话。"}, key=key).status_code == 409
    assert program.post(f"{case.number}/notes/", {"text": "好。", "kind": "opinion"}).status_code == 400
    assert Program(town["inspector"]).post(f"{case.number}/notes/", {"text": "好的。"}).status_code == 403


def test_a_file_is_given_out_as_it_was_sent(peer, town):
    file = make_file(b"%PDF-1.7 as it was sent")
    file.arrive()
    case = town.register(peer, attachments=[file.described])
    program = Program(town["dispatcher"])
    url = program.get(f"{case.number}/").json()["attachments"][0]["url"]

    response = program.client.get(url)

    assert whole(response) == file.plain
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert events_of(case.subject).filter(name="attachment_opened").count() == 1

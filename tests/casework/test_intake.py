"""Somebody calls or stands at the counter: the office writes down what they say, and they get a receipt as on the portal."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.idempotency import KeyReused, new_key
from core.identifiers import is_number
from core.models import AuditRecord, DomainEvent, IdempotencyRecord
from core.vault import Sealed, citizen_key, seal_kid, unseal
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import InvalidFields, identity_of, intake_case
from internal_bridge.exchange.keys import private_sealing_key
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.workflow.services import WorkItem
from tests.casework.office import LEAD, Office
from tests.casework.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

CALL = {
    "channel": "phone",
    "kind": "complaint",
    "title": "江滨路工地半夜还在打桩",
    "body": "连续一个星期夜里不停工，\r\n整栋楼都在抖。",
    "place": "江滨路",
    "name": "韦国强",
    "phone": "13700003518",
}


def taken(town: Office, username: str = "dispatcher", key: str | None = None, **changes: Any) -> tuple[Any, Case]:
    """The receipt and the case of a call."""
    receipt = intake_case(person=town[username], fields=CALL | changes, key=key)
    return receipt, Case.objects.get(number=receipt.number)


def sent(case: Case) -> list[dict[str, Any]]:
    """What the portal has been told of the case, in order."""
    rows = OutgoingMessage.objects.filter(stream__name=case.subject).order_by("seq")
    return [json.loads(bytes(row.payload)) for row in rows]


@pytest.fixture
def client(town: Office) -> Client:
    browser = Client(headers={"accept-language": "zh-hans"})
    browser.force_login(town["dispatcher"])
    return browser


def test_a_call_becomes_a_case_like_any_other(town: Office) -> None:
    receipt, case = taken(town)
    assert is_number(case.number)
    assert case.number.split("-")[1][0] in "89"
    assert (case.channel, case.state, case.source) == ("phone", CaseState.REGISTERED, "portal")
    assert case.body == "连续一个星期夜里不停工，\n整栋楼都在抖。"
    assert case.due_on is not None
    assert case.policy is not None
    assert case.clocks.exists()
    assert identity_of(case)["phone"] == "13700003518"
    assert WorkItem.objects.filter(source=case.uid, state="open").count() == 1
    event = DomainEvent.objects.get(subject=case.subject)
    assert (event.name, event.actor, event.params) == ("taken_down", town["dispatcher"], {"channel": "phone"})
    assert AuditRecord.objects.filter(action="case.taken_down", subject=case.subject).count() == 1
    assert receipt.received_at == case.received_at


def test_the_portal_hears_first_that_there_is_such_a_petition_and_never_its_words(town: Office) -> None:
    receipt, case = taken(town)
    messages = sent(case)
    assert [message["type"].removeprefix("cn.zhengqiao.") for message in messages] == ["case.opened.v1", "case.status.v1"]
    key = citizen_key(receipt.code, number=receipt.number)
    assert messages[0]["data"]["citizen_key"] == key.public.hex() == bytes(case.citizen_key).hex()
    told = json.dumps(messages, ensure_ascii=False)
    assert not any(words in told for words in (CALL["title"], CALL["name"], CALL["phone"], receipt.code))


def test_the_words_are_sealed_to_the_office_as_those_of_the_portal_are(town: Office) -> None:
    _receipt, case = taken(town, on_behalf_name="韦老太", on_behalf_relation="儿子")
    sealed = Sealed(box=bytes(case.submission_box), commitment=case.submission_commitment)
    content = unseal(sealed, private_key=private_sealing_key(seal_kid(sealed.box)), info=bytes(case.submission_info))
    assert content["title"] == CALL["title"]
    assert content["on_behalf_of"] == {"name": "韦老太", "relation": "儿子"}


def test_the_receipt_code_is_stored_nowhere(town: Office) -> None:
    receipt, _case = taken(town, key=new_key())
    plain = receipt.code.encode(), receipt.code.replace("-", "").encode()
    kept = [bytes(row.response) for row in IdempotencyRecord.objects.all()]
    kept += [bytes(row.payload) for row in OutgoingMessage.objects.all()]
    kept += [repr(list(model.objects.values())).encode() for model in (DomainEvent, AuditRecord, Case)]
    assert not any(code in text for code in plain for text in kept)
    assert receipt.code not in repr(receipt)


def test_a_repeat_gives_the_same_receipt_and_other_words_are_refused(town: Office) -> None:
    key = new_key()
    first, _case = taken(town, key=key)
    again, _case = taken(town, key=key)
    assert (again.number, again.code) == (first.number, first.code)
    assert Case.objects.count() == 1
    with pytest.raises(KeyReused):
        taken(town, key=key, title="另一件事情")


@pytest.mark.parametrize("username", [f"handler.{LEAD}", f"head.{LEAD}", "inspector"])
def test_only_dispatchers_take_petitions_down(town: Office, username: str) -> None:
    with pytest.raises(PermissionDenied):
        taken(town, username)
    browser = Client()
    browser.force_login(town[username])
    assert browser.get("/cases/new/").status_code == 403
    assert browser.post("/cases/new/", CALL | {"idempotency_key": new_key()}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"channel": "portal"}, "channel"),
        ({"kind": "gossip"}, "kind"),
        ({"title": "一"}, "title"),
        ({"body": "短"}, "body"),
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "一三七"}, "phone"),
        ({"unit_code": "nowhere"}, "unit_code"),
        ({"unit_code": LEAD, "about_unit_code": LEAD}, "unit_code"),
        ({"on_behalf_name": "韦老太"}, "on_behalf_relation"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_stored(town: Office, changes: dict[str, str], wrong: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        taken(town, **changes)
    assert list(refused.value.errors) == [wrong]
    assert not Case.objects.exists()
    assert not OutgoingMessage.objects.filter(type__contains="case.opened").exists()


def test_a_report_needs_no_name_and_always_hides_it(town: Office) -> None:
    _receipt, case = taken(town, kind="report", name="", phone="")
    assert case.withhold_identity


def test_the_accused_dispatcher_registers_and_then_knows_no_more_of_it(town: Office, client: Client) -> None:
    response = client.post("/cases/new/", CALL | {"about_unit_code": "xfj", "idempotency_key": new_key()})
    case = Case.objects.get()
    html = response.content.decode()
    assert response.status_code == 201
    assert case.number in html
    assert f"/cases/{case.number}/" not in html
    assert not Case.objects.visible_to(town["dispatcher"]).exists()
    assert Case.objects.visible_to(town["dispatcher.zfb"]).exists()


def test_the_page_shows_the_receipt_once_and_in_no_cache(client: Client) -> None:
    page = client.get("/cases/new/?channel=counter")
    assert page.status_code == 200
    assert 'value="counter"' in page.content.decode()
    key = new_key()
    response = client.post("/cases/new/", CALL | {"idempotency_key": key})
    case, html = Case.objects.get(), response.content.decode()
    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    assert case.number in html
    assert "<svg" in html
    assert "回执码" in html
    # Sent again by a nervous finger: the same receipt.
    assert case.number in client.post("/cases/new/", CALL | {"idempotency_key": key}).content.decode()
    # The same form with other words: nothing is done, nothing is lost, and it can be sent as another matter.
    changed = CALL | {"title": "另一件事情", "idempotency_key": key}
    refused = client.post("/cases/new/", changed)
    assert refused.status_code == 409
    assert "另一件事情" in refused.content.decode()
    assert key not in refused.content.decode()
    assert Case.objects.count() == 1


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(client: Client) -> None:
    unsaid = client.post("/cases/new/", CALL | {"kind": "", "idempotency_key": new_key()}).content.decode()
    assert 'href="#id_kind_0"' in unsaid
    response = client.post("/cases/new/", CALL | {"phone": "", "idempotency_key": new_key()})
    html = response.content.decode()
    assert response.status_code == 400
    assert 'id="id_phone_error"' in html
    assert 'href="#id_phone"' in html
    assert CALL["title"] in html
    assert not Case.objects.exists()


def test_a_consultation_that_names_its_unit_goes_straight_there(town: Office) -> None:
    _receipt, case = taken(town, kind="consultation", unit_code=LEAD)
    assert case.state == CaseState.DISPATCHED
    assert case.lead_unit is not None
    assert case.lead_unit.code == LEAD


def test_a_program_takes_a_call_down_and_gets_number_and_code(town: Office) -> None:
    program, key = Program(town["dispatcher"]), new_key()
    body = CALL | {"on_behalf_of": {"name": "韦老太", "relation": "儿子"}, "urgent": True}
    answer = program.post("", body, key=key)
    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "receipt_code"}
    assert "no-store" in answer["Cache-Control"]
    case = Case.objects.get(number=answer.json()["number"])
    assert identity_of(case)["on_behalf_of"] == body["on_behalf_of"]
    assert program.post("", body, key=key).json() == answer.json()
    assert program.post("", body | {"place": "别处"}, key=key).status_code == 409
    assert Program(town[f"handler.{LEAD}"]).post("", body).status_code == 403
    for wrong in ({"phone": ""}, {"channel": "portal"}, {"state": "closed"}, {"title": 5}):
        refused = program.post("", body | wrong)
        assert refused.status_code == 400
        assert list(refused.json()["errors"]) == list(wrong)
    assert Case.objects.count() == 1

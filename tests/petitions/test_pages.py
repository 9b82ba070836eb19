"""The citizen's pages, without script and without account: write, keep the receipt, follow."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import receipts
from core.vault import new_receipt_code
from internal_bridge.exchange.models import OutgoingMessage
from petitions.models import Petition
from tests.petitions.letters import FOLLOW, FORM, form_of, hidden_fields, letter, reply, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.story]

CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}")


@pytest.fixture
def browser() -> Client:
    """A browser that has to send what a page's forms hold, and nothing else."""
    return Client(enforce_csrf_checks=True)


def send(browser: Client, address: str, fields: dict[str, str]) -> Any:
    """Open a page and send its form, filled in."""
    page = browser.get(address)
    return browser.post(address, hidden_fields(page.content.decode()) | fields)


def written(**changes: Any) -> dict[str, str]:
    """What a person fills in: everything but the hidden fields."""
    fields = form_of(letter(**changes))
    del fields["idempotency_key"]
    return fields


def receipt_on(response: Any) -> dict[str, str]:
    text = visible_text(response.content.decode())
    (number,) = set(re.findall(r"\d{8}-\d{6}-\d", text))
    (code,) = set(CODE.findall(text))
    return {"number": number, "code": code}


def test_a_letter_is_written_kept_answered_and_read(browser, peer):
    sent = send(browser, FORM, written())
    assert sent.status_code == 201
    receipt = receipt_on(sent)

    followed = send(browser, FOLLOW, receipt)
    assert followed.status_code == 200
    text = visible_text(followed.content.decode())
    assert "江滨路工地半夜三点还在打桩" in text
    assert "整栋楼都在抖" in text
    assert "停工整改" not in text

    reply(peer, Petition.objects.get(), "工地已停工整改。\n\n谢谢您。", unit={"code": "zjj", "name": "云岭市住建局"})
    text = visible_text(send(browser, FOLLOW, receipt).content.decode())
    assert "工地已停工整改。" in text
    assert "云岭市住建局" in text


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", ["/petitions/", FORM, FOLLOW])
def test_every_page_is_there_in_both_languages(browser, prefix, address):
    response = browser.get(prefix + address)

    assert response.status_code == 200
    assert response["Content-Language"] == ("en" if prefix else "zh-hans")


@pytest.mark.parametrize(
    ("query", "chosen"),
    [("", None), ("?kind=report", "report"), ("?kind=nonsense", None), ("?kind=", None), ("?kind=help&kind=report", "report")],
)
def test_a_kind_may_be_chosen_on_the_way_in(browser, query, chosen):
    assert browser.get(FORM + query).context["form"].initial["kind"] == chosen


def test_each_form_has_a_key_of_its_own(browser):
    keys = {hidden_fields(browser.get(FORM).content.decode())["idempotency_key"] for _ in range(3)}

    assert len(keys) == 3


def test_sent_twice_it_is_one_petition_with_the_same_receipt(browser, peer):
    fields = hidden_fields(browser.get(FORM).content.decode()) | written()

    first, second = browser.post(FORM, fields), browser.post(FORM, fields)

    assert (first.status_code, second.status_code) == (201, 201)
    assert receipt_on(first) == receipt_on(second)
    assert (Petition.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_sent_again_with_other_words_it_is_a_conflict_that_shows_no_code(browser, peer):
    fields = hidden_fields(browser.get(FORM).content.decode()) | written()
    receipt = receipt_on(browser.post(FORM, fields))

    response = browser.post(FORM, fields | {"title": "另一个标题"})

    assert response.status_code == 409
    assert receipt["code"] not in response.content.decode()
    assert Petition.objects.count() == 1


def test_with_mistakes_it_comes_back_with_all_that_was_written(browser, peer, units):
    fields = written(
        title="灯",
        place="江滨路 <1> 号",
        unit_code="zjj",
        about_person="某科长",
        email="a@example.com",
        withhold_identity=True,
    )
    page = browser.get(FORM)
    hidden = hidden_fields(page.content.decode())

    response = browser.post(FORM, hidden | fields)

    assert response.status_code == 400
    form = response.context["form"]
    assert set(form.errors) == {"title"}
    html = response.content.decode()
    assert form.errors["title"][0] in visible_text(html)
    for name, value in fields.items():
        assert form[name].value() == (value if value != "on" else True), name
    assert "江滨路 &lt;1&gt; 号" in html
    # The same attempt keeps its key.
    assert hidden_fields(html)["idempotency_key"] == hidden["idempotency_key"]
    assert not Petition.objects.exists()

    assert browser.post(FORM, hidden_fields(html) | fields | {"title": "路灯不亮"}).status_code == 201


@pytest.mark.parametrize("key", [None, "", "short"])
def test_a_damaged_form_is_not_taken(client, peer, key):
    fields = form_of(letter())
    if key is None:
        del fields["idempotency_key"]
    else:
        fields["idempotency_key"] = key

    response = client.post(FORM, fields)

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"idempotency_key"}
    assert not Petition.objects.exists()


def test_a_form_from_elsewhere_is_not_taken(browser, peer):
    response = browser.post(FORM, form_of(letter()))

    assert response.status_code == 403
    assert not Petition.objects.exists()


@pytest.mark.parametrize("place", ["petitions.services.send_message", "petitions.writing_views.submit_petition"])
def test_what_cannot_be_stored_gets_a_plain_word_and_no_receipt(browser, peer, monkeypatch, place, caplog):
    def fail(**_: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(place, fail)

    response = send(browser, FORM, written())

    assert response.status_code == 503
    text = visible_text(response.content.decode())
    assert "12345" in text
    assert not CODE.search(text)
    assert not Petition.objects.exists()
    assert "韦国强" not in caplog.text


def test_without_any_database_the_word_is_said_all_the_same(client, peer, monkeypatch):
    fields = form_of(letter())

    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
    response = client.post(FORM, fields)

    assert response.status_code == 503
    assert "12345" in visible_text(response.content.decode())


def test_without_keys_nothing_is_taken(client, settings, tmp_path):
    settings.EXCHANGE_KEYS_DIR = tmp_path

    assert client.post(FORM, form_of(letter())).status_code == 503
    assert not Petition.objects.exists()


def test_wrong_number_and_wrong_code_get_the_same_words(browser, peer):
    receipt = receipt_on(send(browser, FORM, written()))
    wrong = [{"code": new_receipt_code()}, {"number": "20260102-123456-3"}]

    answers = [send(browser, FOLLOW, receipt | change) for change in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.context["form"].errors["__all__"]) for answer in answers}) == 1
    for answer in answers:
        text = visible_text(answer.content.decode())
        assert answer.context["form"].errors["__all__"][0] in text
        assert "打桩" not in text


@pytest.mark.parametrize(
    ("number", "code", "fields"),
    [
        ("", "", {"number", "code"}),
        ("20260102-123456-4", "0123-4567-89AB-CDEF-GHJK", {"number"}),
        ("hello", "0123-4567-89AB-CDEF-GHJK", {"number"}),
        ("20260102-123456-3", "0123", {"code"}),
        ("20260102-123456-3", "U123-4567-89AB-CDEF-GHJK", {"code"}),
    ],
)
def test_what_is_no_number_or_no_code_is_named(browser, number, code, fields):
    response = send(browser, FOLLOW, {"number": number, "code": code})

    assert response.status_code == 400
    assert set(response.context["form"].errors) == fields


def test_number_and_code_count_however_they_are_typed(browser, peer):
    receipt = receipt_on(send(browser, FORM, written()))
    typed = {
        "number": f" {receipt['number'].replace('-', '－')} ",
        "code": receipt["code"].replace("-", " ").lower().replace("1", "l").replace("0", "o"),
    }

    assert send(browser, FOLLOW, typed).status_code == 200


def test_what_was_written_is_text_and_never_markup(browser, peer):
    planted = "<script>alert(1)</script>"
    receipt = receipt_on(send(browser, FORM, written(title=planted, body=planted, place=planted, about_person=planted)))
    reply(peer, Petition.objects.get(), planted, unit={"code": "zjj", "name": planted})

    html = send(browser, FOLLOW, receipt).content.decode()

    assert planted not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_nothing_of_it_is_cached_or_remembered(browser, peer):
    sent = send(browser, FORM, written())
    receipt = receipt_on(sent)
    followed = send(browser, FOLLOW, receipt)
    refused = send(browser, FORM, {})

    for response in (sent, followed, refused, browser.get(FORM), browser.get(FOLLOW)):
        assert "no-store" in response["Cache-Control"]
    assert not Session.objects.exists()
    assert set(browser.cookies) == {"zq_portal_csrf"}


def test_no_address_ever_holds_number_or_code(browser, peer):
    """The receipt is the POST's own answer; the QR code's fragment is never sent to a server."""
    sent = send(browser, FORM, written())
    receipt = receipt_on(sent)
    followed = send(browser, FOLLOW, receipt)

    for response in (sent, followed):
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', response.content.decode())
        assert addresses
        assert not [one for one in addresses if receipt["code"] in one or receipt["number"] in one]


def test_a_receipt_carries_a_qr_code_of_the_follow_pages_address(browser, peer, monkeypatch):
    drawn = []
    real = receipts.segno.make
    monkeypatch.setattr(receipts.segno, "make", lambda text, **options: drawn.append(text) or real(text, **options))

    response = send(browser, FORM, written())

    receipt = receipt_on(response)
    assert drawn == [f"http://testserver/petitions/follow/#{receipt['number']}/{receipt['code']}"]
    assert "<svg" in response.content.decode()


def test_a_petitions_page_asks_equally_often_however_much_there_is(browser, peer, django_assert_num_queries):
    receipt = receipt_on(send(browser, FORM, written()))
    for number in range(3):
        reply(peer, Petition.objects.get(), f"第{number}次答复")
    page = hidden_fields(browser.get(FOLLOW).content.decode())
    browser.post(FOLLOW, page | receipt)

    with CaptureQueriesContext(connection) as few:
        browser.post(FOLLOW, page | receipt)
    for number in range(5):
        reply(peer, Petition.objects.get(), f"再次答复{number}")
    with django_assert_num_queries(len(few)):
        browser.post(FOLLOW, page | receipt)

"""What a citizen can do once there is an answer: rate it, ask for a review, take the consent to publication back."""

import json

import pytest

from core.idempotency import new_key
from internal_bridge.exchange.models import OutgoingMessage
from petitions.models import Petition, RatingOffer
from petitions.services import submit_petition
from tests.petitions.letters import FOLLOW, answer, hidden_fields, letter, opened_by_office, read, say, send, visible_text
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db]

FOREVER = "2099-01-31"


@pytest.fixture
def receipt(peer, folder):
    return submit_petition(kind="suggestion", data=letter(kind="suggestion", allow_publication=True), key=None)


@pytest.fixture
def petition(receipt):
    return Petition.objects.get(number=receipt["number"])


@pytest.fixture
def codes(receipt):
    return {"number": receipt["number"], "code": receipt["receipt_code"]}


def sent(type):
    return list(OutgoingMessage.objects.filter(type__endswith=f"petition.{type}.v1").order_by("id"))


def data_of(message):
    return json.loads(bytes(message.payload))["data"]


def allowed(client, receipt):
    return read(client, receipt).json()["allowed"]


def rate(client, token, fields, **headers):
    return client.post(f"/api/v1/ratings/{token}/", fields, content_type="application/json", headers=headers)


def words(response):
    return visible_text(response.content.decode())


@pytest.mark.bridge
def test_an_answer_is_rated_once_with_the_code_and_its_link_then_rates_no_more(client, peer, petition, receipt):
    token = answer(peer, petition)
    assert "rating" in allowed(client, receipt)

    key = new_key()
    first = send(client, receipt, "rating", {"score": 2, "comment": "planted 没有解决"}, key)
    again = send(client, receipt, "rating", {"score": 2, "comment": "planted 没有解决"}, key)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    (message,) = sent("rated")
    assert data_of(message) | {"sealed": None, "at": None} == {
        "uid": str(petition.uid),
        "at": None,
        "answer": 1,
        "by": "code",
        "sealed": None,
    }
    assert opened_by_office(peer, message) == {"score": 2, "comment": "planted 没有解决"}
    assert find_planted(["planted", "没有解决", token], dump_tables()) == []
    shown = read(client, receipt).json()
    assert "rating" not in shown["allowed"]
    assert shown["timeline"][-1]["event"] == "rated"
    assert (shown["messages"][-1]["kind"], shown["messages"][-1]["text"]) == ("note", "不满意\n\nplanted 没有解决")
    assert send(client, receipt, "rating", {"score": 5}).status_code == 409
    assert rate(client, token, {"score": 5}).status_code == 409
    # The state before what is wrong with the body.
    assert rate(client, token, {"score": 9}).status_code == 409


@pytest.mark.db
@pytest.mark.bridge
def test_whoever_has_the_link_rates_and_reads_nothing_and_a_new_answer_has_a_link_of_its_own(client, peer, petition, receipt):
    token = answer(peer, petition)
    page = client.get(f"/petitions/rating/{token}/")
    html = page.content.decode()
    assert page.status_code == 200
    assert (page.headers["Referrer-Policy"], "no-store" in page.headers["Cache-Control"]) == ("no-referrer", True)
    for secret in (receipt["number"], "第1次答复", "打桩", "韦国强"):
        assert secret not in html
    assert not sent("rated")

    response = rate(client, token, {"score": 1})
    assert (response.status_code, list(response.json())) == (202, ["sent_at"])
    assert data_of(sent("rated")[0])["by"] == "token"
    assert rate(client, token, {"score": 1}).status_code == 409
    assert client.get(f"/petitions/rating/{token}/").status_code == 409

    say(peer, petition, status="in_progress", event="rehandled", at="2026-11-06T00:00:00+00:00")
    assert "rating" not in allowed(client, receipt)
    second = answer(peer, petition, number=2)
    assert "rating" in allowed(client, receipt)
    assert rate(client, token, {"score": 5}).status_code == 409
    assert rate(client, second, {"score": 5}).status_code == 202
    assert [data_of(message)["answer"] for message in sent("rated")] == [1, 2]


def test_a_link_of_an_answer_that_stands_no_more_rates_nothing(client, peer, petition, receipt):
    token = answer(peer, petition)
    say(peer, petition, status="in_progress", event="rehandled")

    assert rate(client, token, {"score": 5}).status_code == 409
    assert "正在重新办理" in words(client.get(f"/petitions/rating/{token}/"))
    assert send(client, receipt, "rating", {"score": 5}).status_code == 409
    assert not sent("rated")


@pytest.mark.parametrize("token", ["0" * 32, "short", "é" * 32, "A" * 32, "0" * 64])
def test_what_is_no_link_is_not_found(client, peer, petition, token):
    answer(peer, petition)
    RatingOffer.objects.update(token_hash="0" * 64)
    assert rate(client, token, {"score": 5}).status_code == 404
    assert client.get(f"/petitions/rating/{token}/").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{}, {"score": 0}, {"score": 6}, {"score": "gut"}, {"score": 3, "comment": "长" * 501}, {"score": 3, "x": 1}],
    ids=str,
)
def test_what_is_wrong_with_a_rating_is_named(client, peer, petition, receipt, fields):
    token = answer(peer, petition)
    for response in (rate(client, token, fields), send(client, receipt, "rating", fields)):
        assert response.status_code == 400
        assert response.json()["errors"]
    assert rate(client, token, {"score": 3}, **{"idempotency-key": "short"}).status_code == 400


def test_on_the_page_who_is_not_satisfied_is_asked_why_and_need_not_say(client, peer, petition, codes):
    answer(peer, petition)
    page = client.post(FOLLOW, codes)
    assert "这次答复您满意吗" in words(page)

    form = client.post(f"{FOLLOW}rating/", codes | {"score": "1"})
    assert 'value="1" checked' in form.content.decode()
    nothing = client.post(f"{FOLLOW}rating/", codes | {"idempotency_key": new_key()})
    assert nothing.status_code == 400
    assert 'href="#id_score_0"' in nothing.content.decode()
    asks = client.post(f"{FOLLOW}rating/", codes | {"score": "1", "comment": "", "idempotency_key": new_key()})
    assert "哪里让您不满意" in words(asks)
    assert not sent("rated")
    kept = hidden_fields(asks.content.decode())
    done = client.post(f"{FOLLOW}rating/", kept | {"score": "1", "comment": ""})

    assert "评价已经发送" in words(done)
    assert "您的评价" in words(done)
    assert "这次答复您满意吗" not in words(done)
    assert len(sent("rated")) == 1
    assert client.post(f"{FOLLOW}rating/", codes).status_code == 409


def test_by_the_link_the_same_form_asks_why(client, peer, petition):
    address = f"/petitions/rating/{answer(peer, petition)}/"
    asks = client.post(address, {"score": "2", "idempotency_key": new_key()})
    assert "哪里让您不满意" in words(asks)
    key = new_key()
    fields = {"score": "2", "why_asked": "True", "comment": "没人来看", "idempotency_key": key}
    for _time in range(2):
        done = client.post(address, fields)
        assert (done.status_code, "评价已经发送" in words(done)) == (200, True)
    over = client.post(address, fields | {"idempotency_key": new_key()})
    assert (over.status_code, "已经评价过" in words(over)) == (409, True)
    assert client.post(address, fields | {"score": "5"}).status_code == 409
    assert opened_by_office(peer, sent("rated")[0]) == {"score": 2, "comment": "没人来看"}


@pytest.mark.bridge
@pytest.mark.parametrize("closed", [False, True])
def test_a_review_is_asked_for_once_an_answer_until_the_lawful_day_also_when_closed(client, peer, petition, receipt, closed):
    reason = {"reason": "没有调查就答复了。"}
    assert send(client, receipt, "review-request", reason).status_code == 409
    answer(peer, petition, review_until="2020-01-31")
    assert "review-request" not in allowed(client, receipt)
    (limit,) = read(client, receipt).json()["deadlines"]
    assert limit["state"] == "overdue"
    answer(peer, petition, number=2, review_until=FOREVER, closed=closed)

    assert "review-request" in allowed(client, receipt)
    assert send(client, receipt, "review-request", {"reason": "短"}).status_code == 400
    assert send(client, receipt, "review-request", reason).status_code == 202
    (message,) = sent("review_requested")
    assert data_of(message)["answer"] == 2
    assert opened_by_office(peer, message) == reason
    assert "review-request" not in allowed(client, receipt)
    assert send(client, receipt, "review-request", reason).status_code == 409

    say(peer, petition, status="answered", event="request_answered", at="2099-01-01T00:00:00+00:00")
    assert "review-request" not in allowed(client, receipt)


def test_a_review_is_shown_as_sent_until_it_is_answered(client, peer, petition, codes):
    answer(peer, petition, review_until=FOREVER)
    form = client.post(f"{FOLLOW}review/", codes)
    assert "2099-01-31" in words(form)
    short = client.post(f"{FOLLOW}review/", codes | {"reason": "短", "idempotency_key": new_key()})
    assert (short.status_code, 'href="#id_reason"' in short.content.decode()) == (400, True)
    done = client.post(f"{FOLLOW}review/", codes | {"reason": "没有调查就答复了。", "idempotency_key": new_key()})
    for said in ("复查请求已经发送", "受理中心尚未答复", "您请求复查的理由", "没有调查就答复了。"):
        assert said in words(done)

    say(peer, petition, status="answered", event="request_answered", at="2099-01-01T00:00:00+00:00")
    assert "受理中心尚未答复" not in words(client.post(FOLLOW, codes))


@pytest.mark.bridge
def test_consent_is_taken_back_once_and_shown_as_sent_until_the_office_knows(client, peer, petition, receipt, codes):
    assert "consent-withdrawal" in allowed(client, receipt)
    assert "不能恢复" in words(client.post(f"{FOLLOW}consent/", codes))
    done = client.post(f"{FOLLOW}consent/", codes | {"idempotency_key": new_key()})

    assert "正在送往受理中心" in words(done)
    (message,) = sent("consent_withdrawn")
    assert data_of(message).keys() == {"uid", "at"}
    assert "consent-withdrawal" not in allowed(client, receipt)
    assert send(client, receipt, "consent-withdrawal", {}).status_code == 409
    say(peer, petition, event="consent_withdrawn", at="2099-01-01T00:00:00+00:00")
    page = client.post(FOLLOW, codes)
    assert "正在送往受理中心" not in words(page)
    assert "已公开的答复已经撤下" in words(page)


@pytest.mark.parametrize(("kind", "consented", "may"), [("help", True, True), ("help", False, False), ("report", True, False)])
def test_only_a_consent_that_was_given_is_taken_back(client, peer, folder, kind, consented, may):
    receipt = submit_petition(kind=kind, data=letter(kind=kind, allow_publication=consented), key=None)
    assert ("consent-withdrawal" in allowed(client, receipt)) == may
    assert send(client, receipt, "consent-withdrawal", {}).status_code == (202 if may else 409)
    assert send(client, receipt, "consent-withdrawal", {"x": 1}).status_code == 409
    petition = Petition.objects.get(number=receipt["number"])
    for status in ("refused", "redirected", "withdrawn"):
        say(peer, petition, status=status, event=status)
        assert allowed(client, receipt) == []

"""What a petitioner asks for beyond the answer, in the office: ratings, requests for a review, consent taken back."""

import datetime
import json

import pytest
from django.test import Client
from django.utils import timezone

from core.events import events_of
from core.workdays import local_date
from internal_bridge.casework.models import Case, PublishedReply, Rating
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage
from internal_bridge.workflow.models import WorkItem
from tests.casework.office import LEAD, REPLY

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

COMMENT = "没有人到现场看过。"
REASON = "调查没有依据，请重新核实。"


def say(peer, case, what, content=None, **data):
    """The petitioner asks for something on the portal, which hands it over."""
    kind = f"petition.{what}.v1"
    data = {"uid": str(case.uid), "at": timezone.now().isoformat()} | data
    if content is not None:
        data["sealed"] = peer.sealed(content, stream=case.subject, type=kind)
    return peer.bring(peer.message(stream=case.subject, type=kind, data=data))


def rate(peer, case, score, answer=1, by="token", comment=COMMENT):
    return say(peer, case, "rated", {"score": score, "comment": comment}, answer=answer, by=by)


def items(case, kind="do"):
    rows = WorkItem.objects.open().filter(source=case.uid, kind=kind).select_related("unit")
    return [(item.step, item.role, item.unit.code) for item in rows]


def told(case):
    rows = OutgoingMessage.objects.filter(stream__name=case.subject, type__endswith="case.status.v1").order_by("seq")
    return [json.loads(bytes(row.payload))["data"] for row in rows]


def published(peer, town, **letter):
    return town.bring(town.register(peer, **letter), "answered")


def page(town, username, case):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town[username])
    return client.get(f"/cases/{case.number}/").content.decode()


def test_a_good_rating_is_kept_and_shown_to_the_handler_without_who_gave_it(peer, town):
    case = published(peer, town, withhold_identity=True)
    rate(peer, case, 5, comment="谢谢")

    rating = Rating.objects.get()
    assert (rating.reply.number, rating.score, rating.comment, rating.by) == (1, 5, "谢谢", "token")
    assert items(case) == []
    html = page(town, f"handler.{LEAD}", case)
    assert "评价5分" in html
    assert "谢谢" in html
    assert "韦国强" not in html
    (event,) = events_of(case.subject).filter(name="rated")
    assert event.params == {"answer": 1, "score": 5}
    body = Client(headers={"accept-language": "en"})
    body.force_login(town["dispatcher"])
    (reply,) = body.get(f"/api/v1/cases/{case.number}/").json()["replies"]
    assert (reply["rating"]["score"], reply["rating"]["comment"]) == (5, "谢谢")


@pytest.mark.db
def test_of_two_ratings_of_an_answer_the_first_counts_and_what_cannot_be_is_a_dead_letter(peer, town):
    case = published(peer, town)
    rate(peer, case, 4)
    rate(peer, case, 1)
    assert Rating.objects.get().score == 4
    assert items(case) == []

    rate(peer, case, 5, answer=2)
    assert IncomingMessage.objects.filter(state=IncomingState.DEAD).count() == 1


@pytest.mark.db
def test_a_low_rating_waits_for_the_dispatcher_who_has_it_handled_again_and_then_it_is_rated_anew(peer, town):
    case = published(peer, town)
    rate(peer, case, 2)
    assert items(case) == [("decide_rehandling", "dispatcher", "yls")]
    assert "来信人对答复不满意" in page(town, "dispatcher", case)

    case = town.do("dispatcher", "rehandle", case, reason="来信人不满意，请重新核实")
    assert [step for step, *_rest in items(case)] == ["handle"]
    closed = WorkItem.objects.get(source=case.uid, step="decide_rehandling")
    assert closed.outcome == "done"
    for who, action, fields in (
        (f"handler.{LEAD}", "draft_reply", {"text": REPLY, "public_text": REPLY}),
        (f"head.{LEAD}", "approve", {"opinion": "同意。"}),
        ("dispatcher", "answer_privately", {}),
    ):
        case = town.do(who, action, case, **fields)
    rate(peer, case, 5, answer=2)

    assert [(row.reply.number, row.score) for row in Rating.objects.order_by("pk")] == [(1, 2), (2, 5)]
    assert items(case) == []
    offers = OutgoingMessage.objects.filter(type__endswith="rating.offered.v1").order_by("pk")
    assert [json.loads(bytes(row.payload))["data"]["answer"] for row in offers] == [1, 2]


def test_a_low_rating_of_an_answer_that_stands_no_more_is_kept_and_asks_nothing(peer, town):
    case = town.do("dispatcher", "rehandle", published(peer, town), reason="重新核实")
    rate(peer, case, 1)
    assert Rating.objects.get().score == 1
    assert [step for step, *_rest in items(case)] == ["handle"]


@pytest.mark.parametrize("closed", [False, True])
def test_a_request_for_a_review_waits_with_its_limit_and_is_answered_with_words(peer, town, closed):
    case = town.bring(town.register(peer, kind="suggestion"), "closed" if closed else "answered")
    (limit,) = [one for one in told(case)[-1]["deadlines"] if one["stage"] == "review_request"]
    assert (limit["state"], limit["basis"]) == ("running", "petition_2022:35")
    assert datetime.date.fromisoformat(limit["due"]) >= local_date(timezone.now()) + datetime.timedelta(days=30)

    say(peer, case, "review_requested", {"reason": REASON}, answer=1)

    case = Case.objects.get()
    assert case.review_asked_at is not None
    (item,) = WorkItem.objects.open().filter(source=case.uid, kind="do")
    assert (item.step, item.role) == ("decide_review", "dispatcher")
    assert item.due_on >= local_date(timezone.now()) + datetime.timedelta(days=30)
    assert told(case)[-1]["event"] == "review_received"
    states = {one["stage"]: one["state"] for one in told(case)[-1]["deadlines"]}
    assert (states["review_request"], states["review"]) == ("met", "running")
    html = page(town, "dispatcher", case)
    assert "来信人请求复查" in html
    assert REASON in html

    case = town.do("dispatcher", "answer_request", case, text="经核实，原答复依据充分。")
    assert (case.state, case.review_asked_at, items(case)) == ("closed" if closed else "answered", None, [])
    assert told(case)[-1]["event"] == "request_answered"
    assert {one["stage"]: one["state"] for one in told(case)[-1]["deadlines"]}["review"] == "met"
    words = json.loads(bytes(OutgoingMessage.objects.filter(type__endswith="case.message.v1").last().payload))["data"]
    assert words["kind"] == "reason"


def test_a_request_for_a_review_of_a_case_that_is_handled_again_changes_nothing(peer, town):
    case = town.do("dispatcher", "rehandle", published(peer, town, kind="suggestion"), reason="重新核实")
    before = case.version
    say(peer, case, "review_requested", {"reason": REASON}, answer=1)
    case = Case.objects.get()
    assert (case.version, case.review_asked_at) == (before, None)
    assert REASON in page(town, "dispatcher", case)


@pytest.mark.db
def test_consent_taken_back_withdraws_what_is_public_by_itself_and_nothing_is_published_later(peer, town):
    case = published(peer, town)
    say(peer, case, "consent_withdrawn")
    say(peer, case, "consent_withdrawn")

    public = PublishedReply.objects.get()
    assert public.withdrawn_at is not None
    gone = OutgoingMessage.objects.filter(type__endswith="reply.withdrawn.v1")
    assert [json.loads(bytes(row.payload))["data"]["uid"] for row in gone] == [str(public.uid)]
    assert not Case.objects.get().allow_publication
    assert items(case) == []
    assert ("consent_withdrawn", "dispatcher", "yls") in items(case, "read")
    assert told(case)[-1]["event"] == "consent_withdrawn"

    other = town.bring(town.register(peer), "checking")
    say(peer, other, "consent_withdrawn")
    assert told(other)[-1]["status"] == "in_progress"
    client = Client(headers={"accept-language": "en"})
    client.force_login(town["dispatcher"])
    other = Case.objects.get(pk=other.pk)
    refused = client.post(
        f"/api/v1/cases/{other.number}/actions/publish/",
        {"version": other.version, "public_text": REPLY},
        content_type="application/json",
    )
    assert refused.status_code == 409
    assert PublishedReply.objects.count() == 1

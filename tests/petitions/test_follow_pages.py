"""The follow page while a case lives: what it tells, what it lets one do, and that nothing typed or sent is lost."""

import datetime
import re

import pytest
from django.test import Client
from django.utils.translation import override

from core.explaining import STEPS, basis_text, step_text
from core.idempotency import new_key
from core.identifiers import OFFICE_FIRST_DIGITS, draw_number
from core.vault import citizen_key
from internal_bridge.exchange.models import OutgoingMessage
from petitions.enums import TimelineEvent
from petitions.models import Petition
from petitions.services import submit_petition
from tests.core.samples import JPEG, upload
from tests.petitions.attached import NAME, kept_fields
from tests.petitions.letters import FOLLOW, ask, hidden_fields, letter, opened_by_office, reply, say, visible_text
from tests.petitions.test_words import SAID_HERE

pytestmark = [pytest.mark.django_db]

SUPPLEMENT, WITHDRAWAL = f"{FOLLOW}supplement/", f"{FOLLOW}withdrawal/"
DEADLINES = [
    {
        "stage": "answer",
        "due": "2099-10-16",
        "basis": "petition_2022:34",
        "state": "running",
        "explanation": [
            {"code": "starts_after", "params": {"from": "2099-08-10"}},
            {"code": "calendar_days", "params": {"days": 60}},
            {"code": "rolled_forward", "params": {"from": "2099-10-09", "to": "2099-10-16", "holiday": "national_day"}},
        ],
    },
    {"stage": "closing", "due": None, "basis": "hotline", "state": "paused", "explanation": []},
]


@pytest.fixture
def receipt(peer, folder):
    return submit_petition(kind="complaint", data=letter(), key=None)


@pytest.fixture
def petition(receipt):
    return Petition.objects.get(number=receipt["number"])


@pytest.fixture
def codes(receipt):
    return {"number": receipt["number"], "code": receipt["receipt_code"]}


def words(response):
    return visible_text(response.content.decode())


def sent():
    return OutgoingMessage.objects.exclude(type__contains="petition.submitted").order_by("id")


@pytest.mark.bridge
def test_a_question_stands_first_and_is_answered_in_two_steps(client, peer, petition, codes):
    seq = ask(peer, petition)
    page = client.post(FOLLOW, codes)
    assert "需要您做一件事" in words(page)

    form = client.post(SUPPLEMENT, codes | {"in_reply_to": str(seq)})
    html = form.content.decode()
    assert form.status_code == 200
    assert "夜里还听到施工声吗" in words(form)
    assert "云岭市住建局" in words(form)
    fields = hidden_fields(html)
    assert fields["number"] == codes["number"]

    bad = client.post(SUPPLEMENT, codes | {"in_reply_to": str(seq), "text": "", "idempotency_key": new_key()})
    assert bad.status_code == 400
    assert "请填写您的回答" in words(bad)
    assert 'href="#id_text"' in bad.content.decode()

    fields = codes | {"in_reply_to": str(seq), "text": "还有，昨晚到一点。", "idempotency_key": new_key()}
    done, again = client.post(SUPPLEMENT, fields), client.post(SUPPLEMENT, fields)
    assert (done.status_code, again.status_code) == (200, 200)
    assert "您的回答已经发送" in words(done)
    assert "需要您做一件事" not in words(done)
    assert "还有，昨晚到一点。" in words(done)
    (message,) = sent()
    assert opened_by_office(peer, message)["text"] == "还有，昨晚到一点。"


@pytest.mark.bridge
def test_files_of_a_supplement_stay_while_it_is_corrected(client, peer, petition, codes):
    fields = codes | {"text": "", "idempotency_key": new_key(), "attachments": [upload(NAME, JPEG)]}
    shown = client.post(SUPPLEMENT, fields)
    html = shown.content.decode()

    assert shown.status_code == 400
    assert NAME in words(shown)
    kept = {"attachments-kept": kept_fields(html)["attachments-kept"]}
    done = client.post(SUPPLEMENT, codes | {"text": "见照片", "idempotency_key": new_key()} | kept)
    assert "补充的内容已经发送" in words(done)
    assert NAME in words(done)
    assert opened_by_office(peer, sent().get())["attachments"][0]["name"] == NAME


def test_a_withdrawal_is_confirmed_first_and_then_shown_as_sent(client, peer, petition, codes):
    form = client.post(WITHDRAWAL, codes)
    assert "发送前请考虑" in words(form)
    assert not sent().exists()
    assert client.post(WITHDRAWAL, codes | {"reason": "长" * 501, "idempotency_key": new_key()}).status_code == 400

    done = client.post(WITHDRAWAL, codes | {"reason": "已经解决", "idempotency_key": new_key()})

    text = words(done)
    for said in ("撤回请求已经发送", "受理中心尚未决定", "您的撤回理由", "已经解决"):
        assert said in text
    assert "撤回后不再办理，会先请您确认" not in text
    refused = client.post(WITHDRAWAL, codes | {"reason": "", "idempotency_key": new_key()})
    assert refused.status_code == 409
    assert "现在不能这样操作" in words(refused)
    assert client.post(WITHDRAWAL, codes).status_code == 409


def test_when_the_office_was_quicker_nothing_is_sent_and_the_citizen_is_told(client, peer, petition, codes):
    client.post(WITHDRAWAL, codes | {"reason": "", "idempotency_key": new_key()})
    say(peer, petition, status="answered", event="answered")

    page = client.post(SUPPLEMENT, codes | {"text": "还有", "idempotency_key": new_key()})

    assert page.status_code == 409
    assert "没有发送任何内容" in words(page)
    assert "受理中心已经作出处理" in words(page)
    assert sent().count() == 1


@pytest.mark.parametrize("path", [SUPPLEMENT, WITHDRAWAL])
def test_nothing_is_opened_without_number_and_code(client, peer, codes, path):
    assert client.get(path).status_code == 302
    assert client.post(path, codes | {"code": "0000-0000-0000-0000-0000"}).status_code == 404
    assert client.post(path, {}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, codes | {"text": "好", "idempotency_key": new_key()}).status_code == 403
    assert not sent().exists()


@pytest.mark.db
def test_limits_are_kept_as_they_were_last_told_and_said_in_both_languages(client, peer, petition, codes):
    say(peer, petition, status="accepted", event="accepted", deadlines=DEADLINES[1:])
    say(peer, petition, status="in_progress", event="dispatched", deadlines=DEADLINES)

    text = words(client.post(FOLLOW, codes)).replace(" ", "")
    for said in (
        "最迟2099-10-16答复",
        "《信访工作条例》第三十四条",
        "从2099-08-10的次日起算。",
        "共计60日，节假日计算在内。",
        "最后一日2099-10-09放假（国庆节），顺延至下一个工作日2099-10-16。",
        "已暂停",
    ):
        assert said in text
    english = words(client.post(f"/en{FOLLOW}", codes))
    assert "Regulations on the Handling of Petitions (2022), Article 34" in english
    assert "is a day off (National Day)" in english

    headers = {"x-receipt-code": codes["code"], "accept-language": "en"}
    answer = client.get(f"/api/v1/petitions/{codes['number']}/", headers=headers).json()
    assert [(one["stage"], one["due"], one["basis"], one["state"]) for one in answer["deadlines"]] == [
        ("answer", "2099-10-16", "petition_2022:34", "running"),
        ("closing", None, "hotline", "paused"),
    ]
    assert answer["deadlines"][0]["explanation"][0] == "The count begins on the day after 2099-08-10."


def test_a_limit_is_also_a_calendar_of_its_days(client, peer, petition, codes):
    """Two working days from Thursday 24 September 2026: the Mid-Autumn days are off (notice for 2026)."""
    steps = [
        {"code": "starts_after", "params": {"from": "2026-09-24"}},
        {"code": "days_off_skipped", "params": {"from": "2026-09-25", "to": "2026-09-27", "days": 3, "holiday": "mid_autumn"}},
        {"code": "working_days", "params": {"days": 2, "to": "2026-09-29"}},
    ]
    limit = {"stage": "answer", "due": "2026-09-29", "basis": "hotline", "state": "met", "explanation": steps}
    say(peer, petition, status="in_progress", event="signed", deadlines=[limit])

    page = client.post(FOLLOW, codes).content.decode()
    table = page[page.index('<table class="zq-cal">') : page.index("</table>")]
    assert "2026-09-24 至 2026-09-29 逐日计算：2 个工作日" in table
    days = re.findall(r'<td(?: class="is-(\w+)")?><b>([\d-]+)</b><span>([^<]+)</span>', table)
    assert days == [
        ("", "9-24", "起算"), ("off", "25", "中秋节"), ("off", "26", "中秋节"), ("off", "27", "中秋节"),
        ("count", "28", "第1天"), ("due", "29", "第2天"),
    ]  # fmt: skip
    assert "Day by day from 2026-09-24 to 2026-09-29: 2 working days" in words(client.post(f"/en{FOLLOW}", codes))


@pytest.mark.db
def test_a_petition_that_is_classified_anew_has_its_new_kind(client, peer, petition, codes):
    say(peer, petition, status="received", event="reclassified", params={"kind": "help"})

    petition.refresh_from_db()
    assert petition.kind == "help"
    assert "现在的类型：求助" in words(client.post(FOLLOW, codes))


@pytest.mark.db
def test_a_petition_by_phone_is_followed_and_supplemented_like_any_other(client, peer, codes):
    number, code = draw_number(datetime.date(2026, 11, 13), first_digits=OFFICE_FIRST_DIGITS), codes["code"]
    public = citizen_key(code, number=number).public
    uid = "019a2f3c-7d10-7a41-9c3e-5b0f6a1d2e01"
    data = {
        "uid": uid,
        "number": number,
        "kind": "help",
        "received_at": "2026-11-13T08:00:00+08:00",
        "citizen_key": public.hex(),
    }
    peer.bring(peer.message(stream=f"case:{uid}", type="case.opened.v1", data=data))
    petition = Petition.objects.get(uid=uid)
    reply(peer, petition, "已登记您的来电。", kind="note")
    seq = ask(peer, petition, "在哪个小区？")

    page = client.post(FOLLOW, {"number": number, "code": code})
    assert page.status_code == 200
    assert "已登记您的来电" in words(page)
    fields = {"number": number, "code": code, "in_reply_to": str(seq), "text": "龙井社区", "idempotency_key": new_key()}
    assert "您的回答已经发送" in words(client.post(SUPPLEMENT, fields))
    assert opened_by_office(peer, sent().get()) == {"text": "龙井社区", "attachments": []}


def test_every_step_of_a_case_is_told_on_the_page(client, peer, petition, codes):
    told = [event for event in TimelineEvent if event not in SAID_HERE]
    for event in told:
        say(peer, petition, status="in_progress", event=event.value, params={"answer": 1, "days": 2})

    steps = re.findall(r"<h3>(.*?)<time", client.post(FOLLOW, codes).content.decode().split('id="course"')[1])
    assert len(set(steps)) == len(steps) == len(told) + 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_step_of_a_calculation_has_a_sentence_with_and_without_its_parameters(language):
    full = {"from": "2026-10-01", "to": "2026-10-08", "days": 7, "holiday": "mid_autumn"}
    with override(language):
        for code in STEPS:
            for params in ({}, {"days": 3}, {"from": "2026-10-01"}, {"from": "2026-10-01", "to": "2026-10-01"}, full):
                text = step_text({"code": code, "params": params})
                assert "%(" not in text
                assert text.endswith("。" if language == "zh-hans" else ".")


@pytest.mark.parametrize(
    ("basis", "text"),
    [
        ("petition_2022:23.3", "《信访工作条例》第二十三条第三款"),
        ("petition_2022:10", "《信访工作条例》第十条"),
        ("petition_2022:101", "《信访工作条例》第一百零一条"),
        ("petition_2022:110", "《信访工作条例》第一百一十条"),
        ("hotline", "政务服务便民热线办理时限规定"),
    ],
)
def test_what_a_limit_rests_on_is_cited_as_laws_are(basis, text):
    with override("zh-hans"):
        assert basis_text(basis) == text

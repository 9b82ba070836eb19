"""Notices to petitioners: of what is news, once, without content, by the ways that the city has on."""

import datetime
import hashlib
import json
import logging

import httpx
import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core.models import AuditRecord
from internal_bridge.casework.enums import NoticeState
from internal_bridge.casework.models import Notice
from internal_bridge.casework.notices import gateways, sending
from internal_bridge.casework.notices.gateways import NotSent, TencentSms, Words
from internal_bridge.casework.tasks import send_waiting_notices
from tests.casework.office import REPLY

pytestmark = [pytest.mark.django_db]

ACCOUNT = {
    "url": "https://sms.tencentcloudapi.com/",
    "region": "ap-guangzhou",
    "secret_id": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    "secret_key": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
    "app_id": "1400006666",
    "sign_name": "云岭市",
    "template_news": "1110",
    "template_answered": "1111",
}


class Recorder:
    """A gateway that keeps what it sends, or raises what it is told to."""

    def __init__(self):
        self.sent, self.raises = [], []

    def send(self, address, words):
        if self.raises:
            raise self.raises.pop(0)
        self.sent.append((address, words.text))


@pytest.fixture
def sms(settings, monkeypatch):
    settings.NOTICE_CHANNELS = ["sms"]
    settings.PORTAL_URL = "https://www.example.gov.cn"
    recorder = Recorder()
    monkeypatch.setattr(sending, "gateway_for", lambda channel: recorder)
    return recorder


@pytest.mark.db
@pytest.mark.bridge
def test_what_is_news_is_sent_once_and_says_nothing_of_the_matter(peer, town, sms):
    case = town.bring(town.register(peer), "in_progress")
    assert send_waiting_notices() == 1
    assert send_waiting_notices() == 0
    town.do("handler.cgj", "ask_petitioner", case, text="在几号楼？")
    send_waiting_notices()

    assert [notice.event for notice in Notice.objects.order_by("seq")] == ["accepted", "asked"]
    assert {notice.state for notice in Notice.objects.all()} == {NoticeState.SENT}
    for address, text in sms.sent:
        assert address == "13700003518"
        assert (
            text == f"您的信件{case.number[:8]}…有新进展，请到https://www.example.gov.cn/petitions/follow/凭编号和回执码查看。"
        )
    assert len(sms.sent) == 2
    audited = AuditRecord.objects.filter(action="case.notice_addressed", subject=case.subject)
    assert [record.actor for record in audited] == [None, None]
    assert "13700003518" not in str([record.params for record in audited])


@pytest.mark.bridge
def test_an_answer_brings_the_link_by_which_it_is_rated(peer, town, sms):
    case = town.bring(town.register(peer), "answered")
    send_waiting_notices()
    link = sms.sent[-1][1].rpartition("/petitions/rating/")[2].rstrip("/")
    offer = json.loads(bytes(case_message(case, "rating.offered").payload))["data"]
    assert offer["token_hash"] == hashlib.sha256(bytes.fromhex(link)).hexdigest()
    assert REPLY not in sms.sent[-1][1]


def case_message(case, type):
    from internal_bridge.exchange.models import OutgoingMessage

    return OutgoingMessage.objects.get(stream__name=case.subject, type__contains=type)


def test_a_city_that_has_no_way_on_opens_none_and_who_left_nothing_gets_none(peer, town, sms, settings):
    settings.NOTICE_CHANNELS = []
    town.bring(town.register(peer), "accepted")
    assert not Notice.objects.exists()
    settings.NOTICE_CHANNELS = ["sms", "email"]
    town.bring(town.register(peer, phone="", email="", kind="suggestion"), "accepted")
    send_waiting_notices()
    assert [notice.state for notice in Notice.objects.all()] == [NoticeState.NO_ADDRESS] * 2
    assert not AuditRecord.objects.filter(action="case.notice_addressed").exists()


@pytest.mark.db
def test_what_surely_did_not_leave_is_tried_again_ever_later_and_given_up_in_the_end(peer, town, sms):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        town.bring(town.register(peer), "accepted")
        sms.raises = [NotSent("unreachable")] * 2
        assert (send_waiting_notices(), send_waiting_notices()) == (0, 0)
        notice = Notice.objects.get()
        assert (notice.state, notice.attempts, notice.problem) == (NoticeState.WAITING, 1, "unreachable")
        for minutes, attempts in ((1, 2), (2, 3)):
            clock.shift(datetime.timedelta(minutes=minutes))
            send_waiting_notices()
            assert Notice.objects.get().attempts == attempts
        assert Notice.objects.get().state == NoticeState.SENT
    assert len(sms.sent) == 1

    Notice.objects.update(state=NoticeState.WAITING, attempts=sending.MOST_ATTEMPTS - 1, due_at=timezone.now())
    sms.raises = [NotSent("unreachable")]
    send_waiting_notices()
    assert Notice.objects.get().state == NoticeState.FAILED
    Notice.objects.update(state=NoticeState.WAITING, attempts=0, due_at=timezone.now())
    sms.raises = [NotSent("FailedOperation.PhoneNumberInBlacklist", hopeless=True)]
    send_waiting_notices()
    assert Notice.objects.get().state == NoticeState.FAILED


def test_what_may_have_left_is_not_sent_a_second_time(peer, town, sms, caplog):
    town.bring(town.register(peer), "accepted")
    sms.raises = [httpx.ReadTimeout("no answer from 13700003518")]
    with caplog.at_level(logging.ERROR):
        send_waiting_notices()
    assert Notice.objects.get().state == NoticeState.UNKNOWN
    assert "13700003518" not in caplog.text

    # A worker that died while sending.
    Notice.objects.update(state=NoticeState.SENDING, due_at=timezone.now())
    assert send_waiting_notices() == 0
    assert Notice.objects.get().state == NoticeState.UNKNOWN
    assert sms.sent == []


def test_mail_goes_by_djangos_settings(peer, town, settings):
    settings.NOTICE_CHANNELS, settings.NOTICE_GATEWAYS = ["email"], {"email": "mail"}
    town.bring(town.register(peer, email="wei@example.org"), "accepted")
    assert send_waiting_notices() == 1
    (sent,) = mail.outbox
    assert sent.to == ["wei@example.org"]
    assert "有新进展" in sent.body
    assert "打桩" not in sent.body + sent.subject


def test_the_console_shows_no_number(peer, town, settings, caplog):
    settings.NOTICE_CHANNELS, settings.NOTICE_GATEWAYS = ["sms"], {"sms": "console"}
    town.bring(town.register(peer), "accepted")
    with caplog.at_level(logging.INFO):
        assert send_waiting_notices() == 1
    assert "13700003518" not in caplog.text
    assert "3518" in caplog.text


class Tencent:
    """The provider, as its documents say it answers; it checks the signature with the account's secret."""

    def __init__(self, answer):
        self.answer, self.seen = answer, []

    def __call__(self, request):
        at = datetime.datetime.fromtimestamp(int(request.headers["X-TC-Timestamp"]), datetime.UTC)
        expected = TencentSms().headers(request.content, at=at)
        assert request.headers["Authorization"] == expected["Authorization"]
        self.seen.append(json.loads(request.content))
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(200, json={"Response": self.answer}) if isinstance(self.answer, dict) else self.answer


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"SendStatusSet": [{"Code": "Ok", "Message": "send success"}], "RequestId": "x"}, None),
        ({"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}], "RequestId": "x"}, (NotSent, False)),
        ({"SendStatusSet": [{"Code": "FailedOperation.PhoneNumberInBlacklist"}], "RequestId": "x"}, (NotSent, True)),
        ({"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "…"}, "RequestId": "x"}, (NotSent, False)),
        (httpx.Response(502), (NotSent, False)),
        (httpx.ConnectError("refused"), (NotSent, False)),
        (httpx.ReadTimeout("late"), (httpx.ReadTimeout, False)),
    ],
    ids=str,
)
def test_the_providers_answers_are_read_as_what_they_say(settings, answer, error):
    settings.TENCENT_SMS = ACCOUNT
    provider = Tencent(answer)
    gateway = TencentSms(transport=httpx.MockTransport(provider))
    words = Words(subject="", text="", parts=["20261124…", "https://www.example.gov.cn/petitions/follow/"], rates=False)
    if error is None:
        gateway.send("137 0000 3518", words)
    else:
        with pytest.raises(error[0]) as raised:
            gateway.send("13700003518", words)
        assert getattr(raised.value, "hopeless", False) == error[1]
    (sent,) = provider.seen
    assert (sent["PhoneNumberSet"], sent["TemplateId"], sent["TemplateParamSet"]) == (["+8613700003518"], "1110", words.parts)


def test_a_request_is_signed_as_the_providers_documents_work_it_out(settings):
    """Worked out by hand in the order of the provider's documents, from the same inputs."""
    settings.TENCENT_SMS = ACCOUNT
    payload = b'{"PhoneNumberSet": []}'
    at = datetime.datetime.fromtimestamp(1551113065, datetime.UTC)
    import hmac

    hashed = hashlib.sha256(payload).hexdigest()
    canonical = "\n".join(
        [
            "POST", "/", "", "content-type:application/json; charset=utf-8", "host:sms.tencentcloudapi.com",
            "x-tc-action:sendsms", "", "content-type;host;x-tc-action", hashed,
        ]
    )  # fmt: skip
    text = "\n".join(
        ["TC3-HMAC-SHA256", "1551113065", "2019-02-25/sms/tc3_request", hashlib.sha256(canonical.encode()).hexdigest()]
    )

    def sign(key, message):
        return hmac.new(key, message.encode(), hashlib.sha256).digest()

    key = sign(sign(sign(("TC3" + ACCOUNT["secret_key"]).encode(), "2019-02-25"), "sms"), "tc3_request")
    headers = gateways.TencentSms().headers(payload, at=at)
    assert headers["Authorization"].endswith(f"Signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}")
    assert "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/sms/tc3_request" in headers["Authorization"]

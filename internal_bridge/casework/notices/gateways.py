"""The ways out: a console for demonstrations, mail by Django, text messages by Tencent Cloud's HTTP API.

A gateway either returns, and the notice has left, or raises ``NotSent``: then surely nothing has left, and it may be tried
again. Everything else that it raises leaves open what happened, and the notice is not sent a second time.
"""

import dataclasses
import datetime
import hashlib
import hmac
import json
import logging
import smtplib
from typing import Protocol

import httpx
from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# What the gateway says of a number or a template: to try it again changes nothing.
HOPELESS = ("InvalidParameterValue.", "FailedOperation.PhoneNumber", "FailedOperation.Template", "FailedOperation.Signature")


class NotSent(Exception):
    """Surely nothing has left; ``code`` says why, ``hopeless`` that it will never."""

    def __init__(self, code: str, *, hopeless: bool = False) -> None:
        super().__init__(code)
        self.code, self.hopeless = code[:64], hopeless


@dataclasses.dataclass(frozen=True)
class Words:
    """A notice in words, and in the parts that an approved template of a provider takes."""

    subject: str
    text: str
    parts: list[str]
    rates: bool


class Gateway(Protocol):
    """One way out."""

    def send(self, address: str, words: Words) -> None:
        """Raises ``NotSent``."""


class Console:
    """Writes to the log what would be sent, and of the address no more than its end."""

    def send(self, address: str, words: Words) -> None:
        logger.info("notice to …%s: %s", address[-4:], words.text)


class Mail:
    """By Django's mail settings (``EMAIL_HOST`` and what goes with it)."""

    def send(self, address: str, words: Words) -> None:
        """Raises ``NotSent`` for what the server refuses, and when it cannot be reached."""
        try:
            EmailMessage(subject=words.subject, body=words.text, to=[address]).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise NotSent("recipient_refused", hopeless=True) from error
        except (smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError, ConnectionRefusedError) as error:
            raise NotSent(type(error).__name__) from error


class TencentSms:
    """Tencent Cloud SMS, ``SendSms`` of 2021-01-11, signed with TC3-HMAC-SHA256.

    In mainland China a text message is a template that the provider has approved, filled with a few parts. ``news`` takes
    the short number and the address, ``answered`` the link for rating besides.
    """

    action, version, service = "SendSms", "2021-01-11", "sms"

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self.account: dict[str, str] = settings.TENCENT_SMS
        self.transport = transport

    def send(self, address: str, words: Words) -> None:
        """Raises ``NotSent``; of an answer that does not come nobody knows whether the message left."""
        account = self.account
        payload = json.dumps(
            {
                "PhoneNumberSet": [_international(address)],
                "SmsSdkAppId": account["app_id"],
                "SignName": account["sign_name"],
                "TemplateId": account["template_answered" if words.rates else "template_news"],
                "TemplateParamSet": words.parts,
            }
        ).encode()
        try:
            with httpx.Client(timeout=TIMEOUT, transport=self.transport, trust_env=False) as client:
                response = client.post(account["url"], content=payload, headers=self.headers(payload))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSent("unreachable") from error
        if response.status_code != httpx.codes.OK:
            raise NotSent(f"http_{response.status_code}")
        answer = response.json()["Response"]
        code = answer["Error"]["Code"] if "Error" in answer else answer["SendStatusSet"][0]["Code"]
        if code != "Ok":
            raise NotSent(code, hopeless=code.startswith(HOPELESS))

    def headers(self, payload: bytes, *, at: datetime.datetime | None = None) -> dict[str, str]:
        """The headers that sign a request, which are good for five minutes."""
        now = at or datetime.datetime.now(datetime.UTC)
        host, kind = httpx.URL(self.account["url"]).netloc.decode(), "application/json; charset=utf-8"
        signed = "content-type;host;x-tc-action"
        canonical = (
            f"POST\n/\n\ncontent-type:{kind}\nhost:{host}\nx-tc-action:{self.action.lower()}\n\n{signed}\n{_digest(payload)}"
        )
        scope = f"{now:%Y-%m-%d}/{self.service}/tc3_request"
        moment = int(now.timestamp())
        text = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{_digest(canonical.encode())}"
        key = ("TC3" + self.account["secret_key"]).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        credential = f"Credential={self.account['secret_id']}/{scope}"
        return {
            "Authorization": f"TC3-HMAC-SHA256 {credential}, SignedHeaders={signed}, Signature={signature}",
            "Content-Type": kind,
            "Host": host,
            "X-TC-Action": self.action,
            "X-TC-Timestamp": str(moment),
            "X-TC-Version": self.version,
            "X-TC-Region": self.account["region"],
        }


GATEWAYS: dict[str, type[Gateway]] = {"console": Console, "mail": Mail, "tencent": TencentSms}


def gateway_for(channel: str) -> Gateway:
    """The gateway that the city has set for ``sms`` or ``email``. Raises ``KeyError`` for one that there is not."""
    return GATEWAYS[settings.NOTICE_GATEWAYS[channel]]()


def _international(phone: str) -> str:
    """E.164; what has no country code is of mainland China."""
    digits = "".join(char for char in phone if char.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else f"+86{digits}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

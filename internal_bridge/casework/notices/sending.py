"""Notices are sent: each once, tried again after a while where surely nothing left, never where nobody knows.

A row is claimed in one transaction, sent outside of any, and closed in another. A worker that dies in between leaves the row
claimed; after ``LEASE`` it counts as ``unknown``. A petitioner without a notice still has the follow page; one who hears of
the same thing three times stops looking.
"""

import datetime
import logging
import smtplib

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit import record_audit
from internal_bridge.casework.enums import NoticeChannel, NoticeState
from internal_bridge.casework.identity import CaseKey, rating_place
from internal_bridge.casework.models import Notice, RatingOffer
from internal_bridge.casework.notices.gateways import Gateway, NotSent, Words, gateway_for
from internal_bridge.casework.services.reading import identity_of

logger = logging.getLogger(__name__)

AT_ONCE = 100
LEASE = datetime.timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = datetime.timedelta(minutes=1), datetime.timedelta(hours=6), 12
FIELDS = {NoticeChannel.SMS: "phone", NoticeChannel.EMAIL: "email"}


def send_waiting_notices() -> int:
    """Send what is due, at most ``AT_ONCE``; how many have left."""
    gateways: dict[str, Gateway] = {}
    sent = 0
    for _turn in range(AT_ONCE):
        notice = _claim()
        if notice is None:
            break
        if notice.channel not in gateways:
            gateways[notice.channel] = gateway_for(notice.channel)
        sent += _send(notice, gateways[notice.channel])
    return sent


def _claim() -> Notice | None:
    now = timezone.now()
    with transaction.atomic():
        due = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now)
        due.filter(state=NoticeState.SENDING).update(state=NoticeState.UNKNOWN)
        notice = due.filter(state=NoticeState.WAITING).order_by("due_at", "id").first()
        if notice is None:
            return None
        notice.state, notice.due_at, notice.attempts = NoticeState.SENDING, now + LEASE, notice.attempts + 1
        notice.save(update_fields=["state", "due_at", "attempts"])
    return notice


def _send(notice: Notice, gateway: Gateway) -> bool:
    address = _open_address(notice)
    if not address:
        return _close(notice, NoticeState.NO_ADDRESS)
    try:
        gateway.send(address, _words(notice))
    except NotSent as problem:
        return _try_later(notice, problem)
    except (httpx.HTTPError, smtplib.SMTPException, OSError, ValueError, LookupError) as error:
        # It may have left. The address stands in no log.
        logger.error("notice %s: %s", notice.pk, type(error).__name__)
        return _close(notice, NoticeState.UNKNOWN, problem=type(error).__name__)
    return _close(notice, NoticeState.SENT)


def _open_address(notice: Notice) -> str:
    """The number or the address that the petitioner left; the system's opening of it stands in the audit log."""
    address: str = identity_of(notice.case)[FIELDS[NoticeChannel(notice.channel)]]
    if address:
        with transaction.atomic():
            params = {"number": notice.case.number, "event": notice.event, "channel": notice.channel}
            record_audit(action="case.notice_addressed", subject=notice.case.subject, actor=None, params=params)
    return address


def _words(notice: Notice) -> Words:
    """That there is news, and where; of an answer the link by which it is rated. In Chinese, as the city writes to citizens."""
    short, follow = f"{notice.case.number[:8]}…", f"{settings.PORTAL_URL}/petitions/follow/"
    link = _rating_link(notice)
    with override("zh-hans"):
        text = _("Your petition %(number)s has news. Look at %(address)s with number and receipt code.")
        text %= {"number": short, "address": follow}
        if link:
            text += _(" Rate the answer: %(link)s") % {"link": link}
        subject = _("News of your petition %(number)s") % {"number": short}
    return Words(subject=subject, text=text, parts=[short, follow, *([link] if link else [])], rates=bool(link))


def _rating_link(notice: Notice) -> str:
    offer = RatingOffer.objects.filter(reply__case=notice.case, reply__number=notice.answer).first() if notice.answer else None
    if offer is None or notice.answer is None:
        return ""
    token = CaseKey.of(notice.case).decrypt(rating_place(notice.answer), bytes(offer.box)).decode()
    return f"{settings.PORTAL_URL}/petitions/rating/{token}/"


def _try_later(notice: Notice, problem: NotSent) -> bool:
    if problem.hopeless or notice.attempts >= MOST_ATTEMPTS:
        return _close(notice, NoticeState.FAILED, problem=problem.code)
    notice.due_at = timezone.now() + min(FIRST_PAUSE * 2 ** (notice.attempts - 1), LONGEST_PAUSE)
    return _close(notice, NoticeState.WAITING, problem=problem.code)


def _close(notice: Notice, state: NoticeState, *, problem: str = "") -> bool:
    notice.state, notice.problem = state, problem
    notice.sent_at = timezone.now() if state == NoticeState.SENT else None
    notice.save(update_fields=["state", "problem", "sent_at", "due_at"])
    return state == NoticeState.SENT

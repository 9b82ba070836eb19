"""Rating an answer: with the receipt code, or by the link that came with the answer; once for each answer (04 "Citizen").

The link opens nothing: whoever has it can rate that one answer and reads not a word. A case that is handled again is answered
again, and what could be rated before no longer can.
"""

import datetime
from typing import Any

from django.utils import timezone

from core.idempotency import once
from core.rating_tokens import token_hash
from petitions.copies import OpenedPetition, Said, keep_said
from petitions.enums import Action, TimelineEvent
from petitions.models import Petition, RatingOffer
from petitions.supplements import NotAllowed, locked, noted, send_request


class NoSuchOffer(Exception):
    """No answer was offered for rating under this link."""


def offer_rating(*, uid: str, answer: int, token_hash: str, at: datetime.datetime) -> None:
    """The office lets an answer be rated. A repeat changes nothing. Raises ``Petition.DoesNotExist``."""
    petition = Petition.objects.select_for_update().get(uid=uid)
    _offer, is_new = RatingOffer.objects.get_or_create(
        petition=petition, answer=answer, defaults={"token_hash": token_hash, "offered_at": at}
    )
    if is_new and answer >= petition.answers:
        petition.answers, petition.rating_open = answer, True
        petition.save(update_fields=["answers", "rating_open"])


def find_offer(token: str) -> RatingOffer:
    """What a link offers for rating. Raises ``NoSuchOffer``."""
    offer = RatingOffer.objects.select_related("petition").filter(token_hash=token_hash(token)).first()
    if offer is None:
        raise NoSuchOffer
    return offer


def is_open(offer: RatingOffer) -> bool:
    """Whether it is still waited for: not rated, and of the answer that stands."""
    petition = offer.petition
    return offer.rated_at is None and offer.answer == petition.answers and petition.rating_open


def rate_answer(*, opened: OpenedPetition, score: int, comment: str, key: str | None) -> dict[str, Any]:
    """Rate the latest answer with number and code; returns ``{number, status, sent_at}``.

    ``score`` is 1 to 5. Raises ``NotAllowed``, also the second time, ``InvalidKey`` and ``KeyReused``.
    """
    return once(
        scope=f"petition {opened.petition.uid} rating",
        key=key,
        fields={"score": score, "comment": comment},
        prepare=lambda: None,
        effect=lambda _nothing: _rate(opened.petition, score, comment, by="code"),
    )


def rate_by_link(*, token: str, score: int, comment: str, key: str | None) -> dict[str, Any]:
    """The same by the link of the answer. Raises ``NoSuchOffer`` besides."""
    offer = find_offer(token)
    return once(
        scope=f"rating {offer.token_hash}",
        key=key,
        fields={"score": score, "comment": comment},
        prepare=lambda: None,
        effect=lambda _nothing: _rate(offer.petition, score, comment, by="token", answer=offer.answer),
    )


def _rate(petition: Petition, score: int, comment: str, *, by: str, answer: int | None = None) -> dict[str, Any]:
    petition, now = locked(petition, Action.RATING), timezone.now()
    if answer not in (None, petition.answers):
        raise NotAllowed
    offer = petition.rating_offers.get(answer=petition.answers)
    offer.rated_at, petition.rating_open = now, False
    offer.save(update_fields=["rated_at"])
    petition.save(update_fields=["rating_open"])
    keep_said(petition, Said.RATING, at=now, score=score, comment=comment)
    send_request(petition, "petition.rated", now, {"score": score, "comment": comment}, answer=offer.answer, by=by)
    return noted(petition, TimelineEvent.RATED, now)

"""What a citizen asks for beyond the answer, with the receipt code or by a rating's link (11)."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.idempotency import InvalidKey
from core.problems import Conflict, problems, refuse_unknown_query
from petitions.api.request_views import state_first
from petitions.api.serializers import (
    NothingSerializer,
    RatedSerializer,
    RatingSerializer,
    ReviewRequestSerializer,
    SentSerializer,
)
from petitions.api.views import IDEMPOTENCY_KEY, RECEIPT_CODE, opened_by, storage_needed
from petitions.enums import Action
from petitions.services import (
    NoSuchOffer,
    NotAllowed,
    OpenedPetition,
    find_offer,
    is_open,
    rate_answer,
    rate_by_link,
    request_review,
    withdraw_consent,
)
from petitions.throttling import count_submission

REFUSALS = problems(400, 404, 409, 415, 429, 503)
Ask = Callable[[OpenedPetition, dict[str, Any], str | None], dict[str, Any]]


def asked_for(request: Request, number: str, action: Action, body: type[Serializer], ask: Ask) -> Response:
    """Take what is asked for with the receipt code: 404 before 409 before 400."""
    count_submission(request)
    opened = opened_by(request, number)
    refusal = _("Your request could not be stored. Try again later, or call 12345.")
    with state_first(opened, action), storage_needed(refusal):
        refuse_unknown_query(request)
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        sent = ask(opened, given.validated_data, request.headers.get("Idempotency-Key"))
    return Response(SentSerializer(sent).data, status=202)


@method_decorator(never_cache, name="dispatch")
class RatingView(APIView):
    """Rate the latest answer, once. A case that is handled again offers a new rating with its new answer."""

    @extend_schema(
        operation_id="petition_rate",
        request=RatingSerializer,
        responses={202: SentSerializer, **REFUSALS},
        parameters=[RECEIPT_CODE, IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        def ask(opened: OpenedPetition, given: dict[str, Any], key: str | None) -> dict[str, Any]:
            return rate_answer(opened=opened, score=given["score"], comment=given.get("comment", ""), key=key)

        return asked_for(request, number, Action.RATING, RatingSerializer, ask)


@method_decorator(never_cache, name="dispatch")
class ReviewRequestView(APIView):
    """Ask for a review of the latest answer, also of a closed petition, until the day in `deadlines`; once an answer."""

    @extend_schema(
        operation_id="petition_request_review",
        request=ReviewRequestSerializer,
        responses={202: SentSerializer, **REFUSALS},
        parameters=[RECEIPT_CODE, IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        def ask(opened: OpenedPetition, given: dict[str, Any], key: str | None) -> dict[str, Any]:
            return request_review(opened=opened, reason=given["reason"], key=key)

        return asked_for(request, number, Action.REVIEW_REQUEST, ReviewRequestSerializer, ask)


@method_decorator(never_cache, name="dispatch")
class ConsentWithdrawalView(APIView):
    """Take the consent to publication back: nothing is published any more, and what was published is withdrawn."""

    @extend_schema(
        operation_id="petition_withdraw_consent",
        request=NothingSerializer,
        responses={202: SentSerializer, **REFUSALS},
        parameters=[RECEIPT_CODE, IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        def ask(opened: OpenedPetition, _given: dict[str, Any], key: str | None) -> dict[str, Any]:
            return withdraw_consent(opened=opened, key=key)

        return asked_for(request, number, Action.CONSENT_WITHDRAWAL, NothingSerializer, ask)


@method_decorator(never_cache, name="dispatch")
class RatingByLinkView(APIView):
    """Rate the answer that a link belongs to, once. The link opens nothing else."""

    @extend_schema(
        operation_id="rating_give",
        request=RatingSerializer,
        responses={202: RatedSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, token: str) -> Response:
        count_submission(request)
        refusal = _("Your rating could not be stored. Try again later, or call 12345.")
        conflict = Conflict(_("This answer has been rated already, or the petition is being handled again."))
        with storage_needed(refusal):
            try:
                offer = find_offer(token)
                refuse_unknown_query(request)
                body = RatingSerializer(data=request.data)
                body.is_valid(raise_exception=True)
                given, key = body.validated_data, request.headers.get("Idempotency-Key")
                sent = rate_by_link(token=token, score=given["score"], comment=given.get("comment", ""), key=key)
            except NoSuchOffer as error:
                raise exceptions.NotFound(_("There is no answer to be rated under this link.")) from error
            except NotAllowed as error:
                raise conflict from error
            except (exceptions.ValidationError, exceptions.ParseError, InvalidKey) as error:
                # The state is looked at before what is wrong with the body.
                if not is_open(offer):
                    raise conflict from error
                raise
        return Response(RatedSerializer({"sent_at": datetime.datetime.fromisoformat(sent["sent_at"])}).data, status=202)

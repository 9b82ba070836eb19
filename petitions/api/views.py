"""``/api/v1/petitions/``: submit, and follow with the receipt code."""

import contextlib
import logging
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import Unavailable, problems, refuse_unknown_query
from petitions.api.serializers import PetitionSerializer, SubmissionSerializer, SubmittedSerializer
from petitions.presenters import represent_petition
from petitions.services import submit_petition
from petitions.throttling import count_submission, open_counted

logger = logging.getLogger(__name__)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", location=OpenApiParameter.HEADER, description="22–128 characters of [A-Za-z0-9_-]"
)
RECEIPT_CODE = OpenApiParameter("X-Receipt-Code", location=OpenApiParameter.HEADER, required=True)


@contextlib.contextmanager
def storage_needed(refusal: str) -> Iterator[None]:
    """Answer 503 with ``refusal`` when database or keys are away: neither a false receipt nor a wrong code."""
    try:
        yield
    except (DatabaseError, ImproperlyConfigured) as error:
        logger.exception("a request could not be served")
        raise Unavailable(refusal) from error


@method_decorator(never_cache, name="dispatch")
class PetitionsView(APIView):
    """Submit a petition without an account."""

    @extend_schema(
        operation_id="petition_submit",
        request=SubmissionSerializer,
        responses={201: SubmittedSerializer, **problems(400, 409, 415, 429, 503)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        count_submission(request)
        refuse_unknown_query(request)
        body = SubmissionSerializer(data=request.data)
        with storage_needed(_("Your petition could not be stored. Try again later, or call 12345.")):
            body.is_valid(raise_exception=True)
            data = body.validated_data
            receipt = submit_petition(kind=data["kind"], data=data, key=request.headers.get("Idempotency-Key"))
        answer = receipt | {"follow_url": request.build_absolute_uri(reverse("petitions:follow"))}
        return Response(SubmittedSerializer(answer).data, status=201)


@method_decorator(never_cache, name="dispatch")
class PetitionView(APIView):
    """What the receipt code opens."""

    @extend_schema(
        operation_id="petition_read",
        responses={200: PetitionSerializer, **problems(400, 404, 429, 503)},
        parameters=[RECEIPT_CODE],
    )
    @sensitive_variables()
    def get(self, request: Request, number: str) -> Response:
        with storage_needed(_("Your petition cannot be shown at the moment. Try again later, or call 12345.")):
            opened = open_counted(request, number=number, code=request.headers.get("X-Receipt-Code", ""))
        if opened is None:
            raise exceptions.NotFound(_("There is no petition with this number and receipt code."))
        refuse_unknown_query(request)
        return Response(PetitionSerializer(represent_petition(opened)).data)

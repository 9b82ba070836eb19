"""``/api/v1/petitions/``: submit, and follow with the receipt code. ``/api/v1/units/``: the directory."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.pagination import PARAMETERS, Pages
from core.parsers import Utf8JSONParser
from core.problems import Unavailable, problems, refuse_unknown_query
from core.uploads import ProblemKind, SealingUploadHandler, UploadProblem
from internal_bridge.exchange.public import NoRoom
from petitions.api.parsers import LetterParser
from petitions.api.serializers import (
    MultipartSubmissionSerializer,
    PetitionSerializer,
    SubmissionSerializer,
    SubmittedSerializer,
    UnitSerializer,
)
from petitions.attachments import (
    FIELD,
    Attachment,
    BodyTooLarge,
    problem_text,
    receiving_attachments,
    refusal_status,
)
from petitions.download import own_file
from petitions.models import Unit
from petitions.presenters import represent_petition
from petitions.querysets import UnitQuerySet
from petitions.services import OpenedPetition, submit_petition
from petitions.throttling import count_own_file, count_submission, open_counted

logger = logging.getLogger(__name__)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", location=OpenApiParameter.HEADER, description="22–128 characters of [A-Za-z0-9_-]"
)
RECEIPT_CODE = OpenApiParameter("X-Receipt-Code", location=OpenApiParameter.HEADER, required=True)

UNIT_STATES: dict[str, Callable[[UnitQuerySet], UnitQuerySet]] = {
    "open": UnitQuerySet.open,
    "closed": UnitQuerySet.closed,
    "all": UnitQuerySet.all,
}


class FilesRefused(exceptions.APIException):
    """413 or 415: a file is too large, there are too many, or one is of a kind that is not taken."""

    default_detail = gettext_lazy("A file cannot be taken")


class AnyAccept(BaseContentNegotiation):
    """The answer has one media type, and an error another, whatever ``Accept`` says."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@contextlib.contextmanager
def storage_needed(refusal: str) -> Iterator[None]:
    """Answer 503 with ``refusal`` when database, disk or keys are away: neither a false receipt nor a wrong code."""
    try:
        yield
    except (DatabaseError, ImproperlyConfigured, NoRoom, OSError) as error:
        logger.exception("a request could not be served")
        raise Unavailable(refusal) from error


@contextlib.contextmanager
def files_sealed(request: Request) -> Iterator[SealingUploadHandler]:
    """``receiving_attachments`` for the API."""
    try:
        with receiving_attachments(request._request) as uploads:
            yield uploads
    except BodyTooLarge as error:
        refusal = FilesRefused(_("The files are too large together. Nothing has been sent."))
        refusal.status_code = 413
        raise refusal from error


def refuse_problems(problems: list[UploadProblem]) -> None:
    """Raise what the problems of the request's files come to."""
    if not problems:
        return
    first, status = problems[0], refusal_status(problems)
    if status == 400:
        field = first.name if first.kind is ProblemKind.UNEXPECTED else FIELD
        raise exceptions.ValidationError({field: [problem_text(first)]})
    refusal = FilesRefused(" ".join(problem_text(problem) for problem in problems))
    refusal.status_code = status
    raise refusal


@method_decorator(never_cache, name="dispatch")
class UnitsView(generics.ListAPIView):
    """The city's directory in its order: the units that are open today, or those that are closed, or all."""

    serializer_class = UnitSerializer
    pagination_class = Pages
    queryset = Unit.objects.all()

    @extend_schema(
        operation_id="unit_list",
        parameters=[OpenApiParameter("state", enum=list(UNIT_STATES), description="`open` when it is not given")],
        responses={200: UnitSerializer(many=True), **problems(400, 404)},
    )
    def get(self, request: Request) -> Response:
        refuse_unknown_query(request, "state", *PARAMETERS)
        return self.list(request)

    def get_queryset(self) -> QuerySet[Unit]:
        state = self.request.query_params.get("state", "open")
        if state not in UNIT_STATES:
            raise exceptions.ValidationError({"state": [_("Choose one of: %(words)s.") % {"words": ", ".join(UNIT_STATES)}]})
        return UNIT_STATES[state](Unit.objects.all())


@method_decorator(never_cache, name="dispatch")
class PetitionsView(APIView):
    """Submit a petition without an account."""

    parser_classes = [Utf8JSONParser, LetterParser]

    @extend_schema(
        operation_id="petition_submit",
        request={"application/json": SubmissionSerializer, "multipart/form-data": MultipartSubmissionSerializer},
        responses={201: SubmittedSerializer, **problems(400, 409, 413, 415, 429, 503)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        count_submission(request)
        refuse_unknown_query(request)
        refusal = _("Your petition could not be stored. Try again later, or call 12345.")
        with storage_needed(refusal), files_sealed(request) as uploads:
            body = SubmissionSerializer(data=request.data)
            refuse_problems(uploads.problems)
            body.is_valid(raise_exception=True)
            data = body.validated_data
            receipt = submit_petition(
                kind=data["kind"],
                data=data,
                key=request.headers.get("Idempotency-Key"),
                attachments=[Attachment.of(upload) for upload in uploads.sealed],
            )
        answer = receipt | {"follow_url": request.build_absolute_uri(reverse("petitions:follow"))}
        return Response(SubmittedSerializer(answer).data, status=201)


def opened_by(request: Request, number: str) -> OpenedPetition:
    """The petition that the request's receipt code opens. Raises ``NotFound``."""
    with storage_needed(_("Your petition cannot be shown at the moment. Try again later, or call 12345.")):
        opened = open_counted(request, number=number, code=request.headers.get("X-Receipt-Code", ""))
    if opened is None:
        raise exceptions.NotFound(_("There is no petition with this number and receipt code."))
    return opened


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
        opened = opened_by(request, number)
        refuse_unknown_query(request)
        return Response(PetitionSerializer(represent_petition(opened)).data)


@method_decorator(never_cache, name="dispatch")
class OwnFileView(APIView):
    """One's own file, as a ZIP: a page to read, JSON with its schema beside it, and all attachments."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="petition_file",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **problems(400, 404, 429, 503)},
        parameters=[RECEIPT_CODE],
    )
    @sensitive_variables()
    def get(self, request: Request, number: str) -> StreamingHttpResponse:
        opened = opened_by(request, number)
        refuse_unknown_query(request)
        count_own_file(request)
        return own_file(opened)

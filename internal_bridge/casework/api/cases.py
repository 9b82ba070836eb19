"""``/api/v1/cases/``: what the caller may see, a case whole, its files."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.negotiation import AnyAccept
from core.files import FileError
from core.pagination import Pages
from core.problems import Unavailable, problems, refuse_unknown_query
from core.workdays import local_date
from internal_bridge.casework.api.access import (
    NUMBER,
    CaseView,
    MayKnowOfCase,
    MayKnowOfFile,
    caller,
    told_as_problems,
)
from internal_bridge.casework.api.answers import CaseRowSerializer, CaseSerializer
from internal_bridge.casework.api.filters import QUERY, filter_cases
from internal_bridge.casework.api.intake import IntakeView
from internal_bridge.casework.api.representing import for_rows, represent_case, represent_row
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import open_attachment, open_case
from internal_bridge.casework.views.downloads import attachment_response


class CasesView(IntakeView, GenericAPIView):
    """The cases that the caller may see, newest first; as many queries for 600 of them as for 10."""

    pagination_class = Pages
    serializer_class = CaseRowSerializer
    queryset = Case.objects.none()

    @extend_schema(
        operation_id="case_list",
        parameters=QUERY,
        responses={200: CaseRowSerializer(many=True), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        cases = filter_cases(for_rows(Case.objects.visible_to(caller(request))), request)
        today = local_date(timezone.now())
        rows: list[Any] = [represent_row(case, today) for case in self.paginate_queryset(cases) or []]
        return self.get_paginated_response(CaseRowSerializer(rows, many=True).data)


class CaseDetailView(CaseView):
    """A case whole. Reading it is audited; who wrote is masked, and opened by `identity/`."""

    @extend_schema(
        operation_id="case_read", parameters=[NUMBER], responses={200: CaseSerializer, **problems(400, 401, 403, 404)}
    )
    def get(self, request: Request, number: str) -> Response:
        refuse_unknown_query(request)
        with told_as_problems():
            case = open_case(person=caller(request), number=number)
        return Response(CaseSerializer(represent_case(case, caller(request)), context={"number": number}).data)


class CaseAttachmentView(CaseView):
    """A file that came with the case, as it was sent. Each download stands in the case's history."""

    permission_classes = [IsAuthenticated, MayKnowOfCase, MayKnowOfFile]
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="case_attachment",
        parameters=[NUMBER, OpenApiParameter("attachment_id", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **problems(400, 401, 403, 404, 503)},
    )
    def get(self, request: Request, number: str, attachment_id: str) -> StreamingHttpResponse:
        refuse_unknown_query(request)
        try:
            with told_as_problems():
                attachment, chunks = open_attachment(person=caller(request), number=number, attachment_id=int(attachment_id))
        except (FileError, OSError) as error:
            raise Unavailable(_("The file cannot be opened at the moment.")) from error
        return attachment_response(attachment, chunks)

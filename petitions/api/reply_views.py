"""``/api/v1/replies/``: published replies."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.enums import PetitionKind
from core.pagination import PARAMETERS, Pages
from core.problems import Gone, problems, refuse_unknown_query
from petitions.api.serializers import ReplySerializer
from petitions.filters import ORDERINGS, ReplyFilter
from petitions.models import PublishedReply

FILTERS = [
    OpenApiParameter("unit", description="code of the unit that answered"),
    OpenApiParameter("kind", enum=PetitionKind.values),
    OpenApiParameter("topic", description="code"),
    OpenApiParameter("q", description="words that must all stand in title, question or answer; up to 60 characters"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="answered on this day or later"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="answered on this day or earlier"),
    OpenApiParameter("ordering", enum=[value for value, _label in ORDERINGS], description="`-answered_on` when not given"),
]


class RepliesView(generics.ListAPIView):
    """Published replies, newest first unless asked otherwise: redacted, with the petitioner's consent."""

    serializer_class = ReplySerializer
    pagination_class = Pages
    queryset = PublishedReply.objects.public()

    @extend_schema(
        operation_id="reply_list",
        parameters=FILTERS,
        responses={200: ReplySerializer(many=True), **problems(400, 404)},
    )
    def get(self, request: Request) -> Response:
        refuse_unknown_query(request, *ReplyFilter.base_filters, *PARAMETERS)
        return self.list(request)

    def get_queryset(self) -> QuerySet[PublishedReply]:
        asked = ReplyFilter(self.request.query_params, queryset=PublishedReply.objects.public())
        if not asked.is_valid():
            raise exceptions.ValidationError(asked.errors)
        return asked.qs


class ReplyView(APIView):
    """One published reply; 410 when it has been withdrawn."""

    @extend_schema(operation_id="reply_read", responses={200: ReplySerializer, **problems(400, 404, 410)})
    def get(self, request: Request, reply_id: str) -> Response:
        try:
            reply = PublishedReply.objects.filter(uid=uuid.UUID(reply_id)).first()
        except ValueError:
            reply = None
        if reply is None:
            raise exceptions.NotFound(_("There is no published reply with this id."))
        if reply.is_withdrawn:
            raise Gone(_("This reply has been withdrawn and is public no longer."))
        refuse_unknown_query(request)
        return Response(ReplySerializer(reply).data)

"""The inbox by program."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.authentication import LoginAuthentication, TokenAuthentication
from core.models import User
from core.pagination import PARAMETERS, Pages
from core.problems import problems, refuse_unknown_query
from internal_bridge.workflow.api.serializers import WorkItemSerializer
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.presenters import item_rows


@method_decorator(login_not_required, name="dispatch")
class WorkItemsView(ListAPIView):
    """A box of the caller's inbox: what is open by its due date, urgent things first; what is done latest first."""

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes = [IsAuthenticated]
    pagination_class = Pages
    serializer_class = WorkItemSerializer
    queryset = WorkItem.objects.none()

    @extend_schema(
        operation_id="work_items",
        parameters=[
            OpenApiParameter("box", enum=Box.values, default=Box.TODO.value, description="which box; to do when it is left out")
        ],
        responses={200: WorkItemSerializer(many=True), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_unknown_query(request, "box", *PARAMETERS)
        box = request.query_params.get("box", Box.TODO)
        if box not in Box.values:
            raise ValidationError({"box": [_("Choose one of: %(known)s.") % {"known": ", ".join(Box.values)}]})
        person = cast(User, request.user)
        rows = self.paginate_queryset(WorkItem.objects.box(person, box).in_order_of(box).for_rows(person))
        response = self.get_paginated_response(WorkItemSerializer(item_rows(rows or [], person), many=True).data)
        response["Cache-Control"] = "no-store"
        return response

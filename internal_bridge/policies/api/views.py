"""``/api/v1/deadlines/preview/``: the limits that a case would have."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.authentication import LoginAuthentication, TokenAuthentication
from core.enums import PetitionKind
from core.problems import problems, refuse_unknown_query
from core.workdays import local_date
from internal_bridge.policies.api.serializers import ForeseenLimitSerializer, QuestionSerializer
from internal_bridge.policies.enums import Complexity
from internal_bridge.policies.presenters import foreseen_words
from internal_bridge.policies.services import ForeseenLimit, NoPolicy, basis_of, foresee_limits

PARAMETERS = ("kind", "complexity", "received_at")


@method_decorator(login_not_required, name="dispatch")
class PreviewView(APIView):
    """The limits that a case received at that moment would have, each earlier stage done on the day of receipt: the bare
    list, in the order of the policy that holds on that day. Every stage that has a limit stands there once, by the name under
    which citizens are told of it; those that only the office counts (`return`, `assist`, `recall`, `follow_up`,
    `supervision`) by their own. 400 for a day on which no policy holds."""

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes = [IsAuthenticated]
    # Not a page of a longer list.
    pagination_class = None

    @extend_schema(
        operation_id="deadlines_preview",
        parameters=[
            OpenApiParameter("kind", enum=PetitionKind.values, required=True),
            OpenApiParameter("complexity", enum=Complexity.values, description="simple where it is left out"),
            OpenApiParameter(
                "received_at", OpenApiTypes.DATETIME, required=True, description="with a zone; may lie in the future"
            ),
        ],
        responses={200: ForeseenLimitSerializer(many=True), **problems(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        refuse_unknown_query(request, *PARAMETERS)
        twice = [name for name in request.query_params if len(request.query_params.getlist(name)) > 1]
        if twice:
            raise ValidationError({name: [_("Given more than once.")] for name in twice})
        asked = QuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            found = foresee_limits(
                kind=given["kind"],
                complexity=given.get("complexity", ""),
                received_on=local_date(given["received_at"]),
            )
        except NoPolicy as error:
            raise ValidationError({"received_at": [_("No policy holds for this kind on that day.")]}) from error
        response = Response(ForeseenLimitSerializer([_represent(limit) for limit in found], many=True).data)
        response["Cache-Control"] = "no-store"
        return response


def _represent(limit: ForeseenLimit) -> dict[str, Any]:
    return {
        "stage": limit.stage.value,
        "due": limit.due,
        "basis": basis_of(limit.rule),
        "provisional": limit.counted.provisional,
        "explanation": foreseen_words(limit),
    }

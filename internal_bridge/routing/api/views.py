"""``/api/v1/routing/suggest/``: which unit should answer a letter."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.authentication import LoginAuthentication, TokenAuthentication
from core.models import User
from core.problems import problems, refuse_unknown_query
from internal_bridge.routing.api.serializers import LetterSerializer, SuggestionSerializer
from internal_bridge.routing.permissions import can_ask_for_suggestions
from internal_bridge.routing.presenters import reason_words
from internal_bridge.routing.services import Suggestion, suggest_units


class IsDispatcher(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and can_ask_for_suggestions(request.user)


@method_decorator(login_not_required, name="dispatch")
class SuggestView(APIView):
    """Units that should answer a letter, best first, at least five, each with reasons; for dispatchers. Nothing is stored:
    `Idempotency-Key` is ignored."""

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes = [IsDispatcher]

    @extend_schema(
        operation_id="routing_suggest",
        request=LetterSerializer,
        responses={200: SuggestionSerializer(many=True), **problems(400, 401, 403, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        refuse_unknown_query(request)
        asked = LetterSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = suggest_units(**asked.validated_data)
        response = Response(SuggestionSerializer([_represent(suggestion) for suggestion in found], many=True).data)
        response["Cache-Control"] = "no-store"
        return response


def _represent(suggestion: Suggestion) -> dict[str, Any]:
    unit = {"code": suggestion.unit.code, "name": suggestion.unit.short_name}
    return {"unit": unit, "score": suggestion.score, "why": [reason_words(reason) for reason in suggestion.why]}

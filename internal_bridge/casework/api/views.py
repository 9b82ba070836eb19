"""``/api/v1/redaction/propose/``: what to leave out of a text before it is published."""

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
from internal_bridge.casework.api.serializers import RedactionProposalSerializer, RedactionTextSerializer
from internal_bridge.casework.permissions import can_propose_redaction
from internal_bridge.casework.redaction import propose_redaction


class MayProposeRedaction(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and can_propose_redaction(request.user)


@method_decorator(login_not_required, name="dispatch")
class ProposeRedactionView(APIView):
    """The personal data in a text, and the text without it, for handlers and dispatchers.

    Nothing of the text is kept, logged or audited; `Idempotency-Key` is ignored.
    """

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes = [MayProposeRedaction]

    @extend_schema(
        operation_id="redaction_propose",
        request=RedactionTextSerializer,
        responses={200: RedactionProposalSerializer, **problems(400, 401, 403, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        refuse_unknown_query(request)
        given = RedactionTextSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        # The permission has let nobody else come here.
        person: User = request.user  # type: ignore[assignment]
        proposal = propose_redaction(person=person, text=given.validated_data["text"])
        response = Response(RedactionProposalSerializer(proposal).data)
        response["Cache-Control"] = "no-store"
        return response

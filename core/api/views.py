"""A token for a login and its password."""

import math

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts import find_person, locked_words
from core.addresses import address_of
from core.api.serializers import CredentialsSerializer, TokenSerializer
from core.audit import record_audit
from core.authentication import SCHEME
from core.lockout import Locked
from core.problems import problems, refuse_unknown_query
from core.tokens import issue_token


@method_decorator(login_not_required, name="dispatch")
class TokenView(APIView):
    """A token that stands for its person for 12 hours. Wrong passwords count as at the login; `Idempotency-Key` is ignored."""

    authentication_classes = []
    permission_classes = []

    def get_authenticate_header(self, request: Request) -> str:
        return SCHEME

    @extend_schema(
        operation_id="auth_token",
        request=CredentialsSerializer,
        responses={200: TokenSerializer, **problems(400, 401, 403, 415, 429, 503)},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        refuse_unknown_query(request)
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            person = find_person(
                request._request, login=asked.validated_data["username"], password=asked.validated_data["password"]
            )
        except Locked as locked:
            refusal = exceptions.Throttled(wait=math.ceil((locked.until - timezone.now()).total_seconds()))
            refusal.detail = exceptions.ErrorDetail(locked_words(locked), "locked")
            raise refusal from locked
        if person is None:
            raise exceptions.AuthenticationFailed(_("The account or the password is wrong."))
        if person.must_change_password:
            raise exceptions.PermissionDenied(_("Choose a password of your own first, on the login page."))
        with transaction.atomic():
            record_audit(action="login.succeeded", subject=f"user:{person.uid}", actor=person)
            secret, token = issue_token(user=person, address=str(address_of(request) or ""))
        response = Response(TokenSerializer({"token": secret, "expires_at": token.expires_at}).data)
        response["Cache-Control"] = "no-store"
        return response

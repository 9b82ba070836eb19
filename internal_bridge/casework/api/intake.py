"""``POST /api/v1/cases/``: a petition that comes by phone or at the counter."""

from typing import Any

from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.enums import PetitionKind
from core.problems import problems, refuse_unknown_query
from core.serializers import StrictSerializer
from internal_bridge.casework import intake_forms as rules
from internal_bridge.casework.api.access import IDEMPOTENCY_KEY, OfficeView, caller, told_as_problems
from internal_bridge.casework.api.inputs import CODE_LENGTH, TextField
from internal_bridge.casework.enums import TAKEN_DOWN
from internal_bridge.casework.permissions import can_intake_case
from internal_bridge.casework.services import intake_case


class MayIntake(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_intake_case(caller(request))


class SpokenForSerializer(StrictSerializer):
    name = TextField(max_length=rules.NAME_LENGTH)
    relation = TextField(max_length=rules.RELATION_LENGTH)


class CallSerializer(StrictSerializer):
    """What somebody says on the phone or at the counter. Name and phone are needed but for a report or a suggestion."""

    channel = serializers.ChoiceField(choices=[(one.value, one.label) for one in TAKEN_DOWN])
    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    title = TextField(min_length=rules.TITLE_LENGTH[0], max_length=rules.TITLE_LENGTH[1])
    body = TextField(min_length=rules.BODY_LENGTH[0], max_length=rules.BODY_LENGTH[1])
    place = TextField(required=False, allow_blank=True, max_length=rules.PLACE_LENGTH)
    unit_code = TextField(required=False, allow_blank=True, max_length=CODE_LENGTH)
    about_unit_code = TextField(required=False, allow_blank=True, max_length=CODE_LENGTH)
    about_person = TextField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    name = TextField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    phone = TextField(required=False, allow_blank=True, max_length=rules.PHONE_LENGTH)
    email = TextField(required=False, allow_blank=True, max_length=rules.EMAIL_LENGTH)
    urgent = serializers.BooleanField(required=False)
    on_behalf_of = SpokenForSerializer(required=False, allow_null=True)
    withhold_identity = serializers.BooleanField(required=False, help_text="always so for a report")
    allow_publication = serializers.BooleanField(required=False)


class CaseTakenDownSerializer(serializers.Serializer):
    """What the petitioner keeps. The code is stored nowhere and told only here."""

    number = serializers.CharField()
    receipt_code = serializers.CharField()


class IntakeView(OfficeView):
    """The POST of the list of cases, for dispatchers."""

    def get_permissions(self) -> list[Any]:
        if self.request.method == "POST":
            return [IsAuthenticated(), MayIntake()]
        return list(super().get_permissions())

    @extend_schema(
        operation_id="case_take_down",
        parameters=[IDEMPOTENCY_KEY],
        request=CallSerializer,
        responses={201: CaseTakenDownSerializer, **problems(400, 401, 403, 409, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        refuse_unknown_query(request)
        given = CallSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        for name, value in (fields.pop("on_behalf_of", None) or {}).items():
            fields[f"on_behalf_{name}"] = value
        with told_as_problems():
            receipt = intake_case(person=caller(request), fields=fields, key=request.headers.get("Idempotency-Key"))
        return Response(CaseTakenDownSerializer({"number": receipt.number, "receipt_code": receipt.code}).data, status=201)

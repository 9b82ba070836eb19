"""How the bridge does, for whoever watches over it by program."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.authentication import LoginAuthentication, TokenAuthentication
from core.models import User
from core.problems import problems, refuse_unknown_query
from internal_bridge.exchange.alarms import open_alarms
from internal_bridge.exchange.enums import AlarmKind
from internal_bridge.exchange.figures import Backlog
from internal_bridge.exchange.models import Party
from internal_bridge.exchange.permissions import can_operate_bridge

ALARMS_SHOWN = 100


class IsOperator(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and can_operate_bridge(request.user)


class PeerContactSerializer(serializers.Serializer):
    party = serializers.CharField(source="code")
    last_contact = serializers.DateTimeField(source="last_contact_at", allow_null=True)
    clock_skew = serializers.FloatField(allow_null=True, help_text="seconds by which its clock is ahead of ours")


class BridgeAlarmSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=AlarmKind.choices)
    subject = serializers.CharField(help_text="a message id, stream, party or key id")
    count = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class BridgeStatusSerializer(serializers.Serializer):
    backlog = serializers.IntegerField(help_text="messages of ours that the peer has not said to have, up to the watermark")
    incoming = serializers.IntegerField(help_text="messages received and not applied, up to the watermark")
    parked = serializers.IntegerField(help_text="of these, the ones that wait for an earlier message or for files")
    dead_letters = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True, help_text="since when the oldest waits, either way")
    last_contact = serializers.DateTimeField(allow_null=True)
    last_checkpoint = serializers.DateTimeField(allow_null=True, help_text="null: checkpoints do not exist yet")
    peers = PeerContactSerializer(many=True)
    alarms = BridgeAlarmSerializer(many=True)


@method_decorator(login_not_required, name="dispatch")
class StatusView(APIView):
    """The bridge's backlog, dead letters, contacts and open alarms (the latest 100), for operators."""

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes = [IsOperator]

    @extend_schema(operation_id="exchange_status", responses={200: BridgeStatusSerializer, **problems(400, 401, 403)})
    def get(self, request: Request) -> Response:
        refuse_unknown_query(request)
        backlog = Backlog.now(cap=settings.EXCHANGE_WATERMARK)
        peers = Party.objects.exclude(code=settings.EXCHANGE_PARTY).order_by("code")
        answer: dict[str, Any] = {
            "backlog": backlog.outgoing,
            "incoming": backlog.incoming,
            "parked": backlog.parked,
            "dead_letters": backlog.dead,
            "oldest_at": backlog.oldest_at,
            "last_contact": peers.aggregate(last=Max("last_contact_at"))["last"],
            "last_checkpoint": None,
            "peers": peers,
            "alarms": open_alarms()[:ALARMS_SHOWN],
        }
        response = Response(BridgeStatusSerializer(answer).data)
        response["Cache-Control"] = "no-store"
        return response

"""The exchange API of the site that is called. The inside initiates everything: pull, push, post receipts."""

import time
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import Conflict
from internal_bridge.exchange.api import serializers
from internal_bridge.exchange.api.authentication import IsPeer, PeerAuthentication, peer_code
from internal_bridge.exchange.challenges import NONCE_HEADER, issue_nonce
from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.inbox import receive_message
from internal_bridge.exchange.outbox import claim_messages, has_claimable
from internal_bridge.exchange.services import mark_delivered, take_receipts, undelivered_receipts

# How often a held poll looks for something new, in seconds; half of it is the mean delay of a delivery.
LOOK_EVERY = 0.1


class NonceMixin:
    """Every answer carries the nonce that signs the next request."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response[NONCE_HEADER] = issue_nonce()
        response["Cache-Control"] = "no-store"
        return response


class PeerView(NonceMixin, APIView):
    authentication_classes = [PeerAuthentication]
    permission_classes = [IsPeer]


class ChallengeView(NonceMixin, APIView):
    """Where a peer gets its first nonce."""

    @extend_schema(request=None, responses={204: None}, operation_id="exchange_challenge")
    def post(self, request: Request) -> Response:
        return Response(status=204)


class PullView(PeerView):
    """Hand the caller what is addressed to it, leased to one holder, and our receipts for what it pushed."""

    @extend_schema(request=serializers.PullSerializer, responses=serializers.PulledSerializer, operation_id="exchange_pull")
    def post(self, request: Request) -> Response:
        query = serializers.PullSerializer(data=request.data)
        query.is_valid(raise_exception=True)
        wanted, peer = query.validated_data, peer_code(request)
        mark_delivered(wanted["delivered"], sender=peer)
        give_up = time.monotonic() + wanted["wait"]
        while True:
            receipts = undelivered_receipts(sender=peer, kinds=[ReceiptKind.APPLIED])
            if receipts or has_claimable(peer) or time.monotonic() >= give_up:
                break
            time.sleep(LOOK_EVERY)
        messages = claim_messages(recipient=peer, holder=wanted["holder"], limit=wanted["limit"])
        answer = {
            "messages": [message.signed.as_bytes() for message in messages],
            "receipts": [{"id": receipt.pk, "body": bytes(receipt.body)} for receipt in receipts],
        }
        return Response(serializers.PulledSerializer(answer).data)


class PushView(PeerView):
    """Take one message and answer with the signed ``stored`` receipt, the same bytes at every repeat."""

    @extend_schema(request=serializers.PushSerializer, responses=serializers.PushedSerializer, operation_id="exchange_push")
    def post(self, request: Request) -> Response:
        body = serializers.PushSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            receipt = receive_message(body.validated_data["message"], from_party=peer_code(request))
        except Refused as error:
            raise _as_http(error) from error
        return Response(serializers.PushedSerializer({"receipt": receipt}).data)


class ReceiptsView(PeerView):
    """Take the caller's receipts for what it pulled."""

    @extend_schema(
        request=serializers.ReceiptsSerializer,
        responses=serializers.RefusedCountSerializer,
        operation_id="exchange_receipts",
    )
    def post(self, request: Request) -> Response:
        body = serializers.ReceiptsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"refused": take_receipts(body.validated_data["receipts"])})


def _as_http(error: Refused) -> exceptions.APIException:
    if error.status == 409:
        return Conflict("another message has this id or place")
    refusal = exceptions.APIException("message refused")
    refusal.status_code = error.status
    return refusal

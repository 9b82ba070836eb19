"""The exchange API of the site that is called. The inside initiates everything: pull, push, post receipts."""

import logging
import time
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import Unavailable
from internal_bridge.exchange.api import serializers
from internal_bridge.exchange.api.authentication import IsPeer, PeerAuthentication, peer_code
from internal_bridge.exchange.challenges import NONCE_HEADER, issue_nonce
from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.errors import NoRoom, Refused
from internal_bridge.exchange.inbox import receive_message
from internal_bridge.exchange.keys import keys_read_once
from internal_bridge.exchange.outbox import claim_messages, has_claimable
from internal_bridge.exchange.services import mark_delivered, take_receipts, undelivered_receipts
from internal_bridge.exchange.watch import check_room

logger = logging.getLogger(__name__)

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
            "now": time.time(),
            "messages": [message.signed.as_bytes() for message in messages],
            "receipts": [{"id": receipt.pk, "body": bytes(receipt.body)} for receipt in receipts],
        }
        return Response(serializers.PulledSerializer(answer).data)


class PushView(PeerView):
    """Take messages, each for itself, and answer each with its signed ``stored`` receipt or the status that refuses it."""

    @extend_schema(request=serializers.PushSerializer, responses=serializers.PushedSerializer, operation_id="exchange_push")
    def post(self, request: Request) -> Response:
        body = serializers.PushSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            check_room()
        except NoRoom as error:
            raise Unavailable("no room at the moment", wait=error.retry_after) from error
        with keys_read_once():
            results = [_receive(document, peer_code(request)) for document in body.validated_data["messages"]]
        return Response(serializers.PushedSerializer({"results": results}).data)


def _receive(document: bytes, peer: str) -> dict[str, Any]:
    try:
        return {"status": 200, "receipt": receive_message(document, from_party=peer)}
    except Refused as error:
        logger.error("message refused: %s", error)
        return {"status": error.status, "receipt": None}


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

"""Bodies of the exchange API. Messages and receipts are the signed bytes themselves, as base64."""

import base64
import binascii

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.BYTE)
class SignedBytesField(serializers.Field[bytes, str, str, bytes]):
    """Base64 in JSON, bytes in Python."""

    default_error_messages = {"invalid": "not base64"}

    def to_internal_value(self, data: str) -> bytes:
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError, TypeError):
            self.fail("invalid")

    def to_representation(self, value: bytes) -> str:
        return base64.b64encode(value).decode()


class ReceiptSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    body = SignedBytesField()


class PullSerializer(serializers.Serializer):
    holder = serializers.CharField(max_length=64, help_text="names the relay that leases the messages")
    wait = serializers.FloatField(min_value=0, max_value=25, default=0, help_text="seconds to hold an empty poll")
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    delivered = serializers.ListField(
        child=serializers.IntegerField(), default=list, help_text="ids of receipts got with the poll before"
    )


class PulledSerializer(serializers.Serializer):
    now = serializers.FloatField(help_text="the server's clock, Unix seconds")
    messages = serializers.ListField(child=SignedBytesField())
    receipts = ReceiptSerializer(many=True)


class ReceiptsSerializer(serializers.Serializer):
    receipts = serializers.ListField(child=SignedBytesField(), max_length=200)


class RefusedCountSerializer(serializers.Serializer):
    refused = serializers.IntegerField()


class PushSerializer(serializers.Serializer):
    messages = serializers.ListField(child=SignedBytesField(), min_length=1, max_length=50)


class PushResultSerializer(serializers.Serializer):
    status = serializers.IntegerField(help_text="200, or as HTTP would refuse this message")
    receipt = SignedBytesField(allow_null=True, help_text="the signed `stored` receipt, the same bytes at every repeat")


class PushedSerializer(serializers.Serializer):
    results = PushResultSerializer(many=True)


class FetchedSerializer(serializers.Serializer):
    digests = serializers.ListField(child=serializers.RegexField(r"^[0-9a-f]{64}$"), max_length=200)

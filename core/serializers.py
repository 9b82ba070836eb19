"""Serializers that take nothing they do not know (11: unknown body fields are 400, never ignored)."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.text import without_hidden


class PlainTextField(serializers.CharField):
    """Text without what nobody sees in it and with one character for a line's end, as the forms take it (``core.forms``)."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            data = without_hidden(data.replace("\r\n", "\n").replace("\r", "\n"))
        return super().run_validation(data)


class StrictSerializer(serializers.Serializer):
    """Refuses unknown fields, each by its name."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in sorted(unknown)})
        return value


class ProblemSerializer(serializers.Serializer):
    """An error (RFC 9457); `errors` says what is wrong with which field of the input."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        # A serializer's own ``errors`` stands in the way of a field of this name.
        errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
        return super().get_fields() | {"errors": errors}

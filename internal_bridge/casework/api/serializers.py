"""Bodies of the office's API (11)."""

from rest_framework import serializers

from core.personal import PersonalType
from core.serializers import StrictSerializer
from internal_bridge.casework.redaction import TEXT_LENGTH


class RedactionTextSerializer(StrictSerializer):
    """A text to look through."""

    # As it was sent, to the last space: the places in the answer count from its beginning.
    text = serializers.CharField(max_length=TEXT_LENGTH, trim_whitespace=False)


class PersonalSpanSerializer(serializers.Serializer):
    start = serializers.IntegerField(help_text="code points before it in the given text")
    end = serializers.IntegerField(help_text="code points up to its end")
    type = serializers.ChoiceField(choices=PersonalType.choices)
    text = serializers.CharField()


class RedactionProposalSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="the given text with something else in the place of each span")
    spans = PersonalSpanSerializer(many=True)

"""What is asked about a letter, and what is suggested."""

from rest_framework import serializers

from core.enums import PetitionKind
from core.serializers import StrictSerializer


class LetterSerializer(StrictSerializer):
    """A petition as far as its words go."""

    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    title = serializers.CharField(min_length=2, max_length=100)
    body = serializers.CharField(min_length=5, max_length=2_000)


class SuggestedUnitSerializer(serializers.Serializer):
    """Code and name of a unit."""

    code = serializers.CharField()
    name = serializers.CharField()


class SuggestionSerializer(serializers.Serializer):
    """A unit that should answer, and why."""

    unit = SuggestedUnitSerializer()
    score = serializers.FloatField(min_value=0, max_value=1, help_text="how sure one is; over all units it comes to 1")
    why = serializers.ListField(child=serializers.CharField(), help_text="sentences in the caller's language")

"""What is asked about a case that is not there yet, and the limits that it would have."""

import datetime
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.enums import PetitionKind
from internal_bridge.policies.enums import Complexity, Stage

# In a query a plus that was not written as %2B arrives as a space.
LOST_PLUS = re.compile(r" (?=\d{2}:?\d{2}$)")
# Far enough for every plan, and near enough for every date to be counted on from.
YEARS = range(1949, 2201)


class MomentField(serializers.DateTimeField):
    """A time with its zone (11: times are ISO 8601 with zone)."""

    def to_internal_value(self, value: Any) -> datetime.datetime:
        text = LOST_PLUS.sub("+", str(value))
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or len(text) < len("2026-01-01T00:00"):
            raise serializers.ValidationError(
                _("Write date and time as ISO 8601 has them, with a zone: 2026-11-24T09:00:00+08:00.")
            )
        if moment.tzinfo is None:
            raise serializers.ValidationError(
                _("The time has no zone: without one its date is not certain. Write 2026-11-24T09:00:00+08:00, for instance.")
            )
        if moment.year not in YEARS:
            words = _("Choose a year from %(first)d to %(last)d.")
            raise serializers.ValidationError(words % {"first": YEARS[0], "last": YEARS[-1]})
        return moment


class QuestionSerializer(serializers.Serializer):
    """The query of a preview."""

    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    complexity = serializers.ChoiceField(choices=Complexity.choices, required=False, allow_blank=True)
    received_at = MomentField()


class ForeseenLimitSerializer(serializers.Serializer):
    """A limit as it would be."""

    stage = serializers.ChoiceField(
        choices=Stage.choices,
        help_text="as citizens are told where they are: a dispatch is `forwarding`, signing for it `signature`; other limits "
        "of the office by their own names",
    )
    due = serializers.DateField(help_text="the last day; the limit ends at its end in Asia/Shanghai")
    basis = serializers.CharField(help_text="instrument and article: `petition_2022:34`")
    provisional = serializers.BooleanField(help_text="holidays of a year in it are not announced yet")
    explanation = serializers.ListField(child=serializers.CharField(), help_text="sentences in the caller's language")

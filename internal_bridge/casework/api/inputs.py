"""Bodies that the API of cases takes."""

from typing import Any

from rest_framework import serializers

from core.enums import PetitionKind
from core.serializers import StrictSerializer
from internal_bridge.casework.enums import EntryKind
from internal_bridge.casework.life.fields import LONGEST, LONGEST_REPLY, MOST_ASSISTING
from internal_bridge.casework.services import NOTE_LENGTH
from internal_bridge.casework.services.notes import NOTES
from internal_bridge.policies.enums import Complexity

CODE_LENGTH = 32


class TextField(serializers.CharField):
    """A text of JSON, and no number that could be read as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ActionInputSerializer(StrictSerializer):
    """What actions take, all together, for the description alone: ``life.fields`` has what each takes, and checks it."""

    version = serializers.IntegerField(help_text="of the case as the caller has read it")
    complexity = serializers.ChoiceField(choices=Complexity.choices, required=False)
    urgent = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(choices=PetitionKind.choices, required=False)
    reason = serializers.CharField(
        required=False, max_length=LONGEST, help_text="a text; one of the codes of `choices` for `refuse` and `pause`"
    )
    text = serializers.CharField(required=False, max_length=LONGEST_REPLY)
    opinion = serializers.CharField(required=False, max_length=LONGEST)
    note = serializers.CharField(required=False, max_length=LONGEST)
    days = serializers.IntegerField(required=False, min_value=1)
    lead_unit = serializers.CharField(required=False, max_length=CODE_LENGTH, help_text="code of a unit")
    assisting_units = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH),
        required=False,
        max_length=MOST_ASSISTING,
        help_text="codes of units",
    )
    unit_code = serializers.CharField(required=False, max_length=CODE_LENGTH, help_text="code of a unit")
    unit = serializers.CharField(
        required=False, max_length=CODE_LENGTH, help_text="for which unit the caller acts, who may for several"
    )
    public_text = serializers.CharField(required=False, max_length=LONGEST_REPLY)
    public_title = serializers.CharField(required=False, max_length=100)
    public_question = serializers.CharField(required=False, max_length=LONGEST)


class IdentityReasonSerializer(StrictSerializer):
    """Why the identity is needed; it stands in the case's history."""

    reason = TextField(min_length=5, max_length=200)


class NoteSerializer(StrictSerializer):
    """Words that the petitioner never sees."""

    text = TextField(min_length=NOTE_LENGTH[0], max_length=NOTE_LENGTH[1])
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in EntryKind if kind in NOTES], default=EntryKind.NOTE.value
    )

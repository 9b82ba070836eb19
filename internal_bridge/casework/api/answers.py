"""Bodies that the API of cases answers with."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.enums import PetitionKind
from internal_bridge.casework.api.actions import FIELD_TYPES
from internal_bridge.casework.enums import Action, AssignmentState, CaseState, EntryKind, Part, Said
from internal_bridge.casework.models import CaseAttachment
from internal_bridge.policies.enums import Complexity, Light, Stage

DEADLINE_STATES = ["running", "paused", "met", "overdue"]


class UnitNameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CaseRowSerializer(serializers.Serializer):
    """A case in a list."""

    number = serializers.CharField()
    register_number = serializers.CharField(help_text="登记号, the office's own: year and number")
    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    complexity = serializers.ChoiceField(choices=Complexity.choices)
    urgent = serializers.BooleanField(help_text="as the dispatcher has decided")
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=CaseState.choices)
    lead_unit = UnitNameSerializer(allow_null=True)
    due = serializers.DateField(allow_null=True, help_text="last day of the limit as it stands")
    light = serializers.ChoiceField(choices=Light.choices)
    paused = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class MaskedPetitionerSerializer(serializers.Serializer):
    """The outline of who wrote; nothing where the identity is withheld."""

    withheld = serializers.BooleanField()
    name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    representatives = serializers.IntegerField(allow_null=True, help_text="how many there are")


class CaseAttachmentSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = CaseAttachment
        fields = ["id", "name", "content_type", "size", "url"]

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, attachment: CaseAttachment) -> str:
        """On this host."""
        return reverse("case_attachment", args=[self.context["number"], attachment.pk])


class CaseDeadlineSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=Stage.choices)
    unit = UnitNameSerializer(allow_null=True, help_text="whose limit; null: the whole case's")
    started_on = serializers.DateField(help_text="the day of the event, itself not counted")
    due = serializers.DateField()
    basis = serializers.CharField(help_text="instrument and article: `petition_2022:34`")
    provisional = serializers.BooleanField(help_text="holidays of a year in it are not announced yet")
    state = serializers.ChoiceField(choices=DEADLINE_STATES)
    explanation = serializers.ListField(child=serializers.CharField())


class CaseAssignmentSerializer(serializers.Serializer):
    unit = UnitNameSerializer()
    part = serializers.ChoiceField(choices=Part.choices)
    state = serializers.ChoiceField(choices=AssignmentState.choices)
    round = serializers.IntegerField()
    handler = serializers.CharField(allow_null=True)
    assigned_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class CaseEntrySerializer(serializers.Serializer):
    """Words that stand with a case; nobody changes them."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    said = serializers.ChoiceField(choices=Said.choices)
    text = serializers.CharField()
    code = serializers.CharField(help_text="the reason that was chosen from a list; may be empty")
    author = serializers.CharField(allow_null=True, help_text="null: the petitioner, or a rule")
    unit = UnitNameSerializer(allow_null=True, help_text="for which the author spoke")
    at = serializers.DateTimeField()
    round = serializers.IntegerField()


class CaseDraftSerializer(serializers.Serializer):
    revision = serializers.IntegerField()
    text = serializers.CharField()
    public_text = serializers.CharField(help_text="may be empty")
    author = serializers.CharField()
    at = serializers.DateTimeField()


class PublicReplySerializer(serializers.Serializer):
    uid = serializers.UUIDField(help_text="by which everybody knows it")
    title = serializers.CharField()
    question = serializers.CharField()
    text = serializers.CharField()
    revision = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class RatingSerializer(serializers.Serializer):
    """What the petitioner thinks of an answer; never who that is."""

    score = serializers.IntegerField(help_text="1 to 5")
    comment = serializers.CharField(help_text="may be empty")
    at = serializers.DateTimeField()


class CaseReplySerializer(serializers.Serializer):
    number = serializers.IntegerField()
    text = serializers.CharField()
    author = serializers.CharField()
    unit = UnitNameSerializer(allow_null=True)
    at = serializers.DateTimeField()
    public = PublicReplySerializer(allow_null=True)
    rating = RatingSerializer(allow_null=True)


class CaseEventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    event = serializers.CharField(help_text="a code")
    text = serializers.CharField()
    note = serializers.CharField(help_text="may be empty")
    by = serializers.CharField(allow_null=True)


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        # A serializer's own ``label`` stands in the way of a field of this name.
        return super().get_fields() | {"label": serializers.CharField()}


class ActionFieldSerializer(serializers.Serializer):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=FIELD_TYPES)
    choices = ChoiceSerializer(many=True, allow_null=True)
    min_length = serializers.IntegerField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        own: dict[str, Any] = {"label": serializers.CharField(), "required": serializers.BooleanField()}
        return super().get_fields() | own


class CaseActionSerializer(serializers.Serializer):
    """What the caller can do with the case now. Every action takes ``version`` besides its fields."""

    name = serializers.ChoiceField(choices=Action.choices)

    def get_fields(self) -> dict[str, serializers.Field]:
        own: dict[str, Any] = {"label": serializers.CharField(), "fields": ActionFieldSerializer(many=True)}
        return super().get_fields() | own


class CaseSerializer(CaseRowSerializer):
    """A case whole."""

    body = serializers.CharField()
    place = serializers.CharField(help_text="may be empty")
    unit_code = serializers.CharField(help_text="the unit that the petitioner named; may be empty")
    about_unit_code = serializers.CharField(help_text="the unit complained of; may be empty")
    about_person = serializers.CharField(help_text="the person complained of; may be empty")
    called_urgent = serializers.BooleanField(help_text="by the petitioner")
    allow_publication = serializers.BooleanField()
    round = serializers.IntegerField(help_text="one more each time the case is handled again")
    handler = serializers.CharField(allow_null=True)
    petitioner = MaskedPetitionerSerializer()
    attachments = CaseAttachmentSerializer(many=True)
    deadlines = CaseDeadlineSerializer(many=True)
    assignments = CaseAssignmentSerializer(many=True)
    entries = CaseEntrySerializer(many=True)
    draft = CaseDraftSerializer(allow_null=True)
    replies = CaseReplySerializer(many=True)
    timeline = CaseEventSerializer(many=True)
    actions = CaseActionSerializer(many=True)


class ActedSerializer(serializers.Serializer):
    """The case after an action, and what the caller can do with it then."""

    state = serializers.ChoiceField(choices=CaseState.choices)
    version = serializers.IntegerField()
    actions = CaseActionSerializer(many=True)


class PersonNamedSerializer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField()


class RelatedPersonSerializer(serializers.Serializer):
    name = serializers.CharField()
    relation = serializers.CharField()


class IdentitySerializer(serializers.Serializer):
    """Who wrote, as it was given; what was not given is empty."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    representatives = PersonNamedSerializer(many=True)
    on_behalf_of = RelatedPersonSerializer(allow_null=True)

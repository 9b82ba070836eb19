"""Bodies of the public petitions API (11)."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.enums import PetitionKind, PetitionStatus
from core.serializers import StrictSerializer
from core.uploads import MAX_FILES
from petitions import rules
from petitions.enums import MessageKind, TimelineEvent
from petitions.models import Unit


class RepresentativeSerializer(StrictSerializer):
    """One of the people who write together."""

    name = serializers.CharField(max_length=rules.NAME_LENGTH)
    phone = serializers.CharField(max_length=rules.PHONE_LENGTH)

    def validate_phone(self, value: str) -> str:
        return _phone_number(value)


class OnBehalfOfSerializer(StrictSerializer):
    """For whom somebody else writes, and as what."""

    name = serializers.CharField(max_length=rules.NAME_LENGTH)
    relation = serializers.CharField(max_length=rules.RELATION_LENGTH)


class SubmissionSerializer(StrictSerializer):
    """A petition as a citizen writes it."""

    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    title = serializers.CharField(min_length=rules.TITLE_LENGTH[0], max_length=rules.TITLE_LENGTH[1])
    body = serializers.CharField(min_length=rules.BODY_LENGTH[0], max_length=rules.BODY_LENGTH[1])
    unit_code = serializers.CharField(required=False, allow_blank=True, max_length=32)
    about_unit_code = serializers.CharField(required=False, allow_blank=True, max_length=32)
    about_person = serializers.CharField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    place = serializers.CharField(required=False, allow_blank=True, max_length=rules.PLACE_LENGTH)
    name = serializers.CharField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=rules.PHONE_LENGTH)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=rules.EMAIL_LENGTH)
    urgent = serializers.BooleanField(required=False)
    representatives = serializers.ListField(
        child=RepresentativeSerializer(), required=False, max_length=rules.MAX_REPRESENTATIVES
    )
    on_behalf_of = OnBehalfOfSerializer(required=False, allow_null=True)
    privacy_version = serializers.CharField(required=False, allow_blank=True, max_length=20)
    withhold_identity = serializers.BooleanField()
    allow_publication = serializers.BooleanField()

    def validate_phone(self, value: str) -> str:
        return _phone_number(value)

    def validate_unit_code(self, value: str) -> str:
        return _known_unit(value)

    def validate_about_unit_code(self, value: str) -> str:
        return _known_unit(value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if errors := rules.check_submission(attrs):
            raise serializers.ValidationError(errors)
        return attrs


class MultipartSubmissionSerializer(SubmissionSerializer):
    """The same in a form's parts, with files. Parts that are objects or lists of them are JSON."""

    attachments = serializers.ListField(
        child=serializers.FileField(),
        required=False,
        max_length=MAX_FILES,
        help_text="up to 20 MB each; pictures, PDF, Word, Excel, text, MP3, M4A, MP4, by content",
    )


class SubmittedSerializer(serializers.Serializer):
    number = serializers.CharField()
    receipt_code = serializers.CharField(help_text="shown once; nobody can recover it")
    status = serializers.ChoiceField(choices=PetitionStatus.choices)
    follow_url = serializers.URLField()


class UnitSerializer(serializers.ModelSerializer):
    """A unit of the city's directory, as the office last told of it."""

    valid_from = serializers.DateField(allow_null=True, help_text="first day, where it is known")
    valid_to = serializers.DateField(allow_null=True, help_text="last day of a unit that is closed or will be")
    successors = serializers.ListField(child=serializers.CharField(), help_text="codes; who follows a closed unit")

    class Meta:
        model = Unit
        fields = [
            "code",
            "name",
            "short_name",
            "second_name",
            "kind",
            "duties",
            "accepts_petitions",
            "valid_from",
            "valid_to",
            "successors",
        ]

    def get_fields(self) -> dict[str, serializers.Field]:
        # A serializer's own ``parent`` stands in the way of a field of this name.
        parent = serializers.CharField(source="parent_code", help_text="code of the superior unit; empty at the top")
        return super().get_fields() | {"parent": parent}


class TimelineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    event = serializers.ChoiceField(choices=TimelineEvent.choices)
    text = serializers.CharField()


class DeadlineSerializer(serializers.Serializer):
    stage = serializers.CharField()
    due = serializers.DateField()
    basis = serializers.CharField()
    explanation = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=["running", "paused", "met", "overdue"])


class MessageSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    text = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        # ``from`` is a word of Python.
        fields = super().get_fields()
        return fields | {"from": serializers.ChoiceField(choices=["office", "citizen"])}


class AttachmentSerializer(serializers.Serializer):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField(help_text="SHA-256 of the file as it was sent")
    available = serializers.BooleanField(help_text="false when the portal has it no longer; the office still has")


class PetitionSerializer(serializers.Serializer):
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    status = serializers.ChoiceField(choices=PetitionStatus.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    received_at = serializers.DateTimeField()
    unit = serializers.CharField(allow_null=True)
    timeline = TimelineSerializer(many=True)
    deadlines = DeadlineSerializer(many=True)
    messages = MessageSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    allowed = serializers.ListField(
        child=serializers.ChoiceField(choices=["supplement", "withdrawal", "rating", "review-request", "consent-withdrawal"])
    )


def _phone_number(text: str) -> str:
    if text and not rules.is_phone(text):
        raise serializers.ValidationError(_("Enter a phone number such as 0788-1234567."))
    return text


def _known_unit(code: str) -> str:
    if code and (problem := rules.unit_problem(code)):
        raise serializers.ValidationError(problem)
    return code

"""Bodies of the public petitions API (11)."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.enums import PetitionKind, PetitionStatus
from core.serializers import PlainTextField, StrictSerializer
from core.uploads import MAX_FILES
from petitions import rules
from petitions.enums import Action, DeadlineStage, DeadlineState, MessageKind, Score, TimelineEvent
from petitions.models import PublishedReply, Unit
from petitions.reply_presenters import represent_reply


def attachments_field() -> serializers.ListField:
    """Files of a form's parts."""
    return serializers.ListField(
        child=serializers.FileField(),
        required=False,
        max_length=MAX_FILES,
        help_text="up to 20 MB each; pictures, PDF, Word, Excel, text, MP3, M4A, MP4, by content",
    )


class RepresentativeSerializer(StrictSerializer):
    """One of the people who write together."""

    name = PlainTextField(max_length=rules.NAME_LENGTH)
    phone = PlainTextField(max_length=rules.PHONE_LENGTH)

    def validate_phone(self, value: str) -> str:
        return _phone_number(value)


class OnBehalfOfSerializer(StrictSerializer):
    """For whom somebody else writes, and as what."""

    name = PlainTextField(max_length=rules.NAME_LENGTH)
    relation = PlainTextField(max_length=rules.RELATION_LENGTH)


class SubmissionSerializer(StrictSerializer):
    """A petition as a citizen writes it."""

    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    title = PlainTextField(min_length=rules.TITLE_LENGTH[0], max_length=rules.TITLE_LENGTH[1])
    body = PlainTextField(min_length=rules.BODY_LENGTH[0], max_length=rules.BODY_LENGTH[1])
    unit_code = serializers.CharField(required=False, allow_blank=True, max_length=32)
    about_unit_code = serializers.CharField(required=False, allow_blank=True, max_length=32)
    about_person = PlainTextField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    place = PlainTextField(required=False, allow_blank=True, max_length=rules.PLACE_LENGTH)
    name = PlainTextField(required=False, allow_blank=True, max_length=rules.NAME_LENGTH)
    phone = PlainTextField(required=False, allow_blank=True, max_length=rules.PHONE_LENGTH)
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

    attachments = attachments_field()


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
    stage = serializers.ChoiceField(choices=DeadlineStage.choices)
    due = serializers.DateField(allow_null=True, help_text="ends at 24:00 in Asia/Shanghai; null while it does not run yet")
    basis = serializers.CharField(help_text="rule and article, such as petition_2022:23.3")
    explanation = serializers.ListField(child=serializers.CharField(), help_text="sentences in the caller's language")
    state = serializers.ChoiceField(choices=DeadlineState.choices)


class AttachmentSerializer(serializers.Serializer):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField(help_text="SHA-256 of the file as it was sent")
    available = serializers.BooleanField(help_text="false when the portal has it no longer; the office still has")


class MessageSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    text = serializers.CharField()
    unit = serializers.CharField(allow_null=True, help_text="who says it, where a unit does")
    seq = serializers.IntegerField(allow_null=True, help_text="number of the office's message; for `in_reply_to`")
    in_reply_to = serializers.IntegerField(allow_null=True, help_text="the question that a citizen's message answers")
    attachments = AttachmentSerializer(many=True)
    rating_token = serializers.CharField(allow_null=True, help_text="of a reply: the secret of the link by which it is rated")

    def get_fields(self) -> dict[str, serializers.Field]:
        # ``from`` is a word of Python.
        fields = super().get_fields()
        return fields | {"from": serializers.ChoiceField(choices=["office", "citizen"])}


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
    allowed = serializers.ListField(child=serializers.ChoiceField(choices=Action.choices))


class SupplementSerializer(StrictSerializer):
    """What a citizen adds, or answers to a question."""

    text = PlainTextField(max_length=rules.SUPPLEMENT_LENGTH[1])
    in_reply_to = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=1_000_000, help_text="`seq` of the question"
    )


class MultipartSupplementSerializer(SupplementSerializer):
    """The same in a form's parts, with files."""

    attachments = attachments_field()


class WithdrawalSerializer(StrictSerializer):
    """Why a petition is withdrawn."""

    reason = PlainTextField(required=False, allow_blank=True, max_length=rules.REASON_LENGTH)


class RatingSerializer(StrictSerializer):
    """How satisfied somebody is with an answer."""

    score = serializers.IntegerField(min_value=Score.ONE, max_value=Score.FIVE, help_text="5: very satisfied")
    comment = serializers.CharField(required=False, allow_blank=True, max_length=rules.COMMENT_LENGTH)


class RatedSerializer(serializers.Serializer):
    """A rating by link is on its way to the office. Nothing of the petition is told."""

    sent_at = serializers.DateTimeField()


class ReviewRequestSerializer(StrictSerializer):
    """Why an answer is not accepted."""

    reason = serializers.CharField(min_length=rules.REVIEW_LENGTH[0], max_length=rules.REVIEW_LENGTH[1])


class NothingSerializer(StrictSerializer):
    """A request that takes no words."""


class SentSerializer(serializers.Serializer):
    """A request that is on its way to the office."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=PetitionStatus.choices, help_text="as before: the office decides")
    sent_at = serializers.DateTimeField()

    def to_representation(self, instance: dict[str, Any]) -> Any:
        # It comes out of the idempotency record, where times are text.
        moment = datetime.datetime.fromisoformat(instance["sent_at"])
        return super().to_representation(instance | {"sent_at": moment})


class NamedSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class ReplySerializer(serializers.Serializer):
    """A published reply in its latest wording."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=PetitionKind.choices)
    topic = NamedSerializer(allow_null=True)
    title = serializers.CharField()
    question = serializers.CharField(help_text="empty where only the answer is public")
    text = serializers.CharField()
    unit = NamedSerializer(help_text="who answered, called as it was then")
    received_on = serializers.DateField()
    answered_on = serializers.DateField()
    days_used = serializers.IntegerField(help_text="working days from receipt to answer")
    revision = serializers.IntegerField()
    correction = serializers.CharField(help_text="what the latest revision put right; empty when there was none")
    published_at = serializers.DateTimeField()

    def to_representation(self, instance: PublishedReply) -> Any:
        return super().to_representation(represent_reply(instance))


def _phone_number(text: str) -> str:
    if text and not rules.is_phone(text):
        raise serializers.ValidationError(_("Enter a phone number such as 0788-1234567."))
    return text


def _known_unit(code: str) -> str:
    if code and (problem := rules.unit_problem(code)):
        raise serializers.ValidationError(problem)
    return code

"""What stands before a reply is sent: drafts being written, what was decided about personal data in them, and templates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.models import User
from core.personal import PersonalType
from internal_bridge.casework.enums import DraftPurpose, RedactionChoice, RedactionField, TemplatePurpose
from internal_bridge.casework.models.case import Case
from internal_bridge.casework.models.words import PublicWording, ReplyDraft
from internal_bridge.casework.querysets import ReplyTemplateQuerySet


class ReplyTemplate(models.Model):
    """Words to begin with, for every kind of case or one, of every unit or one."""

    kind = models.CharField(_("kind of case"), max_length=16, choices=PetitionKind, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    purpose = models.CharField(_("used for"), max_length=8, choices=TemplatePurpose)
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"))
    active = models.BooleanField(_("offered"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "kind", "title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=TemplatePurpose.values), name="reply_template_purpose_known"),
        ]

    def __str__(self) -> str:
        return self.title


class DraftInProgress(models.Model):
    """A reply, or its publication, as far as it is written; nobody has submitted it yet. One for a case, round and purpose."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts_in_progress")
    purpose = models.CharField(max_length=12, choices=DraftPurpose)
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("text"), blank=True)
    public_title = models.TextField(_("public title"), blank=True)
    public_question = models.TextField(_("question"), blank=True)
    public_text = models.TextField(_("public text"), blank=True, help_text="before anything personal is taken out")
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="who saved it last")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "purpose"], name="case_one_draft_in_progress"),
            models.CheckConstraint(condition=Q(purpose__in=DraftPurpose.values), name="case_draft_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.purpose} {self.version}"


class RedactionDecision(models.Model):
    """What somebody decided about personal data found in a text. The text itself stands with the draft, not here.

    ``start`` and ``end`` are code points of the field as it stood. A row whose text has changed since is superseded and stays.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="redaction_decisions")
    purpose = models.CharField(max_length=12, choices=DraftPurpose)
    round = models.PositiveSmallIntegerField(default=1)
    field = models.CharField(max_length=16, choices=RedactionField)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    type = models.CharField(max_length=12, choices=PersonalType)
    decision = models.CharField(max_length=8, choices=RedactionChoice)
    replacement = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="why it stays")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    draft = models.ForeignKey(ReplyDraft, null=True, on_delete=models.PROTECT, related_name="redactions")
    wording = models.ForeignKey(PublicWording, null=True, on_delete=models.PROTECT, related_name="redactions")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "purpose", "field", "start"],
                condition=Q(superseded_at=None),
                name="case_redaction_once",
            ),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="case_redaction_of_something"),
            models.CheckConstraint(
                condition=~Q(decision=RedactionChoice.KEEP) | ~Q(reason=""), name="case_redaction_kept_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.field} {self.start} {self.decision}"

"""What was written about a case. All of it is only added to, never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.models import User
from internal_bridge.casework.enums import EntryKind, Said
from internal_bridge.casework.models.case import Case
from internal_bridge.casework.querysets import CaseEntryQuerySet


class CaseEntry(models.Model):
    """A note, an opinion, a reason, a question or an answer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=24, choices=EntryKind)
    said = models.CharField(max_length=16, choices=Said, default=Said.INTERNAL)
    text = models.TextField(_("text"))
    code = models.CharField(max_length=32, blank=True, help_text="the reason chosen from a list")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: the petitioner")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="for which one spoke")
    at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)
    seq = models.PositiveBigIntegerField(null=True, help_text="number of the case.message that carried a question")
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")

    objects = CaseEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="case_entry_kind_known"),
            models.CheckConstraint(condition=Q(said__in=Said.values), name="case_entry_said_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"


class ReplyDraft(models.Model):
    """A reply as it was submitted for review, each time anew."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    revision = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("text"))
    public_text = models.TextField(_("public text"), blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="case_draft_revision_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.revision}"


class CaseReply(models.Model):
    """A reply to the petitioner, as it was sent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField(default=1, help_text="counts the answers of the case")
    text = models.TextField(_("text"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="which answers")
    at = models.DateTimeField(_("sent at"))

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_reply_number_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"


class PublishedReply(models.Model):
    """A reply that everybody may read. Its uid has nothing to do with the case's, and only the office knows whose it is."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    reply = models.OneToOneField(CaseReply, on_delete=models.PROTECT, related_name="published")
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("published reply")

    def __str__(self) -> str:
        return f"{self.reply}"


class PublicWording(models.Model):
    """One wording of a published reply, as somebody confirmed it; the last one counts."""

    published = models.ForeignKey(PublishedReply, on_delete=models.PROTECT, related_name="wordings")
    revision = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=100)
    question = models.TextField(_("question"), blank=True)
    text = models.TextField(_("text"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["published", "revision"], name="case_wording_revision_once")]

    def __str__(self) -> str:
        return f"{self.published} {self.revision}"

"""A case: a petition as the office handles it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.identifiers import uuid7
from core.models import User
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.querysets import CaseQuerySet


class Case(models.Model):
    """The office alone owns a case's state. Identity is only inside the sealed submission."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=17, unique=True)
    register_year = models.PositiveIntegerField(_("year of registration"))
    register_number = models.PositiveIntegerField(_("registration number"))
    kind = models.CharField(_("kind"), max_length=16, choices=PetitionKind)
    state = models.CharField(_("state"), max_length=16, choices=CaseState, default=CaseState.REGISTERED)
    version = models.PositiveIntegerField(_("version"), default=1)
    received_at = models.DateTimeField(_("received at"))
    registered_at = models.DateTimeField(_("registered at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)

    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    unit_code = models.CharField(_("unit named by the petitioner"), max_length=32, blank=True)
    urgent = models.BooleanField(_("called urgent by the petitioner"), default=False)
    withhold_identity = models.BooleanField(_("identity withheld"), default=False)
    allow_publication = models.BooleanField(_("publication allowed"), default=False)

    source = models.CharField(_("received by"), max_length=32, help_text="the party that sent the submission")
    citizen_key = models.BinaryField(max_length=32, help_text="raw X25519 public key; answers are sealed to it")
    submission_box = models.BinaryField(help_text="the submission as it crossed, sealed to the office")
    submission_commitment = models.CharField(max_length=64)
    submission_info = models.BinaryField(help_text="the binding that the seal was made with")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PetitionKind.values), name="case_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=CaseState.ANSWERED) ^ models.Q(answered_at__isnull=True),
                name="case_answered_has_time",
            ),
            models.UniqueConstraint(fields=["register_year", "register_number"], name="case_register_gapless"),
        ]
        indexes = [models.Index(fields=["-received_at", "-id"], name="case_list_newest")]
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The subject of its domain events, and the stream of its messages."""
        return f"case:{self.uid}"

    @property
    def register_label(self) -> str:
        """登记号, the office's own gapless yearly number: 2026-000123."""
        return f"{self.register_year}-{self.register_number:06d}"


class CaseIdentity(models.Model):
    """Who wrote, under the case's own data key, which an office key outside the database wraps."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="identity")
    wrapped_key = models.BinaryField(help_text="the case's data key, wrapped")
    box = models.BinaryField(help_text="name, phone, e-mail, representatives, on whose behalf; AES-256-GCM under the data key")

    def __str__(self) -> str:
        return f"{self.case}"


class IdentityIndex(models.Model):
    """Blind index: an HMAC of a phone or ID number, whose key is outside the database, finds who has written before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="identity_indexes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="case_identity_index_once")]
        indexes = [models.Index(fields=["digest", "case"], name="case_identity_found")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:8]}"


class CaseAttachment(models.Model):
    """A file that came with a case: the original's ciphertext by its digest, its key wrapped by the case's data key."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    digest = models.CharField(max_length=64)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), help_text="bytes of the original")
    wrapped_key = models.BinaryField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="case_attachment_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.digest[:8]}"


class CaseReply(models.Model):
    """A reply to the petitioner, as it was sent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(_("text"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("sent at"))

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"


class Register(models.Model):
    """The last registration number given out in a year."""

    year = models.PositiveIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

"""A case: a petition as the office handles it."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.identifiers import uuid7
from internal_bridge.casework.enums import AFTER_ANSWER, ENDED, OPEN, WITH_UNIT, CaseChannel, CaseState
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.policies.enums import Complexity

# Said by what it is not: a list of states would be looked up one by one and then sorted.
OVER = ~models.Q(state__in=sorted(OPEN))
UNDER_WAY = ~models.Q(state__in=sorted(ENDED | AFTER_ANSWER))
HAS_LEAD = WITH_UNIT | AFTER_ANSWER
SHOWN_BY_DUE = ("due_order", "id", "state", "paused_at", "due_on")


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

    complexity = models.CharField(_("complexity"), max_length=16, choices=Complexity, default=Complexity.SIMPLE)
    expedited = models.BooleanField(_("urgent"), default=False, help_text="decided by the dispatcher")
    policy = models.ForeignKey("policies.Policy", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"), null=True, help_text="the answer's limit as it stands, its last day")
    # What has no limit comes last.
    due_order = models.GeneratedField(
        expression=Coalesce(models.F("due_on"), models.Value("9999-12-31", output_field=models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    paused_at = models.DateTimeField(_("paused since"), null=True)
    lead_unit = models.ForeignKey(
        "org.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("lead unit"), db_index=False
    )
    handler = models.ForeignKey(
        "org.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("handler"), db_index=False
    )
    round = models.PositiveSmallIntegerField(default=1, help_text="counts up each time it is handled again")
    auto_dispatched_at = models.DateTimeField(null=True, help_text="when a rule dispatched it, as long as it may be recalled")
    withdrawal_asked_at = models.DateTimeField(null=True, help_text="the petitioner wants to withdraw; undecided")
    review_asked_at = models.DateTimeField(null=True, help_text="the petitioner wants the answer reviewed; undecided")
    low_rated_at = models.DateTimeField(null=True, help_text="the petitioner is not satisfied with the answer; undecided")

    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    unit_code = models.CharField(_("unit named by the petitioner"), max_length=32, blank=True)
    about_unit_code = models.CharField(_("unit complained of"), max_length=32, blank=True)
    about_person = models.CharField(_("person complained of"), max_length=100, blank=True)
    urgent = models.BooleanField(_("called urgent by the petitioner"), default=False)
    withhold_identity = models.BooleanField(_("identity withheld"), default=False)
    allow_publication = models.BooleanField(_("publication allowed"), default=False)

    channel = models.CharField(_("channel"), max_length=8, choices=CaseChannel, default=CaseChannel.PORTAL)
    source = models.CharField(
        _("received by"),
        max_length=32,
        help_text="the party that sent the submission, or through which the petitioner hears of it",
    )
    citizen_key = models.BinaryField(max_length=32, help_text="raw X25519 public key; answers are sealed to it")
    submission_box = models.BinaryField(help_text="the submission as it crossed or was taken down, sealed to the office")
    submission_commitment = models.CharField(max_length=64)
    submission_info = models.BinaryField(help_text="the binding that the seal was made with")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PetitionKind.values), name="case_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=models.Q(channel__in=CaseChannel.values), name="case_channel_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(AFTER_ANSWER)) ^ models.Q(answered_at__isnull=True),
                name="case_answered_has_time",
            ),
            models.CheckConstraint(condition=models.Q(complexity__in=Complexity.values), name="case_complexity_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(HAS_LEAD)) | models.Q(lead_unit__isnull=False), name="case_unit_has_it"
            ),
            models.UniqueConstraint(fields=["register_year", "register_number"], name="case_register_gapless"),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="case_list_newest"),
            models.Index(fields=["-received_at", "-id"], condition=OVER, name="case_over_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="case_by_state_newest"),
            # Rows are long: what counts and lights are told from stands in the indexes as well.
            models.Index(fields=["state", "due_order", "id", "paused_at", "due_on"], name="case_by_state"),
            models.Index(fields=SHOWN_BY_DUE, name="case_by_due"),
            models.Index(fields=SHOWN_BY_DUE, condition=UNDER_WAY, name="case_open_by_due"),
            models.Index(fields=["lead_unit", *SHOWN_BY_DUE], condition=UNDER_WAY, name="case_open_of_unit"),
            models.Index(fields=["lead_unit", "-received_at", "-id"], name="case_of_unit_newest"),
            models.Index(
                fields=["due_order", "id"], condition=models.Q(withdrawal_asked_at__isnull=False), name="case_withdrawal_asked"
            ),
            # Letters make rows long: a search for words reads these instead of the table.
            models.Index(fields=["title", "place", "number"], name="case_found_by_words"),
        ]
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
    entry = models.ForeignKey(
        "casework.CaseEntry",
        null=True,
        on_delete=models.PROTECT,
        related_name="attachments",
        help_text="the supplement that brought it; nothing: the submission",
    )
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


class Register(models.Model):
    """The last registration number given out in a year."""

    year = models.PositiveIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

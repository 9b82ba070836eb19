"""What the portal keeps of a petition: what everybody may know of its course, and what only the citizen's code opens."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind, PetitionStatus
from core.identifiers import uuid7
from petitions.enums import MessageKind, TimelineEvent
from petitions.querysets import PublishedReplyQuerySet, UnitQuerySet, today


class Unit(models.Model):
    """The portal's read-only mirror of the office's directory: fed by ``directory.*`` alone, written by ``directory`` alone.

    Superior and successors are codes, not foreign keys: a unit may be told of before those it names. A closed unit stays, so
    that its page can say who follows it.
    """

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    second_name = models.CharField(_("name in a second script"), max_length=200, blank=True)
    parent_code = models.CharField(_("superior unit"), max_length=32, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=40)
    duties = models.TextField(_("duties"), blank=True)
    accepts_petitions = models.BooleanField(_("takes petitions"), default=False)
    position = models.PositiveIntegerField(_("position in lists"), default=0)
    valid_from = models.DateField(_("since"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    successors = models.JSONField(_("successors"), default=list, blank=True, help_text="codes")
    search_words = models.TextField(default="", blank=True, editable=False, help_text="all names, readings and initials")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.short_name

    def is_open(self, on: datetime.date | None = None) -> bool:
        """Whether the unit exists on that day (today); the same rule as ``UnitQuerySet.open``."""
        on = on or today()
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class UnitFormerName(models.Model):
    """A name that a unit had, with its first day (null: not known) and its last."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    valid_from = models.DateField(_("since"), null=True)
    valid_to = models.DateField(_("last day"))

    class Meta:
        ordering = ["valid_to", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="petitions_former_name_days",
            )
        ]
        verbose_name = _("former name")
        verbose_name_plural = _("former names")

    def __str__(self) -> str:
        return self.name


class Petition(models.Model):
    """One petition. Text, title, place, unit and identity are sealed; here stand only codes and dates."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=17, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=PetitionKind)
    status = models.CharField(_("status"), max_length=16, choices=PetitionStatus, default=PetitionStatus.RECEIVED)
    received_at = models.DateTimeField(_("received at"))
    citizen_key = models.BinaryField(max_length=32, help_text="raw X25519 public key that the receipt code derives")
    deadlines = models.JSONField(_("limits"), default=list, blank=True, help_text="as the latest case.status tells them")
    withdrawal_sent_at = models.DateTimeField(
        _("asked to withdraw at"), null=True, blank=True, help_text="while the office has not decided on it"
    )
    review_sent_at = models.DateTimeField(
        _("asked for a review at"), null=True, blank=True, help_text="while the office has not answered"
    )
    review_answer = models.PositiveSmallIntegerField(default=0, help_text="the last answer of which a review was asked for")
    consent_withdrawn_at = models.DateTimeField(_("consent to publication taken back at"), null=True, blank=True)
    answers = models.PositiveSmallIntegerField(_("number of the latest answer"), default=0)
    rating_open = models.BooleanField(_("the latest answer can be rated"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PetitionKind.values), name="petition_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=PetitionStatus.values), name="petition_status_known"),
        ]
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"case:{self.uid}"


class CitizenCopy(models.Model):
    """What the citizen wrote, sealed on the portal to the citizen's own key; ``n`` counts a petition's copies.

    The first is the letter of a petition that came by the portal, and such a petition alone has it; later ones are what the
    citizen added or asked for (``copies``).
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="copies")
    n = models.PositiveIntegerField()
    box = models.BinaryField()
    commitment = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "n"], name="petition_copy_once")]

    def __str__(self) -> str:
        return f"{self.petition} {self.n}"


class CaseMessage(models.Model):
    """A question, reason or reply of the office, sealed to the citizen; ``seq`` and ``type`` are part of the seal's binding."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=MessageKind)
    at = models.DateTimeField()
    box = models.BinaryField()
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["petition", "seq"], name="petition_message_once")]

    def __str__(self) -> str:
        return f"{self.petition} {self.kind}"


class RatingOffer(models.Model):
    """An answer that can be rated, once: with the receipt code, or by a link of which the portal has the digest alone."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="rating_offers")
    answer = models.PositiveSmallIntegerField(_("number of the answer"))
    token_hash = models.CharField(max_length=64, unique=True)
    offered_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "answer"], name="petition_rating_offered_once")]

    def __str__(self) -> str:
        return f"{self.petition} {self.answer}"


class DayFigures(models.Model):
    """The public figures of one day, as the office told them last (``statistics.daily``)."""

    date = models.DateField(_("day"), unique=True)
    as_of = models.DateTimeField(_("as of"))
    kinds = models.JSONField(default=list)
    units = models.JSONField(default=list)

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")

    def __str__(self) -> str:
        return f"{self.date}"


class Chart(models.Model):
    """A drawing, by what it shows: made by the worker, never while somebody waits for a page."""

    key = models.CharField(max_length=64, unique=True)
    svg = models.TextField()
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class TimelineEntry(models.Model):
    """A step that the citizen sees, as code, parameters and time; put into words when it is shown."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    event = models.CharField(max_length=32, choices=TimelineEvent)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.petition} {self.event}"


class PublishedReply(models.Model):
    """An answer as everybody may read it, in its latest wording: fed by ``reply.*`` alone, written by ``replies`` alone.

    It has nothing to do with any petition of ours: neither number nor uid leads there. Of a withdrawn one nothing is left but
    what is needed to say that it was here.
    """

    uid = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    kind = models.CharField(_("kind"), max_length=16, choices=PetitionKind, blank=True)
    topic_code = models.CharField(_("topic"), max_length=32, blank=True)
    topic_name = models.CharField(_("topic"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    question = models.TextField(_("question"), blank=True)
    text = models.TextField(_("answer"), blank=True)
    correction = models.CharField(_("correction notice"), max_length=500, blank=True)
    unit_code = models.CharField(_("unit"), max_length=32, blank=True)
    unit_name = models.CharField(_("unit"), max_length=100, blank=True, help_text="as it was called then")
    received_on = models.DateField(_("received on"), null=True)
    answered_on = models.DateField(_("answered on"), null=True)
    published_at = models.DateTimeField(_("published at"), null=True)
    revised_at = models.DateTimeField(_("revised at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = PublishedReplyQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, kind__in=PetitionKind.values, answered_on__isnull=False)
                | models.Q(withdrawn_at__isnull=False, title="", question="", text="", correction="", unit_code="", kind=""),
                name="petitions_reply_shown_or_emptied",
            )
        ]
        # A reader's lists: all of them, those of a kind, those of a unit; each newest first.
        indexes = [
            models.Index(
                fields=[*first, "-answered_on", "-id"], name=f"petitions_reply_{name}", condition=models.Q(withdrawn_at=None)
            )
            for name, first in (("newest", []), ("kind", ["kind"]), ("unit", ["unit_code"]))
        ]
        verbose_name = _("published reply")
        verbose_name_plural = _("published replies")

    def __str__(self) -> str:
        return self.title or str(self.uid)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

"""Work items: what somebody is to do or to read, whichever feature asks for it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.workflow import querysets
from internal_bridge.workflow.enums import ItemKind, ItemState, Outcome

OPEN = Q(state=ItemState.OPEN)
TO_PERSON, TO_POST, TO_ROLE = Q(person__isnull=False), Q(post__isnull=False), ~Q(role="")
KEY = ("app", "source", "step", "round")


class WorkItem(models.Model):
    """One thing for one addressee: a person, whoever holds a post, or whoever holds a role over a unit.

    Title and address are the source's, asked of the registry when they are shown. While an item is open there is one for its
    source, step, round and addressee; when the same is wanted again after it was closed, that is another item.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=4, choices=ItemKind, default=ItemKind.DO)
    app = models.CharField(max_length=32, help_text="label of the app that it came from")
    source = models.UUIDField(help_text="the uid of the matter there")
    step = models.CharField(max_length=40, help_text="what is to be done, a code of that app")
    round = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    person = models.ForeignKey("org.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    post = models.ForeignKey("org.Post", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("post"))
    role = models.CharField(_("role"), max_length=16, choices=Role, blank=True)
    claimed_by = models.ForeignKey("org.Person", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("due on"), null=True)
    # What has no limit comes last.
    due_order = models.GeneratedField(
        expression=Coalesce(F("due_on"), models.Value("9999-12-31", output_field=models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=ItemState, default=ItemState.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: the clock")
    closed_for = models.ForeignKey(
        "org.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="for whom a substitute acted"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = querysets.WorkItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(TO_PERSON, post=None, role="")
                | Q(TO_POST, person=None, role="")
                | Q(TO_ROLE, person=None, post=None),
                name="work_item_one_addressee",
            ),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="work_item_kind_known"),
            models.CheckConstraint(condition=Q(role__in=["", *Role.values]), name="work_item_role_known"),
            models.CheckConstraint(
                condition=Q(OPEN, closed_at=None, outcome="")
                | Q(state=ItemState.DONE, closed_at__isnull=False, outcome=Outcome.DONE)
                | Q(
                    state=ItemState.CANCELLED,
                    closed_at__isnull=False,
                    outcome__in=[Outcome.CANCELLED, Outcome.TAKEN_BACK],
                ),
                name="work_item_ends_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False, person=None),
                name="work_item_claimed_is_shared",
            ),
            models.UniqueConstraint(fields=[*KEY, "person"], condition=OPEN & TO_PERSON, name="work_item_once_for_person"),
            models.UniqueConstraint(fields=[*KEY, "post"], condition=OPEN & TO_POST, name="work_item_once_for_post"),
            models.UniqueConstraint(fields=[*KEY, "unit", "role"], condition=OPEN & TO_ROLE, name="work_item_once_for_role"),
        ]
        indexes = [
            # The boxes: what is open for a person, for a post, for a role at some units, and for a role everywhere. What a
            # partial index asks for must follow from a box's own words, or SQLite does not take it.
            models.Index(
                fields=["person", "kind", "due_order", "-urgent", "id"], condition=OPEN & TO_PERSON, name="work_open_of_person"
            ),
            models.Index(
                fields=["post", "kind", "due_order", "-urgent", "id"], condition=OPEN & TO_POST, name="work_open_of_post"
            ),
            models.Index(
                fields=["unit", "role", "kind", "due_order", "-urgent", "id"], condition=OPEN, name="work_open_of_role_at"
            ),
            models.Index(fields=["role", "kind", "due_order", "-urgent", "id"], condition=OPEN, name="work_open_of_role"),
            models.Index(fields=["claimed_by"], condition=OPEN & Q(claimed_by__isnull=False), name="work_open_claimed"),
            # What somebody, or a substitute for them, has done.
            models.Index(
                fields=["closed_by", "kind", "-closed_at", "-id"], condition=Q(outcome=Outcome.DONE), name="work_done_by"
            ),
            models.Index(
                fields=["closed_for", "kind", "-closed_at", "-id"],
                condition=Q(outcome=Outcome.DONE, closed_for__isnull=False),
                name="work_done_for",
            ),
            models.Index(fields=["app", "source", "id"], name="work_of_source"),
        ]
        verbose_name = _("work item")
        verbose_name_plural = _("work items")

    def __str__(self) -> str:
        return f"{self.app}:{self.source} {self.step}"

    @property
    def subject(self) -> str:
        """The subject of its domain events."""
        return f"work:{self.uid}"


class WorkItemOpening(models.Model):
    """Who has looked at an item: for the others it is marked as new."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="work_item_opened_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.user}"


class Urging(models.Model):
    """催办: somebody has asked for an item to be dealt with."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="urgings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(_("words"), max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["item", "at"], name="work_urgings_of_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.at:%Y-%m-%d %H:%M}"


class Substitution(models.Model):
    """委托代办: from one day to another somebody sees what is addressed to another person, and acts for them."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    substitute = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("substitute"))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = querysets.SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="work_substitution_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="work_substitution_by_another"),
        ]
        indexes = [
            models.Index(fields=["substitute", "valid_to"], name="work_substituted_by"),
            models.Index(fields=["person", "valid_to"], name="work_substitutes_of"),
        ]
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")

    def __str__(self) -> str:
        return f"{self.substitute} → {self.person}"

    @property
    def subject(self) -> str:
        """The subject of its events; not the person, whose history many may read."""
        return f"substitution:{self.uid}"

"""The directory: units and their history, departments, posts, people, who holds which post, and who may do what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.models import User
from internal_bridge.org import querysets
from internal_bridge.org.enums import ImportKind, ImportMode, ImportState, Role, UnitKind


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """``valid_to``, the last day, is not before ``valid_from``."""
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=name)


class Unit(models.Model):
    """A unit of the city. ``path`` is the codes from the top down, each followed by a slash: ``yls/xfj/``."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32, unique=True, help_text="never changed, never given again")
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    second_name = models.CharField(_("second name"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("superior unit")
    )
    path = models.CharField(max_length=400, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40, choices=UnitKind)
    duties = models.TextField(_("duties"), blank=True)
    accepts_petitions = models.BooleanField(_("takes petitions"), default=False)
    duty_phone = models.CharField(_("duty phone"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("position in lists"), default=0)
    valid_from = models.DateField(_("since"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = querysets.UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="org_unit_kind_known"),
            ends_after_it_begins("org_unit_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["parent", "position", "code"], name="org_unit_children")]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.short_name

    @property
    def subject(self) -> str:
        """The subject of its domain events."""
        return f"unit:{self.code}"


class UnitName(models.Model):
    """A name that a unit had before."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["valid_to", "id"]
        constraints = [ends_after_it_begins("org_unit_name_ends_after_it_begins")]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """Who follows a closed unit; several after a split."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "successor"], name="org_succession_once"),
            models.CheckConstraint(condition=~Q(unit=F("successor")), name="org_succession_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor}"


class Department(models.Model):
    """A part of a unit: 受理科, 领导班子."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="departments", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(_("position in lists"), default=0)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(valid_to=None), name="org_department_once_open")
        ]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post in a department, which several people may hold."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts", verbose_name=_("department"))
    name = models.CharField(_("name"), max_length=60)
    rank = models.CharField(_("rank"), max_length=40, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), default=1)
    position = models.PositiveIntegerField(_("position in lists"), default=0)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], condition=Q(valid_to=None), name="org_post_once_open")
        ]
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who works for the city; with a login or without."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    staff_number = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=240, editable=False)
    initials = models.CharField(max_length=60, editable=False)
    office_phone = models.CharField(_("office phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    place = models.CharField(_("office"), max_length=100, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text="the last day")
    version = models.PositiveIntegerField(default=1)

    objects = querysets.PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="org_person_leaves_after_joining",
            )
        ]
        indexes = [
            models.Index(fields=["pinyin", "id"], name="org_person_by_pinyin"),
            models.Index(fields=["initials"], name="org_person_by_initials"),
            models.Index(fields=["name"], name="org_person_by_name"),
        ]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The subject of its domain events."""
        return f"person:{self.uid}"


class Appointment(models.Model):
    """A person in a post. The open main one is where the person belongs."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("post"))
    main = models.BooleanField(_("main post"), default=False)
    duties = models.CharField(_("duties"), max_length=200, blank=True)
    valid_from = models.DateField(_("since"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = querysets.AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(main=True, valid_to=None), name="org_appointment_one_main"),
            models.UniqueConstraint(fields=["person", "post"], condition=Q(valid_to=None), name="org_appointment_once_open"),
            ends_after_it_begins("org_appointment_ends_after_it_begins"),
        ]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")

    def __str__(self) -> str:
        return f"{self.person} {self.post}"


class Grant(models.Model):
    """A right: this person, in this role, over this unit (09 "Who sees what"). Access is the union of a person's grants."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants", verbose_name=_("unit"))
    with_descendants = models.BooleanField(_("with all units below"), default=False)
    appointment = models.ForeignKey(
        Appointment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants",
        help_text="counts only while this does",
    )
    valid_from = models.DateField(_("since"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False, help_text="from this moment it counts no more")
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: the first start"
    )

    objects = querysets.GrantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="org_grant_role_known"),
            ends_after_it_begins("org_grant_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["person", "valid_to"], name="org_grant_of_person"),
            models.Index(fields=["unit", "role"], name="org_grant_over_unit"),
        ]
        verbose_name = _("grant")
        verbose_name_plural = _("grants")

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.unit}"


class ImportRun(models.Model):
    """One import of a CSV file: checked first, then applied."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=ImportKind)
    mode = models.CharField(_("mode"), max_length=16, choices=ImportMode, default=ImportMode.ALL_OR_NOTHING)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.CHECKING)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content = models.TextField()
    total = models.PositiveIntegerField(default=0, help_text="lines, without the heading")
    done = models.PositiveIntegerField(default=0, help_text="lines that the present state is through with")
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, help_text="[{line, column, reason, params}]")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = querysets.ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="org_import_kind_known"),
            models.CheckConstraint(condition=Q(mode__in=ImportMode.values), name="org_import_mode_known"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="org_import_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"import:{self.uid}"

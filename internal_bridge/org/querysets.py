"""Questions about the directory. Whoever has a login may read it; mobiles, grants and imports have rules of their own."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from core.models import User
from core.workdays import local_date
from internal_bridge.org.enums import SUPERIOR_ROLES, Role

if TYPE_CHECKING:
    from internal_bridge.org import models as org


def today() -> datetime.date:
    """The day in Beijing."""
    return local_date(timezone.now())


def lasting(on: datetime.date, prefix: str = "") -> Q:
    """What has no last day before ``on``."""
    return Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on})


def counting(on: datetime.date, prefix: str = "") -> Q:
    """What has begun by ``on`` and not ended before it."""
    return Q(**{f"{prefix}valid_from__lte": on}) & lasting(on, prefix)


class UnitQuerySet(models.QuerySet["org.Unit"]):
    def visible_to(self, person: User) -> "UnitQuerySet":
        """The directory is open to everybody who may log in."""
        return self if person.is_active else self.none()

    def open(self, on: datetime.date | None = None) -> "UnitQuerySet":
        """The units that exist on a day, by default today."""
        return self.filter(counting(on or today()))

    def below(self, unit: "org.Unit") -> "UnitQuerySet":
        """``unit`` and all units below it."""
        return self.filter(path__startswith=unit.path)

    def covered(self, paths: "list[tuple[str, bool]] | tuple[tuple[str, bool], ...]") -> "UnitQuerySet":
        """The units of ``paths``, (path, with descendants) each; none when there are no paths."""
        wanted = Q(pk__in=[])
        for path, with_descendants in paths:
            wanted |= Q(path__startswith=path) if with_descendants else Q(path=path)
        return self.filter(wanted)

    def search(self, text: str) -> "UnitQuerySet":
        """By a part of a name, of a former name too, or by code."""
        text = text.strip()
        if not text:
            return self
        former = Exists(
            self.model._meta.apps.get_model("org", "UnitName").objects.filter(unit=OuterRef("pk"), name__contains=text)
        )
        return self.filter(
            Q(name__contains=text)
            | Q(short_name__contains=text)
            | Q(second_name__icontains=text)
            | Q(code=text.lower())
            | former
        )


class AppointmentQuerySet(models.QuerySet["org.Appointment"]):
    def counting(self, on: datetime.date | None = None) -> "AppointmentQuerySet":
        """Those that have begun and not ended on a day, by default today."""
        return self.filter(counting(on or today()))

    def with_places(self) -> "AppointmentQuerySet":
        """With post, department and unit, in one query."""
        return self.select_related("post__department__unit")


class PersonQuerySet(models.QuerySet["org.Person"]):
    def visible_to(self, person: User) -> "PersonQuerySet":
        """The directory is open to everybody who may log in."""
        return self if person.is_active else self.none()

    def in_office(self, on: datetime.date | None = None) -> "PersonQuerySet":
        """The people who have joined and not left on a day, by default today."""
        on = on or today()
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=on), Q(left_on=None) | Q(left_on__gte=on))

    def in_unit(self, unit: "org.Unit", with_descendants: bool = True) -> "PersonQuerySet":
        """The people with a present appointment in ``unit``, or below it too."""
        where = Q(post__department__unit__path__startswith=unit.path) if with_descendants else Q(post__department__unit=unit)
        return self.filter(Exists(_appointments().filter(where, person=OuterRef("pk"))))

    def holding(self, *roles: Role) -> "PersonQuerySet":
        """The people with a counting grant of one of ``roles``, over whichever unit."""
        return self.filter(Exists(_grants().counting().filter(role__in=roles, person=OuterRef("pk"))))

    def in_department(self, department: "org.Department") -> "PersonQuerySet":
        """The people with a present appointment in ``department``."""
        return self.filter(Exists(_appointments().filter(person=OuterRef("pk"), post__department=department)))

    def search(self, text: str) -> "PersonQuerySet":
        """By a part of the name, the beginning of its pinyin or initials, the last four digits of the office phone, a present
        post's name, or the staff number."""
        text = text.strip()
        if not text:
            return self
        latin = "".join(text.lower().split())
        wanted = Q(name__contains=text) | Q(staff_number__iexact=text)
        wanted |= Q(Exists(_appointments().filter(person=OuterRef("pk"), post__name__contains=text)))
        if latin.isascii():
            surname, _, given = text.lower().partition(" ")
            wanted |= Q(initials__startswith=latin) | Q(joined_pinyin__startswith=latin)
            wanted |= Q(pinyin__startswith=f"{surname} {''.join(given.split())}") if given else Q()
        if len(text) == 4 and text.isdecimal():
            wanted |= Q(office_phone__endswith=text)
        joined = Replace("pinyin", Value(" "), Value(""))
        return self.alias(joined_pinyin=joined).filter(wanted)

    def with_appointments(self) -> "PersonQuerySet":
        """With the present appointments and their places as ``present``, main one first: two queries for any number."""
        rows = _appointments().with_places().order_by("-main", "id")
        return self.prefetch_related(models.Prefetch("appointments", queryset=rows, to_attr="present"))

    def with_mobile_shown_to(self, user: User) -> "PersonQuerySet":
        """Each with ``mobile_shown``: whether ``user`` may read the mobile number.

        That may people of the same unit, superiors (heads and leaders) with a grant over it, and the system administrator.
        """
        if _grants().counting().filter(person__user=user, role=Role.SYSADMIN).exists():
            return self.annotate(mobile_shown=Value(True))
        return self.annotate(mobile_shown=Exists(_seen_by(user)))

    def mobile_visible_to(self, user: User) -> "PersonQuerySet":
        """The people whose mobile number ``user`` may read, by the rule of ``with_mobile_shown_to``."""
        if _grants().counting().filter(person__user=user, role=Role.SYSADMIN).exists():
            return self
        return self.filter(Exists(_seen_by(user)))


def _seen_by(user: User) -> "AppointmentQuerySet":
    """Present appointments, of the outer person, at a place whose mobiles ``user`` may read."""
    own = _appointments().filter(person__user=user, person__user__is_active=True).values("post__department__unit")
    over = _grants().counting().filter(person__user=user, role__in=SUPERIOR_ROLES)
    grants = [(grant.unit.path, grant.with_descendants) for grant in over.select_related("unit")]
    where = Q(post__department__unit__in=own) | Q(person__user=user)
    for path, with_descendants in grants:
        name = "post__department__unit__path"
        where |= Q(**{f"{name}__startswith" if with_descendants else name: path})
    return _appointments().filter(where, person=OuterRef("pk"))


class GrantQuerySet(models.QuerySet["org.Grant"]):
    def counting(self, on: datetime.date | None = None) -> "GrantQuerySet":
        """The grants that count on a day, by default today: they have begun and not ended, so has the appointment that they
        hang on, the person has not left, and the login is active."""
        on = on or today()
        return self.filter(
            counting(on),
            Q(ended_at=None),
            Q(appointment=None) | counting(on, "appointment__"),
            Q(person__left_on=None) | Q(person__left_on__gte=on),
            person__user__is_active=True,
        )

    def visible_to(self, person: User) -> "GrantQuerySet":
        """The system administrator sees all grants, everybody else their own."""
        from internal_bridge.org.permissions import is_system_administrator

        return self if is_system_administrator(person) else self.filter(person__user=person)


class ImportRunQuerySet(models.QuerySet["org.ImportRun"]):
    def visible_to(self, person: User) -> "ImportRunQuerySet":
        """Imports are the system administrator's."""
        from internal_bridge.org.permissions import is_system_administrator

        return self if is_system_administrator(person) else self.none()


def _appointments() -> AppointmentQuerySet:
    from internal_bridge.org.models import Appointment

    return Appointment.objects.counting()


def _grants() -> GrantQuerySet:
    from internal_bridge.org.models import Grant

    return Grant.objects.all()

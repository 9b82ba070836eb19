"""What pages show of people."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Appointment, Department, Grant, Person, Unit
from internal_bridge.org.permissions import is_system_administrator


def in_words(role: str) -> str:
    return str(Role(role).label)


def month(day: datetime.date) -> str:
    return day.strftime("%Y-%m")


def present_posts(person: Person) -> list[Appointment]:
    """Who ended a post today and took it up again holds it once."""
    present: list[Appointment] = person.present  # type: ignore[attr-defined]
    open_posts = {each.post_id for each in present if each.valid_to is None}
    return [each for each in present if each.valid_to is None or each.post_id not in open_posts]


@dataclass(frozen=True)
class PersonRow:
    """A person in a list, with the post that counts there."""

    uid: str
    url: str
    name: str
    posts: int
    post: str
    unit: str
    department: str
    duties: str
    phone: str
    current: bool

    @classmethod
    def of(
        cls, person: Person, *, unit: Unit | None = None, department: Department | None = None, current: bool
    ) -> "PersonRow":
        """``person`` comes with ``present`` appointments; of several posts the one in the listed place is named."""
        present = present_posts(person)
        here = next((each for each in present if _is_at(each, unit, department)), present[0] if present else None)
        return cls(
            uid=str(person.uid),
            url=reverse("org:person", args=[person.uid]),
            name=person.name,
            posts=len(present),
            post=here.post.name if here else "",
            unit=here.post.department.unit.short_name if here else "",
            department=here.post.department.name if here else "",
            duties=here.duties if here else "",
            phone=person.office_phone,
            current=current,
        )


def _is_at(appointment: Appointment, unit: Unit | None, department: Department | None) -> bool:
    place = appointment.post.department
    if department is not None:
        return place == department
    return unit is None or place.unit_id == unit.pk


@dataclass(frozen=True)
class PostLine:
    """One appointment in words."""

    pk: int
    unit: str
    unit_url: str
    post: str
    main: bool
    since: str
    duties: str
    roles: str


@dataclass(frozen=True)
class Mobile:
    """A mobile number, or none, and why."""

    number: str
    why: str


@dataclass(frozen=True)
class PersonCard:
    """A person as colleagues see them."""

    person: Person
    url: str
    since: str
    posts: list[PostLine]
    other_roles: str
    mobile: Mobile
    superior: Appointment | None
    superior_url: str


def card_of(person: Person, viewer: User) -> PersonCard:
    """The card; ``person`` comes with ``present`` appointments and ``mobile_shown``. At most four queries."""
    present = present_posts(person)
    grants = list(Grant.objects.counting().filter(person=person).select_related("unit").order_by("role", "unit__path"))
    told: set[int] = set()
    posts = [_post_line(appointment, grants, told) for appointment in present]
    superior = _superior(present[0], person) if present else None
    return PersonCard(
        person=person,
        url=reverse("org:person", args=[person.uid]),
        since=format_date(person.joined_on, pgettext("date format", "F Y")) if person.joined_on else "",
        posts=posts,
        other_roles=_roles([grant for grant in grants if grant.pk not in told], None),
        mobile=_mobile(person, viewer),
        superior=superior,
        superior_url=reverse("org:person", args=[superior.person.uid]) if superior else "",
    )


def _post_line(appointment: Appointment, grants: list[Grant], told: set[int]) -> PostLine:
    """The post with the roles that hang on it, or that are held over its unit; each role is told once."""
    department = appointment.post.department
    unit = department.unit
    own = [
        grant
        for grant in grants
        if grant.pk not in told
        and (grant.appointment_id == appointment.pk or (grant.appointment_id is None and grant.unit_id == unit.pk))
    ]
    told |= {grant.pk for grant in own}
    return PostLine(
        pk=appointment.pk,
        unit=unit.short_name,
        unit_url=reverse("org:unit", args=[unit.code]),
        post=f"{department.name} {appointment.post.name}",
        main=appointment.main,
        since=month(appointment.valid_from),
        duties=appointment.duties,
        roles=_roles(own, unit),
    )


def _roles(grants: list[Grant], unit: Unit | None) -> str:
    """Roles in words, with the unit where it is another than the post's."""
    words = []
    for grant in grants:
        where = "" if grant.unit == unit and not grant.with_descendants else grant.unit.short_name
        if grant.with_descendants:
            where = _("%(unit)s and all below") % {"unit": where}
        text = in_words(grant.role)
        words.append(_("%(role)s (%(where)s)") % {"role": text, "where": where} if where else text)
    return pgettext("between roles", ", ").join(dict.fromkeys(words))


def _superior(appointment: Appointment, person: Person) -> Appointment | None:
    """Who stands first in the same department, unless it is the person."""
    first = (
        Appointment.objects.counting()
        .filter(post__department=appointment.post.department_id, post__position__lt=appointment.post.position)
        .exclude(person=person)
        .select_related("person", "post")
        .order_by("post__position", "id")
        .first()
    )
    return first


def _mobile(person: Person, viewer: User) -> Mobile:
    """The number as far as ``viewer`` may read it, with the reason; the rule itself is the queryset's."""
    if not person.mobile:
        return Mobile("", _("Not given"))
    if not person.mobile_shown:  # type: ignore[attr-defined]
        return Mobile("", _("Shown to people of the same unit, to its superiors and to the system administrator only"))
    if person.user_id == viewer.pk:
        return Mobile(person.mobile, "")
    if is_system_administrator(viewer):
        return Mobile(person.mobile, _("visible to you as system administrator"))
    own = Appointment.objects.counting().filter(person__user=viewer).values_list("post__department__unit", flat=True)
    units = {each.post.department.unit_id for each in person.present}  # type: ignore[attr-defined]
    if units & set(own):
        return Mobile(person.mobile, _("visible to you: same unit"))
    return Mobile(person.mobile, _("visible to you as superior"))

"""What the system administrator's pages show of people and of their rights."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.events import events_of
from core.models import User
from core.workdays import local_date
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Appointment, Grant, Person, Unit
from internal_bridge.org.presenters.administration import sections
from internal_bridge.org.presenters.happenings import Happening
from internal_bridge.org.presenters.people import month, present_posts
from internal_bridge.org.presenters.tree import number
from internal_bridge.org.querysets import lasting, today

HAPPENINGS_SHOWN = 30
UNITS_NAMED = 8

PEOPLE_STATES = {
    "": gettext_lazy("In office"),
    "no_login": gettext_lazy("Without a login"),
    "no_post": gettext_lazy("Without a post"),
    "left": gettext_lazy("Left"),
    "all": gettext_lazy("All"),
}
GRANT_STATES = {
    "": gettext_lazy("Counting today"),
    "waiting": gettext_lazy("Not counting, not ended"),
    "ended": gettext_lazy("Has ended"),
    "all": gettext_lazy("All"),
}


def people_listed(*, q: str, unit: str, state: str) -> QuerySet[Person]:
    """The people that the filters leave, by name, with their posts and logins."""
    people = Person.objects.search(q)
    present = Appointment.objects.counting().filter(person=OuterRef("pk"))
    if state == "left":
        people = people.filter(left_on__lt=today()) | people.filter(left_on=today())
    elif state != "all":
        people = people.in_office().filter(left_on=None)
    if state == "no_login":
        people = people.filter(user=None)
    if state == "no_post":
        people = people.filter(~Exists(present))
    if unit:
        people = people.filter(Exists(present.filter(post__department__unit__code=unit)))
    return people.select_related("user").with_appointments().order_by("pinyin", "id")


@dataclass(frozen=True)
class StaffRow:
    """A person in the administration's list."""

    person: Person
    url: str
    place: str
    login: str
    active: bool

    @classmethod
    def of(cls, person: Person) -> "StaffRow":
        posts = present_posts(person)
        return cls(
            person=person,
            url=reverse("org:admin_person", args=[person.uid]),
            place=place_of(posts[0]) if posts else "",
            login=person.user.username if person.user else "",
            active=bool(person.user and person.user.is_active),
        )


def place_of(appointment: Appointment) -> str:
    department = appointment.post.department
    return f"{department.unit.short_name} {department.name} {appointment.post.name}"


def grants_listed(viewer: User, *, q: str, role: str, unit: str, state: str) -> QuerySet[Grant]:
    """The rights that the filters leave, the newest first."""
    grants = Grant.objects.visible_to(viewer)
    if q:
        grants = grants.filter(person__in=Person.objects.search(q).values("pk"))
    if role in Role.values:
        grants = grants.filter(role=role)
    if unit:
        grants = grants.filter(unit__code=unit)
    running = Q(ended_at=None) & lasting(today())
    if state == "ended":
        grants = grants.exclude(running)
    elif state == "waiting":
        grants = grants.filter(running).exclude(pk__in=Grant.objects.counting().values("pk"))
    elif state != "all":
        grants = grants.filter(pk__in=Grant.objects.counting().values("pk"))
    return grants.select_related("person", "unit", "granted_by", "appointment__post__department__unit").order_by("-id")


@dataclass(frozen=True)
class GrantRow:
    """A right in a list."""

    grant: Grant
    role: str
    where: str
    person: str
    person_url: str
    span: str
    bound: str
    by: str
    over: bool
    today: bool

    @classmethod
    def of(cls, grant: Grant) -> "GrantRow":
        where = grant.unit.short_name
        ended_today = grant.ended_at is not None and local_date(grant.ended_at) == today()
        return cls(
            grant=grant,
            role=str(Role(grant.role).label),
            where=_("%(unit)s and all below") % {"unit": where} if grant.with_descendants else where,
            person=grant.person.name,
            person_url=reverse("org:admin_person", args=[grant.person.uid]),
            span=span_of(grant.valid_from, grant.valid_to),
            bound=_bound(grant),
            by=grant.granted_by.get_full_name() if grant.granted_by else _("first start"),
            over=grant.ended_at is not None or (grant.valid_to is not None and grant.valid_to < today()),
            today=ended_today,
        )


def _bound(grant: Grant) -> str:
    """The post on which a right hangs; with its unit where that is another."""
    if grant.appointment is None:
        return ""
    department = grant.appointment.post.department
    words = place_of(grant.appointment)
    return words if department.unit_id != grant.unit_id else f"{department.name} {grant.appointment.post.name}"


def span_of(first: datetime.date, last: datetime.date | None) -> str:
    if last is None:
        return _("since %(since)s") % {"since": first.isoformat()}
    return f"{first.isoformat()} – {last.isoformat()}"


def grant_in_words(person: Person, data: dict[str, Any]) -> list[str]:
    """What ``person`` will see and do with a right that is about to be given."""
    unit = Unit.objects.get(code=data["unit"])
    units = Unit.objects.open().below(unit) if data["with_descendants"] else Unit.objects.filter(pk=unit.pk)
    count, names = units.count(), list(units.order_by("path").values_list("short_name", flat=True)[:UNITS_NAMED])
    words = {"name": person.name, "role": Role(data["role"]).label}
    covered = ngettext("Covers %(n)s unit: %(names)s.", "Covers %(n)s units: %(names)s.", count)
    more = _(" and others") if count > UNITS_NAMED else ""
    lines = [
        f"{_('%(name)s works there as %(role)s.') % words} {RIGHTS[Role(data['role'])]}",
        covered % {"n": number(count), "names": "、".join(names) + more},
    ]
    first = data["valid_from"] or today()
    lines.append(_("Counts: %(span)s.") % {"span": span_of(first, data["valid_to"])})
    if data["appointment"]:
        lines.append(_("Ends with the post on which it hangs."))
    held = Grant.objects.counting().filter(person=person).select_related("unit")
    if had := [f"{Role(grant.role).label}（{grant.unit.short_name}）" for grant in held]:
        lines.append(_("Holds already: %(rights)s. Access is the union of all.") % {"rights": "、".join(had)})
    return lines


RIGHTS = {
    Role.DISPATCHER: gettext_lazy("Sees what comes in for these units, accepts, dispatches and answers it."),
    Role.HANDLER: gettext_lazy("Sees and handles what is assigned to these units."),
    Role.HEAD: gettext_lazy("Sees what these units handle, approves drafts; reads their people's mobiles."),
    Role.INSPECTOR: gettext_lazy("Supervises deadlines and quality of these units."),
    Role.LEADER: gettext_lazy("Sees figures of these units; reads their people's mobiles."),
    Role.SECRETARY: gettext_lazy("Works for a leader of these units."),
    Role.SYSADMIN: gettext_lazy("Administers the directory of the whole city; sees no cases."),
    Role.SECADMIN: gettext_lazy("Watches logins and keys of the whole office; sees no cases."),
    Role.AUDITOR: gettext_lazy("Reads the audit log of the whole office; sees no cases."),
}


@dataclass(frozen=True)
class Held:
    """An appointment on a person's page."""

    pk: int
    unit: str
    post: str
    main: bool
    span: str
    duties: str
    ended: bool


def person_administration(person: Person) -> dict[str, Any]:
    """The context of a person's page: posts and rights, what ended today and can be undone, and the course."""
    rows = Appointment.objects.filter(lasting(today()), person=person).with_places().order_by("valid_to", "-main", "id")
    appointments = list(rows)
    open_posts = {each.post_id for each in appointments if each.valid_to is None}
    grants = [GrantRow.of(grant) for grant in _grants_of(person)]
    here = person.left_on is None
    return {
        "sections": sections("people"),
        "person": person,
        "here": here,
        "posts": [held_of(each) for each in appointments if each.valid_to is None or each.valid_to > today()],
        "ended_posts": [
            held_of(each) for each in appointments if here and each.valid_to == today() and each.post_id not in open_posts
        ],
        "grants": [row for row in grants if not row.over],
        "ended_grants": [row for row in grants if row.today and here and row.grant.person.user_id],
        "timeline": [Happening.of(event) for event in events_of(person.subject).order_by("-id")[:HAPPENINGS_SHOWN]],
    }


def held_of(appointment: Appointment) -> Held:
    department = appointment.post.department
    return Held(
        pk=appointment.pk,
        unit=department.unit.short_name,
        post=f"{department.name} {appointment.post.name}",
        main=appointment.main,
        span=_("since %(since)s") % {"since": month(appointment.valid_from)},
        duties=appointment.duties,
        ended=appointment.valid_to is not None,
    )


def _grants_of(person: Person) -> QuerySet[Grant]:
    yesterday = timezone.now() - datetime.timedelta(days=1)
    recent = Q(ended_at=None) & lasting(today()) | Q(ended_at__gte=yesterday)
    places = ("person", "unit", "granted_by", "appointment__post__department__unit")
    return person.grants.filter(recent).select_related(*places).order_by("-id")

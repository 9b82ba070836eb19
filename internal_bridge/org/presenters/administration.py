"""What the system administrator's pages show of units, and what runs through all of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internal_bridge.org.enums import UnitKind
from internal_bridge.org.models import Appointment, Department, Grant, Post, Unit
from internal_bridge.org.presenters.tree import number, people_by_unit
from internal_bridge.org.querysets import counting, lasting, today


@dataclass(frozen=True)
class Section:
    """A part of the administration."""

    label: str
    url: str
    current: bool


def sections(current: str) -> list[Section]:
    """The parts, of which one is ``current``."""
    parts = [
        ("units", _("Units"), "org:admin_units"),
        ("people", _("People"), "org:admin_people"),
        ("grants", _("Grants of roles"), "org:admin_grants"),
        ("imports", _("Import and export"), "org:admin_imports"),
    ]
    return [Section(label, reverse(name), part == current) for part, label, name in parts]


def units_named() -> list[tuple[str, str]]:
    """Code and name of the open units, for a filter."""
    return list(Unit.objects.open().order_by("position", "code").values_list("code", "short_name"))


def units_listed(state: str, text: str) -> QuerySet[Unit]:
    """The units of a state (closed, all; else open) that ``text`` finds, each with ``people``."""
    units = Unit.objects.search(text).select_related("parent").order_by("path")
    present = counting(today(), "departments__posts__appointments__")
    people = Count("departments__posts__appointments__person", filter=present, distinct=True)
    if state == "closed":
        units = units.filter(valid_to__lt=today())
    elif state != "all":
        units = units.open()
    return units.annotate(people=people)


@dataclass(frozen=True)
class UnitRow:
    """A unit in the administration's list."""

    unit: Unit
    url: str
    kind: str
    parent: str
    people: str
    closed: bool

    @classmethod
    def of(cls, unit: Unit) -> "UnitRow":
        return cls(
            unit=unit,
            url=reverse("org:admin_unit", args=[unit.code]),
            kind=str(UnitKind(unit.kind).label),
            parent=unit.parent.short_name if unit.parent else "",
            people=number(unit.people),  # type: ignore[attr-defined]
            closed=unit.valid_to is not None and unit.valid_to < today(),
        )


def unit_administration(unit: Unit) -> dict[str, Any]:
    """The context of a unit's page: open departments with their open posts and how many hold each."""
    holders = Count("appointments", filter=counting(today(), "appointments__"))
    posts = Post.objects.filter(lasting(today())).annotate(holders=holders).order_by("position", "id")
    departments = Department.objects.filter(lasting(today()), unit=unit).order_by("position", "id")
    return {
        "sections": sections("units"),
        "unit": unit,
        "kind": UnitKind(unit.kind).label,
        # One that closes later is still open, but its end is settled.
        "settled": unit.valid_to is not None,
        "departments": departments.prefetch_related(Prefetch("posts", queryset=posts, to_attr="open_posts")),
        "people": people_by_unit().get(unit.pk, 0),
    }


def merger_in_words(unit: Unit, into: Unit) -> list[str]:
    """What follows when ``unit`` is merged into ``into``."""
    departments = list(unit.departments.filter(valid_to=None).values_list("name", flat=True))
    taken = set(into.departments.filter(valid_to=None).values_list("name", flat=True))
    people = Appointment.objects.counting().filter(post__department__unit=unit).values("person").distinct().count()
    below = Unit.objects.filter(parent=unit, valid_to=None).exclude(pk=into.pk).count()
    rights = Grant.objects.counting().filter(unit=unit).count()
    names = {"unit": unit.short_name, "into": into.short_name}
    lines = [
        ngettext("%(n)d department moves to %(into)s.", "%(n)d departments move to %(into)s.", len(departments)),
        ngettext("%(n)d person moves along with the post.", "%(n)d people move along with their posts.", people),
        ngettext("%(n)d unit below moves under %(into)s.", "%(n)d units below move under %(into)s.", below),
        ngettext(
            "%(n)d right over %(unit)s stays over what it was.", "%(n)d rights over %(unit)s stay over what it was.", rights
        ),
    ]
    counts = [len(departments), people, below, rights]
    told = [line % {"n": count, **names} for line, count in zip(lines, counts, strict=True) if count]
    if same := [name for name in departments if name in taken]:
        words = _("%(into)s has departments of the same name: %(names)s. Those of %(unit)s get its name before their own.")
        told.append(words % {**names, "names": "、".join(same)})
    told.append(_("%(unit)s is closed, with %(into)s as successor. Its page and its code stay; this cannot be undone.") % names)
    told.append(_("The portal shows both within seconds."))
    return told

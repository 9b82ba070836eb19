"""What the queue may be asked for."""

import datetime
import functools
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, MultipleChoiceFilter

from core.enums import PetitionKind
from core.identifiers import normalise_number
from core.text import pinyin_of
from core.workdays import BEIJING, local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.casework.queue.standing import of_light
from internal_bridge.org.services import Unit, all_units
from internal_bridge.policies.enums import Complexity, Light

YES, NO = "true", "false"
URGENCY = [(YES, pgettext_lazy("filter", "Urgent")), (NO, pgettext_lazy("filter", "Not urgent"))]
# Units that one word may mean.
MOST_UNITS = 50


class UnitField(forms.CharField):
    """Units by code, by a part of the name, or by the pinyin of the name: 城管, cgj, shichengguanju, scgj."""

    def clean(self, value: Any) -> list[Unit]:
        text: str = super().clean(value)
        if not text:
            return []
        found = find_units(text)
        if not found:
            raise ValidationError(_("No unit is called “%(text)s”.") % {"text": text}, code="unknown")
        return found[:MOST_UNITS]


class UnitFilter(CharFilter):
    field_class = UnitField


class FilterForm(forms.Form):
    """The filters together: a first day after the last one finds nothing, and is a slip."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("due", "received"):
            first, last = found.get(f"{name}_from"), found.get(f"{name}_to")
            if first and last and first > last:
                self.add_error(f"{name}_to", ValidationError(_("The last day is before the first."), code="order"))
        return found


def _day(label: Any, method: str) -> DateFilter:
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return DateFilter(label=label, input_formats=["%Y-%m-%d"], widget=widget, method=method)


def _text(label: Any, longest: int, method: str, *, kind: type[CharFilter] = CharFilter, **attrs: Any) -> CharFilter:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return kind(label=label, max_length=longest, widget=widget, method=method)


def _several(label: Any, choices: Any) -> Any:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return {"label": label, "choices": choices, "widget": widget}


def _one(label: Any, choices: Any, **options: Any) -> ChoiceFilter:
    widget = forms.Select(attrs={"class": "form-select"})
    return ChoiceFilter(label=label, choices=choices, empty_label=gettext_lazy("Any"), widget=widget, **options)


class CaseFilter(FilterSet):
    """Each narrows what the view has."""

    q = _text(gettext_lazy("Number, title or place"), 100, "by_words")
    state = MultipleChoiceFilter(field_name="state", **_several(gettext_lazy("State"), CaseState.choices))
    kind = MultipleChoiceFilter(field_name="kind", **_several(gettext_lazy("Kind"), PetitionKind.choices))
    unit = _text(gettext_lazy("Lead unit"), 60, "by_unit", kind=UnitFilter, list="units")
    light = _one(pgettext_lazy("filter", "Light"), Light.choices, method="by_light")
    due_from = _day(gettext_lazy("Due from"), "due_since")
    due_to = _day(gettext_lazy("Due up to"), "due_until")
    received_from = _day(gettext_lazy("Received from"), "received_since")
    received_to = _day(gettext_lazy("Received up to"), "received_until")
    urgent = _one(gettext_lazy("Urgency"), URGENCY, method="by_urgency")
    complexity = _one(gettext_lazy("Complexity"), Complexity.choices, field_name="complexity")
    place = _text(gettext_lazy("Place"), 60, "by_place")

    class Meta:
        model = Case
        fields: list[str] = []
        form = FilterForm

    @property
    def today(self) -> datetime.date:
        return local_date(timezone.now())

    def by_words(self, cases: CaseQuerySet, _name: str, text: str) -> CaseQuerySet:
        """By a number, or words in title or place. Found first by their index, then joined: the rows themselves are long."""
        number = normalise_number(text)
        found = Case.objects.filter(Q(title__icontains=text) | Q(place__icontains=text) | Q(number__contains=number))
        return cases.filter(pk__in=found.values("pk"))

    def by_unit(self, cases: CaseQuerySet, _name: str, units: list[Unit]) -> CaseQuerySet:
        return cases.filter(lead_unit__in=[unit.pk for unit in units])

    def by_light(self, cases: CaseQuerySet, _name: str, light: str) -> CaseQuerySet:
        going = cases if light == Light.NONE else cases.under_way()
        return going.filter(of_light(light, self.today))

    def by_urgency(self, cases: CaseQuerySet, _name: str, choice: str) -> CaseQuerySet:
        return cases.filter(expedited=choice == YES)

    def by_place(self, cases: CaseQuerySet, _name: str, text: str) -> CaseQuerySet:
        found = Case.objects.filter(place__icontains=text)
        return cases.filter(pk__in=found.values("pk"))

    def due_since(self, cases: CaseQuerySet, _name: str, day: datetime.date) -> CaseQuerySet:
        return cases.filter(due_order__gte=day)

    def due_until(self, cases: CaseQuerySet, _name: str, day: datetime.date) -> CaseQuerySet:
        return cases.filter(due_order__lte=day)

    def received_since(self, cases: CaseQuerySet, _name: str, day: datetime.date) -> CaseQuerySet:
        return cases.filter(received_at__gte=_midnight(day))

    def received_until(self, cases: CaseQuerySet, _name: str, day: datetime.date) -> CaseQuerySet:
        return cases.filter(received_at__lt=_midnight(day + datetime.timedelta(days=1)))


def find_units(text: str) -> list[Unit]:
    """Units by code, by a part of a name, or by the beginning of a name's pinyin or initials. One query."""
    units = list(all_units().only("pk", "code", "name", "short_name").order_by("position", "code"))
    latin = "".join(text.lower().split())
    exact = [unit for unit in units if unit.code == latin or text in (unit.name, unit.short_name)]
    if exact:
        return exact
    found = [unit for unit in units if text in unit.name or text in unit.short_name]
    if not found and latin.isascii():
        found = [unit for unit in units if any(reads_so(name, latin) for name in (unit.name, unit.short_name))]
    return found


def reads_so(name: str, latin: str) -> bool:
    """Whether the pinyin of ``name``, or its initials, begin so; a 市 at its beginning may be left out."""
    return any(reading.startswith(latin) for reading in _readings(name))


@functools.lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[str, ...]:
    found = [pinyin_of(name)] + ([pinyin_of(name[1:])] if name.startswith("市") else [])
    return tuple(reading.replace(" ", "") for pair in found for reading in pair)


def _midnight(day: datetime.date) -> datetime.datetime:
    """When a day begins, in Beijing."""
    return datetime.datetime.combine(day, datetime.time(), BEIJING)

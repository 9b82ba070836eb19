"""What the auditor may ask the log for."""

import datetime
import ipaddress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from core.models import AuditRecord, User
from internal_bridge.auditing.enums import Group
from internal_bridge.auditing.wording import SUBJECTS, actions_of

# A name that more people than these share is searched for by login.
NAMESAKES = 200


class AddressField(forms.CharField):
    """One network address, in the form in which the log writes it."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return str(ipaddress.ip_address(text)) if text else ""
        except ValueError as error:
            raise ValidationError(_("Write one address, such as 10.1.2.3 or 2001:db8::7."), code="invalid") from error


class AddressFilter(CharFilter):
    field_class = AddressField


class FilterForm(forms.Form):
    """The filters together: a first day after the last one finds nothing, and is a slip."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["first"] > found["last"]:
            self.add_error("last", ValidationError(_("The last day is before the first."), code="order"))
        return found


def _day(**options: Any) -> DateFilter:
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return DateFilter(input_formats=["%Y-%m-%d"], widget=widget, **options)


def _text(placeholder: Any, longest: int, kind: type[CharFilter] = CharFilter, **options: Any) -> CharFilter:
    widget = forms.TextInput(attrs={"class": "form-control", "placeholder": placeholder, "autocomplete": "off"})
    return kind(widget=widget, max_length=longest, **options)


class AuditFilter(FilterSet):
    """Each filter is served by the index of its column; the group is chosen by the list's views."""

    who = _text(gettext_lazy("Name or login"), 150, label=gettext_lazy("Who"), method="by_person")
    group = ChoiceFilter(choices=Group.choices, widget=forms.HiddenInput, method="by_group")
    subject = _text("unit:xfj", 80, label=gettext_lazy("Subject"), method="by_subject")
    address = _text("10.1.2.3", 45, AddressFilter, label=gettext_lazy("Address"))
    post = _text(gettext_lazy("Beginning with the unit"), 160, label=gettext_lazy("Post"), lookup_expr="startswith")
    first = _day(label=gettext_lazy("First day"), field_name="at", method="from_day")
    last = _day(label=gettext_lazy("Last day"), field_name="at", method="to_day")

    class Meta:
        model = AuditRecord
        fields: list[str] = []
        form = FilterForm

    def by_person(self, records: QuerySet[AuditRecord], _name: str, text: str) -> QuerySet[AuditRecord]:
        """Whose name or login it is, and what was typed as a login that nobody has."""
        named = User.objects.filter(Q(username=text) | Q(display_name__contains=text)).values_list("pk", flat=True)
        return records.filter(Q(login=text) | Q(actor__in=list(named[:NAMESAKES])))

    def by_group(self, records: QuerySet[AuditRecord], _name: str, group: str) -> QuerySet[AuditRecord]:
        return records.filter(action__in=actions_of(group))

    def by_subject(self, records: QuerySet[AuditRecord], _name: str, text: str) -> QuerySet[AuditRecord]:
        """A whole subject, or what stands behind its colon."""
        subjects = [text] if ":" in text else [text, *(f"{kind}:{text}" for kind in SUBJECTS)]
        return records.filter(subject__in=subjects)

    def from_day(self, records: QuerySet[AuditRecord], _name: str, day: datetime.date) -> QuerySet[AuditRecord]:
        return records.filter(at__gte=_midnight(day))

    def to_day(self, records: QuerySet[AuditRecord], _name: str, day: datetime.date) -> QuerySet[AuditRecord]:
        return records.filter(at__lt=_midnight(day + datetime.timedelta(days=1)))

    def used(self) -> dict[str, str]:
        """The filters that are set, as the log itself records them. The form must be valid."""
        cleaned = self.form.cleaned_data
        return {name: str(value) for name, value in cleaned.items() if value not in (None, "")}


def _midnight(day: datetime.date) -> datetime.datetime:
    """When a day begins, in Beijing."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

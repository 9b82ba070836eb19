"""Forms of the inbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from internal_bridge.org.forms.fields import ActForm
from internal_bridge.org.querysets import PersonQuerySet, today
from internal_bridge.org.services import Person
from internal_bridge.workflow.services.substitution import REASON_LENGTH

CHOICES = 60


class ReadForm(ActForm):
    """Nothing but that it was meant once."""


class ItemForm(ReadForm):
    """An act on an item as somebody saw it."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SubstitutionForm(ReadForm):
    """委托代办. ``found`` are the colleagues to choose from; who may also name others chooses among ``principals``."""

    person = forms.ChoiceField(label=_("Who is away"))
    substitute = forms.ChoiceField(label=_("Who stands in"), help_text=_("Somebody with a login in the office."))
    valid_from = forms.DateField(
        label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=today
    )
    valid_to = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=today
    )
    reason = forms.CharField(label=_("Reason"), min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])

    def __init__(self, *args: Any, principals: list[Person], found: list[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [(str(one.uid), _named(one)) for one in principals]  # type: ignore[attr-defined]
        self.fields["substitute"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((str(one.uid), _named(one)) for one in found),
        ]
        if len(principals) == 1:
            self.fields["person"].initial = str(principals[0].uid)


def choosable(rows: PersonQuerySet, text: str, without: User) -> list[Person]:
    """At most 60 people with a login whom ``text`` finds, with where they belong: two queries."""
    found = rows.in_office().filter(user__is_active=True).exclude(user=without).search(text)
    return list(found.with_appointments().order_by("pinyin", "pk")[:CHOICES])


def _named(person: Person) -> str:
    present = getattr(person, "present", [])
    if not present:
        return person.name
    post = present[0].post
    return f"{person.name} · {post.department.unit.short_name} {post.name}"

"""Forms about people, their posts, logins and rights."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internal_bridge.org.enums import Role
from internal_bridge.org.forms.fields import ActForm, DayField, UnitField, VersionedForm
from internal_bridge.org.models import Person, Post, Unit
from internal_bridge.org.querysets import lasting, today

CHANGED = ["staff_number", "name", "office_phone", "mobile", "email", "place", "joined_on"]


class PersonFields(forms.Form):
    """What is known of a person."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)
    office_phone = forms.CharField(label=_("Office phone"), max_length=40, required=False)
    mobile = forms.CharField(
        label=_("Mobile"),
        max_length=40,
        required=False,
        help_text=_("Shown to the same unit and its superiors only."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    place = forms.CharField(label=pgettext_lazy("office", "Place"), max_length=100, required=False)
    joined_on = DayField(label=_("First day in office"), required=False)


class NewPersonForm(PersonFields, ActForm):
    """A new person."""


class ChangePersonForm(PersonFields, VersionedForm):
    """Other data of a person."""

    @staticmethod
    def values_of(person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in CHANGED}


class AppointForm(ActForm):
    """A post of the unit that was chosen before."""

    post = forms.TypedChoiceField(label=_("Post"), coerce=int)
    main = forms.BooleanField(
        label=_("Principal post"), required=False, help_text=_("The main post so far becomes an additional one.")
    )
    duties = forms.CharField(label=pgettext_lazy("of a post", "Duties"), max_length=200, required=False)
    valid_from = DayField(label=_("Since"), required=False, help_text=_("Left empty: today."))

    def __init__(self, *arguments: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["post"].choices = posts_to_choose(unit)  # type: ignore[attr-defined]


def posts_to_choose(unit: Unit) -> list[Any]:
    """The open posts of ``unit``, grouped by department."""
    groups: dict[str, list[tuple[int, str]]] = {}
    posts = Post.objects.filter(lasting(today()), lasting(today(), "department__"), department__unit=unit)
    for post in posts.select_related("department").order_by("department__position", "department_id", "position", "id"):
        groups.setdefault(post.department.name, []).append((post.pk, post.name))
    return [("", "—"), *groups.items()]


class LeaveForm(VersionedForm):
    """The last day."""

    left_on = DayField(label=_("Last day"), required=False, help_text=_("Left empty: today. Not later than today."))


class LoginForm(ActForm):
    """A user name; the password is made."""

    username = forms.CharField(label=_("User name"), max_length=150, help_text=_("For example the pinyin of the name."))


class GrantForm(ActForm):
    """A right: a role over a unit, why, and how long."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices])
    unit = UnitField(label=_("Over the unit"))
    with_descendants = forms.BooleanField(label=_("With all units below"), required=False)
    appointment = forms.TypedChoiceField(
        label=_("Hangs on the post"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Then it counts only while the post is held."),
    )
    valid_from = DayField(label=_("Since"), required=False, help_text=_("Left empty: today."))
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Left empty: until it is ended."))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It stands in the audit log: 2 to 200 characters."), min_length=2
    )

    def __init__(self, *arguments: Any, person: Person, **options: Any) -> None:
        super().__init__(*arguments, **options)
        present = person.appointments.counting().with_places()
        named = [(each.pk, f"{each.post.department.unit} {each.post.department} {each.post}") for each in present]
        self.fields["appointment"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

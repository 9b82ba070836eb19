"""What a reader may ask the published replies for: the same on the page and in the API (11, ``GET /replies/``)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from core.enums import PetitionKind
from petitions.models import PublishedReply
from petitions.querysets import PublishedReplyQuerySet

LONGEST_QUERY = 60
LONGEST_CODE = 32
NEWEST = "-answered_on"
ORDERINGS = [
    (NEWEST, gettext_lazy("Newest answers first")),
    ("answered_on", gettext_lazy("Oldest answers first")),
    ("-received_on", gettext_lazy("Newest letters first")),
    ("received_on", gettext_lazy("Oldest letters first")),
]


class ReplyFilterForm(forms.Form):
    """The filters together: a first day after the last one finds nothing, and is a slip."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("from") and found.get("to") and found["from"] > found["to"]:
            self.add_error("to", ValidationError(_("The last day is before the first."), code="order"))
        return found


def _day(label: Any, lookup: str) -> DateFilter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DateFilter(field_name="answered_on", lookup_expr=lookup, label=label, input_formats=["%Y-%m-%d"], widget=widget)


class ReplyFilter(FilterSet):
    """Days are those of the answer. ``from`` is a word of Python, so the filters are declared as they are looked up."""

    q = CharFilter(method="search", label=gettext_lazy("Search words"), max_length=LONGEST_QUERY)
    kind = ChoiceFilter(choices=PetitionKind.choices, label=gettext_lazy("Kind"))
    topic = CharFilter(field_name="topic_code", label=gettext_lazy("Topic"), max_length=LONGEST_CODE)
    unit = CharFilter(field_name="unit_code", label=gettext_lazy("Unit"), max_length=LONGEST_CODE)
    ordering = ChoiceFilter(choices=ORDERINGS, method="order", label=gettext_lazy("Order"))

    class Meta:
        model = PublishedReply
        fields: list[str] = []
        form = ReplyFilterForm

    @classmethod
    def get_filters(cls) -> Any:
        days = {"from": _day(gettext_lazy("Answered from"), "gte"), "to": _day(gettext_lazy("Answered up to"), "lte")}
        return super().get_filters() | days

    def search(self, rows: PublishedReplyQuerySet, _name: str, words: str) -> PublishedReplyQuerySet:
        return rows.search(words)

    def order(self, rows: PublishedReplyQuerySet, _name: str, ordering: str) -> PublishedReplyQuerySet:
        # Answers of one day stand in one order on every page.
        return rows.order_by(ordering, "-id" if ordering.startswith("-") else "id")

"""How the list of cases is narrowed and ordered: ``?state=&unit=&kind=&overdue=&due_before=&q=&ordering=``."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request

from core.enums import PetitionKind
from core.pagination import PARAMETERS
from core.problems import refuse_unknown_query
from core.workdays import local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.org.services import all_units

LONGEST_SEARCH = 100
# Each ends at the row's id, so that pages do not overlap. What has no limit comes last either way.
ORDERS: dict[str, tuple[Any, ...]] = {
    "-received_at": ("-received_at", "-id"),
    "received_at": ("received_at", "id"),
    "due": (F("due_on").asc(nulls_last=True), "id"),
    "-due": (F("due_on").desc(nulls_last=True), "-id"),
}
NEWEST = "-received_at"


class TruthField(forms.CharField):
    """``true`` or ``false``, as JSON writes it."""

    def clean(self, value: Any) -> bool | None:
        text = super().clean(value)
        if text not in ("", "true", "false"):
            raise ValidationError(_("Choose one of: %(words)s.") % {"words": "true, false"})
        return {"true": True, "false": False}.get(text)


class TruthFilter(django_filters.Filter):
    field_class = TruthField


class UnitField(forms.CharField):
    """The code of a unit that is in the directory, open or not."""

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and not all_units().filter(code=code).exists():
            raise ValidationError(_("There is no unit with this code."))
        return code


class UnitFilter(django_filters.Filter):
    field_class = UnitField


class CaseFilter(django_filters.FilterSet):
    """Over the cases that the caller may see, and nothing else."""

    state = django_filters.ChoiceFilter(choices=CaseState.choices)
    unit = UnitFilter(field_name="lead_unit__code", max_length=32)
    kind = django_filters.ChoiceFilter(choices=PetitionKind.choices)
    overdue = TruthFilter(method="filter_overdue")
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", input_formats=["%Y-%m-%d"])
    q = django_filters.CharFilter(method="filter_text", max_length=LONGEST_SEARCH)
    ordering = django_filters.ChoiceFilter(choices=[(name, name) for name in ORDERS], method="in_order")

    class Meta:
        model = Case
        fields: list[str] = []

    def filter_overdue(self, cases: CaseQuerySet, name: str, value: bool | None) -> QuerySet[Case]:
        if value is None:
            return cases
        late = Case.objects.overdue(local_date(timezone.now()))
        return cases.filter(pk__in=late.values("pk")) if value else cases.exclude(pk__in=late.values("pk"))

    def filter_text(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        """By words of the title, or by the beginning of the number."""
        return cases.filter(Q(title__icontains=value) | Q(number__startswith=value))

    def in_order(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        return cases.order_by(*ORDERS[value or NEWEST])


def filter_cases(cases: CaseQuerySet, request: Request) -> QuerySet[Case]:
    """``cases`` as the request's query wants them. Raises ``ValidationError`` for what it does not know, or has twice."""
    refuse_unknown_query(request, *CaseFilter.base_filters, *PARAMETERS)
    twice = [name for name in request.query_params if len(request.query_params.getlist(name)) > 1]
    if twice:
        raise exceptions.ValidationError({name: [_("Given more than once.")] for name in twice})
    filters = CaseFilter(request.query_params, queryset=cases.order_by(*ORDERS[NEWEST]))
    if not filters.is_valid():
        raise exceptions.ValidationError({name: list(errors) for name, errors in filters.errors.items()})
    return filters.qs


QUERY = [
    OpenApiParameter("state", enum=CaseState.values),
    OpenApiParameter("unit", description="code of the lead unit"),
    OpenApiParameter("kind", enum=PetitionKind.values),
    OpenApiParameter("overdue", OpenApiTypes.BOOL, description="whether the limit of a case under way has passed"),
    OpenApiParameter("due_before", OpenApiTypes.DATE, description="the limit ends before this day"),
    OpenApiParameter("q", description="words of the title, or the beginning of the number"),
    OpenApiParameter("ordering", enum=list(ORDERS), default=NEWEST),
]

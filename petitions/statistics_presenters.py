"""The public statistics as their page shows them."""

import dataclasses
import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.enums import PetitionKind
from petitions.charts import bars_shown, charts_drawn
from petitions.models import Unit
from petitions.querysets import today
from petitions.statistics import DEFINITIONS, RANKED_FROM, Figures, league, months, report

ONE_DAY = datetime.timedelta(days=1)
# A share below this is drawn in red (design, page 10).
LOW_ON_TIME = 0.95


class SpanForm(forms.Form):
    """From which day to which: the same on the page and in the API."""

    unit = forms.CharField(required=False, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("From")), ("to", _("Up to"))):
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("from") and data.get("to") and data["from"] > data["to"]:
            self.add_error("to", ValidationError(_("The last day is before the first."), code="order"))
        return data

    def clean_unit(self) -> str:
        code: str = self.cleaned_data["unit"]
        if code and not Unit.objects.filter(code=code).exists():
            raise ValidationError(_("There is no unit with this code."), code="unknown")
        return code


@dataclasses.dataclass(frozen=True)
class Span:
    """The days that are shown, and the form with what was asked for."""

    begin: datetime.date
    end: datetime.date
    unit: str
    form: SpanForm


def asked_span(params: QueryDict | dict[str, Any]) -> Span:
    """What an address asks for: twelve months up to today unless it says otherwise. What cannot be read narrows nothing."""
    form = SpanForm(params)
    form.is_valid()
    given = form.cleaned_data
    end = given.get("to") or today()
    begin = min(given.get("from") or (end.replace(day=1) - 334 * ONE_DAY).replace(day=1), end)
    if not params:
        # What is shown without being asked for stands in the fields.
        form = SpanForm({"from": begin, "to": end})
    return Span(begin=begin, end=end, unit=given.get("unit", ""), form=form)


def present_statistics(params: QueryDict) -> dict[str, Any]:
    """The context of the page. A handful of queries, whatever there is."""
    span = asked_span(params)
    found = report(span.begin, span.end)
    ranked, others = league(found.units)
    bars = bars_shown()
    drawn = charts_drawn(bars, get_language() or "zh-hans")
    query = urlencode({"from": span.begin.isoformat(), "to": span.end.isoformat()})
    return {
        "span": span,
        "days": [span.form["from"], span.form["to"]],
        "errors": [error for errors in span.form.errors.values() for error in errors],
        "as_of": found.as_of,
        "figures": _row("", "", found.city),
        "kinds": _kinds(found.kinds),
        "ranked": [_row(code, name, figures) | {"place": place} for place, (code, name, figures) in enumerate(ranked, 1)],
        "others": [_row(code, name, figures) for code, name, figures in others],
        "ranked_from": RANKED_FROM,
        "months": [_row("", f"{month:%Y-%m}", figures) for month, figures in months(today())][::-1],
        "chart": {size: reverse("petitions:chart", args=[key]) for size, key in drawn.items()},
        "chart_text": _chart_text(bars),
        "periods": _periods(span),
        "definitions": DEFINITIONS,
        "csv_url": f"{reverse('petitions:statistics_csv')}?{query}",
        "json_url": f"/api/v1/statistics/?{query}",
    }


def _row(code: str, name: str, figures: Figures) -> dict[str, Any]:
    told = figures.as_told()
    late = figures.on_time_share is not None and figures.on_time_share < LOW_ON_TIME
    shares = {name: _percent(told[name]) for name in ("on_time_share", "satisfaction", "rehandled_share")}
    return told | shares | {"code": code, "name": name, "late": late, "rated": figures.counts["rated"]}


def _percent(share: float | None) -> str:
    """With its unit, for people; a dash where there is no basis."""
    return pgettext("no figure", "–") if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def _kinds(counts: dict[str, int]) -> list[dict[str, Any]]:
    most = max(counts.values(), default=0) or 1
    rows = [(counts.get(kind.value, 0), kind.label) for kind in PetitionKind]
    rows.sort(key=lambda row: -row[0])
    return [{"label": label, "n": n, "width": round(n / most * 100)} for n, label in rows]


def _chart_text(bars: list[tuple[str, int]]) -> str:
    """What the chart shows, for whoever does not see it; the table below has each number."""
    high, low = max(bars, key=lambda bar: bar[1]), min(bars, key=lambda bar: bar[1])
    text = _("Petitions received in each of the last twelve months: most in %(high)s, %(most)d; fewest in %(low)s, %(least)d.")
    return text % {"high": high[0], "most": high[1], "low": low[0], "least": low[1]}


def _periods(span: Span) -> list[dict[str, Any]]:
    now = today()
    first = now.replace(day=1)
    last_month = first - ONE_DAY
    quarter = (last_month.replace(day=1) - ONE_DAY).replace(day=1)
    found = []
    for label, begin, end in (
        (_("This month"), first, now),
        (_("Previous month"), last_month.replace(day=1), last_month),
        (_("Three months"), quarter, now),
        (_("This year"), now.replace(month=1, day=1), now),
        (_("Twelve months"), asked_span({}).begin, now),
    ):
        query = urlencode({"from": begin.isoformat(), "to": end.isoformat()})
        found.append({"label": label, "query": query, "current": (span.begin, span.end) == (begin, end)})
    return found

"""The statistics page, its table for programs, and its drawings. Public, without form and without session."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from petitions.models import Chart
from petitions.statistics import csv_rows, league, report
from petitions.statistics_presenters import asked_span, present_statistics

YEAR = 31_536_000
# Excel takes a text without this mark for its own encoding.
MARK = "\ufeff"


class StatisticsView(View):
    """How quickly and how well the units answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "petitions/statistics.html", present_statistics(request.GET))


class StatisticsTableView(View):
    """The league as CSV, for the same address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        span = asked_span(request.GET)
        ranked, others = league(report(span.begin, span.end).units)
        response = HttpResponse(MARK, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="statistics-{span.begin}-{span.end}.csv"'
        csv.writer(response).writerows(_harmless(row) for row in csv_rows([*ranked, *others]))
        return response


class ChartView(View):
    """A drawing. It never changes: what shows something else has another address."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        chart = Chart.objects.filter(key=key).first()
        if chart is None:
            raise Http404
        response = HttpResponse(chart.svg, content_type="image/svg+xml")
        response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _harmless(row: list[Any]) -> list[Any]:
    """No cell that a spreadsheet would take for a formula."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell for cell in row]

"""The desk: what waits for whoever has logged in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.models import User
from core.workdays import local_date
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.presenters.rows import desk_summary
from internal_bridge.desk.work_presenters import WorkSummary


@require_safe
@cache_control(private=True, no_store=True)
def home(request: HttpRequest) -> HttpResponse:
    """工作台: today, the key figures, what is to be done by its day, and the cases that have waited longest."""
    person: User = request.user  # type: ignore[assignment]
    context = {
        "work": WorkSummary(person),
        "today": local_date(timezone.now()),
        "summary": desk_summary(person),
        "may_answer": can_see_cases(person),
    }
    return render(request, "desk/home.html", context)

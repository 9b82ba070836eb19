"""The queue of cases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.paging import page_of
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.presenters.rows import CaseRow, case_views, listed
from internal_bridge.casework.views.access import person_of, private


@require_safe
@private
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases, newest first, 25 a page. ``?state=`` chooses a view; what it does not know is ignored."""
    person = person_of(request)
    state = request.GET.get("state", "")
    chosen = state if state in CaseState.values else ""
    cases = Case.objects.visible_to(person)
    page = page_of(
        listed(cases.filter(state=chosen) if chosen else cases),
        by="received_at",
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context = {
        "views": case_views(person, chosen),
        "state": chosen,
        "rows": [CaseRow.of(case) for case in page.rows],
        "page": page,
        "may_answer": can_see_cases(person),
    }
    return render(request, "casework/list.html", context)

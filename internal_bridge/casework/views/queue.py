"""The queue of cases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.idempotency import new_key
from internal_bridge.casework.enums import BulkAction
from internal_bridge.casework.models import SavedView
from internal_bridge.casework.permissions import can_intake_case, can_see_cases
from internal_bridge.casework.presenters.queue import rows_of
from internal_bridge.casework.queue.acts import may_act
from internal_bridge.casework.queue.asked import Asked
from internal_bridge.casework.queue.own_views import UNDO_WITHIN
from internal_bridge.casework.queue.standing import BY_DUE
from internal_bridge.casework.views.access import person_of, private
from internal_bridge.org.services import all_units


@require_safe
@private
def case_list(request: HttpRequest) -> HttpResponse:
    """A view of the cases, narrowed by filters, 25 a page. A filter that means nothing is named and left out; parameters that
    the list does not know are ignored."""
    person = person_of(request)
    if not can_see_cases(person):
        return render(request, "casework/list.html", {"may_see": False})
    asked = Asked(request.GET, person)
    page, tabs = asked.page(), asked.tabs()
    context = {
        "may_see": True,
        "may_register": can_intake_case(person),
        "asked": asked,
        "tabs": tabs,
        "chips": asked.chips(),
        "mistakes": asked.mistakes,
        "form": asked.form,
        "units": all_units().open().only("short_name", "position", "code").order_by("position", "code"),
        "orders": asked.orders(),
        "rows": rows_of(page.rows, asked.today, within=asked.within),
        "totals": asked.totals(),
        **_turns(asked, page.older, page.newer),
        "now": timezone.now(),
        "key": new_key(),
        "query": asked.canonical(),
        "own": next((tab.own for tab in tabs if tab.current), None),
        "deleted": _deleted(request.GET.get("deleted", ""), asked),
        "may": {str(action): may_act(person, action) for action in BulkAction},
    }
    return render(request, "casework/list.html", context)


def _deleted(key: str, asked: Asked) -> SavedView | None:
    """The view that was deleted a moment ago, to be brought back."""
    if not (key.isascii() and key.isdecimal() and len(key) < 16):
        return None
    since = timezone.now() - UNDO_WITHIN
    return SavedView.objects.filter(pk=int(key), owner=asked.person, deleted_at__gt=since).first()


def _turns(asked: Asked, older: str, newer: str) -> dict[str, str]:
    """The addresses of the neighbouring pages, empty at an end of the list."""
    to_older = asked.address(before=older) if older else ""
    to_newer = asked.address(after=newer) if newer else ""
    back, on = (to_older, to_newer) if asked.order == BY_DUE else (to_newer, to_older)
    return {"previous": back, "next": on}

"""The page of a case, and its files."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from core.models import User
from internal_bridge.casework.models import Case, CaseAttachment
from internal_bridge.casework.presenters.case import case_page
from internal_bridge.casework.queue.asked import Asked
from internal_bridge.casework.services import open_attachment, open_case
from internal_bridge.casework.views.access import person_of, private
from internal_bridge.casework.views.downloads import attachment_response


@require_safe
@private
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    """A case: letter, limits, words, course, and what can be done now. 404 for whoever may not know of it. Reading is audited.

    ``?course=all`` shows the whole course instead of its main points; ``?in=`` is the list from which one came, as its address
    asks for it.
    """
    try:
        case = open_case(person=person_of(request), number=number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    context = case_page(case, person_of(request), everything=request.GET.get("course") == "all")
    context |= _place_in_list(case, person_of(request), request.GET.get("in", ""))
    return render(request, "casework/detail.html", context)


def _place_in_list(case: Case, person: User, query: str) -> dict[str, str]:
    """The addresses of the list from which one came and of the cases before and after; ``here`` begins a query of this page."""
    if not query:
        return {"list": reverse("casework:list"), "here": "?", "before": "", "after": ""}
    asked = Asked(QueryDict(query), person)
    before, after = asked.neighbours(case)
    return {"list": asked.address(), "here": f"{asked.within}&", "before": before, "after": after}


@require_GET
@private
def case_attachment(request: HttpRequest, number: str, attachment_id: int) -> StreamingHttpResponse:
    """An original attachment, decrypted on its way out. Each download is an event of the case."""
    try:
        attachment, chunks = open_attachment(person=person_of(request), number=number, attachment_id=attachment_id)
    except (Case.DoesNotExist, CaseAttachment.DoesNotExist) as error:
        raise Http404 from error
    return attachment_response(attachment, chunks)

"""A case and the reply to it on paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from internal_bridge.casework.models import Case, CaseReply
from internal_bridge.casework.presenters.prints import case_sheet
from internal_bridge.casework.services import print_case, print_reply
from internal_bridge.casework.views.access import person_of, private


@require_safe
@private
def case_print(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case for the file. 404 for whoever may not know of it; each printing is audited."""
    try:
        case = print_case(person=person_of(request), number=number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    return render(request, "casework/print.html", case_sheet(case, person_of(request)))


@require_safe
@private
def reply_print(request: HttpRequest, number: str) -> HttpResponse:
    """The reply to the petitioner; ``?answer=`` names an earlier one, what is no number is ignored."""
    asked = request.GET.get("answer", "")
    answer = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else None
    try:
        reply = print_reply(person=person_of(request), number=number, answer=answer)
    except (Case.DoesNotExist, CaseReply.DoesNotExist) as error:
        raise Http404 from error
    return render(request, "casework/print_reply.html", {"reply": reply, "case": reply.case})

"""Pages of cases: the list, a case, and the one thing that can be done with it so far."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core.idempotency import KeyReused
from core.models import User
from core.paging import page_of
from core.streaming import one_by_one
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.forms import AnswerForm
from internal_bridge.casework.models import Case, CaseAttachment
from internal_bridge.casework.permissions import can_answer_case
from internal_bridge.casework.presenters import CaseRow, case_page, case_views, listed
from internal_bridge.casework.services import REPLY_LENGTH, StaleVersion, WrongState, answer_case, open_attachment, open_case

# Letters of citizens stay in no cache, not even the browser's.
private = cache_control(private=True, no_store=True)


@require_safe
@private
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases, newest first, 25 a page. ``?state=`` chooses a view; what it does not know is ignored."""
    person = _person(request)
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
        "may_answer": can_answer_case(person),
    }
    return render(request, "casework/list.html", context)


@require_safe
@private
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    """A case: letter, history, replies, and the form to answer it. 404 for whoever may not know of it. Reading is audited."""
    try:
        case = open_case(person=_person(request), number=number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    return _case_page(request, case, AnswerForm.blank(case))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_answer(request: HttpRequest, number: str) -> HttpResponse:
    """Send the answer. Refusals in the order 404, 403, 409, 400; whatever was typed is kept."""
    case = _visible_case(request, number)
    if request.method != "POST":
        # Where a login or a reloaded tab may lead.
        return redirect("casework:detail", number=case.number)
    if not can_answer_case(_person(request)):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, case, form)
    try:
        answer_case(
            person=_person(request),
            number=case.number,
            version=form.cleaned_data["version"],
            text=form.cleaned_data["text"],
            key=form.cleaned_data["idempotency_key"],
        )
    except (StaleVersion, WrongState, KeyReused):
        return _conflict(request, form, number)
    messages.success(request, _("The answer has been sent to the petitioner."))
    # The form was sent to its own place on the page; this address leads back to the top, where the message stands.
    response = redirect(reverse("casework:detail", args=[case.number]) + "#main")
    response.status_code = 303
    return response


@require_GET
@private
def case_attachment(request: HttpRequest, number: str, attachment_id: int) -> StreamingHttpResponse:
    """An original attachment, decrypted on its way out. Each download is an event of the case."""
    try:
        attachment, chunks = open_attachment(person=_person(request), number=number, attachment_id=attachment_id)
    except (Case.DoesNotExist, CaseAttachment.DoesNotExist) as error:
        raise Http404 from error
    response = StreamingHttpResponse(
        one_by_one(chunks),
        # Not the type that the sender names: nothing that a citizen sent is shown by the browser as a part of this site.
        content_type="application/octet-stream",
        headers={
            "Content-Length": str(attachment.size),
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=attachment.name),
            "X-Content-Type-Options": "nosniff",
        },
    )
    return response


def _person(request: HttpRequest) -> User:
    """Who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return request.user  # type: ignore[return-value]


def _visible_case(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(_person(request)), number=number)


def _refused(request: HttpRequest, case: Case, form: AnswerForm) -> HttpResponse:
    """Bad input; but whether the case has moved on matters more."""
    if form.is_damaged:
        return _case_page(request, case, AnswerForm.blank(case, text=form.typed), problem="damaged", status=400)
    if case.version != form.cleaned_data["version"] or case.state != CaseState.REGISTERED:
        return _conflict(request, form, case.number)
    return _case_page(request, case, form, status=400)


def _conflict(request: HttpRequest, form: AnswerForm, number: str) -> HttpResponse:
    """409: the case as it is now, and what was typed, to be sent again or copied."""
    case = _visible_case(request, number)
    return _case_page(request, case, AnswerForm.blank(case, text=form.typed), problem="moved", status=409)


def _case_page(request: HttpRequest, case: Case, form: AnswerForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        **case_page(case, _person(request)),
        "form": form,
        "problem": problem,
        "limit": REPLY_LENGTH[1],
    }
    return render(request, "casework/detail.html", context, status=status)

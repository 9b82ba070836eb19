"""核查公开: the dispatcher sends the answer, publishes it, or sends it back, and later corrects."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from internal_bridge.casework.confirming import may_be_published
from internal_bridge.casework.enums import Action, Actor, DraftPurpose, EntryKind
from internal_bridge.casework.models import Case, PublicWording
from internal_bridge.casework.permissions import actors_of
from internal_bridge.casework.presenters.head import Head
from internal_bridge.casework.presenters.writing import decision_history, differences, opinions_of
from internal_bridge.casework.services import InvalidFields, WrongState, attach_decisions
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.actions import attempt, offer_of
from internal_bridge.casework.views.frames import to_case
from internal_bridge.casework.views.writing import WritingFields, Written, save_posted

ACTIONS = {DraftPurpose.PUBLICATION: Action.PUBLISH, DraftPurpose.CORRECTION: Action.REVISE_PUBLICATION}
DONE = {
    DraftPurpose.PUBLICATION: gettext_lazy("The petitioner has the answer, and everybody may read the public text."),
    DraftPurpose.CORRECTION: gettext_lazy("The published reply has been corrected."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_check(request: HttpRequest, number: str) -> HttpResponse:
    """Title, question and answer as everybody will read them; answering privately and sending back are actions of their own."""
    return _writing(request, number, DraftPurpose.PUBLICATION)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_correction(request: HttpRequest, number: str) -> HttpResponse:
    """A later public wording, with what is put right."""
    return _writing(request, number, DraftPurpose.CORRECTION)


def _writing(request: HttpRequest, number: str, purpose: DraftPurpose) -> HttpResponse:
    case, person = visible_case(request, number), person_of(request)
    if Actor.DISPATCHER not in actors_of(person, case):
        raise PermissionDenied
    if request.method != "POST":
        if not _has_something(request, case, purpose):
            messages.info(request, _("There is nothing to be published here now."))
            return redirect("casework:detail", number)
        return _page(request, Written.of(case, purpose, person))
    hidden = WritingFields(request.POST)
    try:
        written = save_posted(request, case, purpose, person, hidden)
    except WrongState:
        written = Written.of(case, purpose, person)
        if request.POST.get("do") == "publish" and hidden.is_valid():
            # Sent twice: the first answer is given again.
            return _publish(request, written, hidden)
        written.refuse(_("Not saved: the case is in another state by now."), 409)
    if written.status == 200 and request.POST.get("do") == "publish":
        return _publish(request, written, hidden)
    return _page(request, written)


def _has_something(request: HttpRequest, case: Case, purpose: DraftPurpose) -> bool:
    offer = offer_of(request, case, ACTIONS[purpose])
    # Where publishing is refused the page still sends the answer to the petitioner alone.
    return offer is not None and (purpose == DraftPurpose.PUBLICATION or not offer.refusal)


def _publish(request: HttpRequest, written: Written, hidden: WritingFields) -> HttpResponse:
    confirmed = written.confirmed
    if confirmed is not None and confirmed.open:
        left = len(confirmed.open)
        words = ngettext(
            "Not published: %(n)d place with personal data is not confirmed.",
            "Not published: %(n)d places with personal data are not confirmed.",
            left,
        )
        return _page(request, written.refuse(words % {"n": left}, 400))
    fields = {field.value: confirmed.outcome(field) for field in confirmed.texts} if confirmed else {}
    if written.purpose == DraftPurpose.CORRECTION:
        fields["reason"] = request.POST.get("reason", "")
    outcome = attempt(request, written.case.number, ACTIONS[written.purpose], hidden, fields)
    if isinstance(outcome, Case):
        wording = PublicWording.objects.filter(published__reply__case=outcome).order_by("pk").last()
        attach_decisions(outcome, written.purpose, wording=wording)
        messages.success(request, DONE[written.purpose])
        return to_case(request, written.case.number)
    if isinstance(outcome, InvalidFields):
        written.errors = outcome.errors
        return _page(request, written.refuse(" ".join(words for each in outcome.errors.values() for words in each), 400))
    return _page(request, written.refuse(outcome, 409))


def _page(request: HttpRequest, written: Written) -> HttpResponse:
    case = written.case
    context: dict[str, Any] = written.context() | {
        "frame": "base.html",
        "purpose": written.purpose,
        "head": Head.of(case, list(case.clocks.all()), [], list(case.entries.all())),
        "publishable": may_be_published(case),
        "reply": case.drafts.filter(round=case.round).select_related("author").last(),
        "opinions": opinions_of(case, EntryKind.REVIEW, EntryKind.OPINION),
        "differences": differences(case),
        "history": decision_history(case),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "casework/check.html", context, status=written.status)

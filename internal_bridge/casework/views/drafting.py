"""起草答复: the reply, what of it everybody may read, and each personal word in it confirmed before it goes to the head."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from internal_bridge.casework.confirming import LONGEST
from internal_bridge.casework.enums import Action, Actor, DraftPurpose, EntryKind, RedactionField, TemplatePurpose
from internal_bridge.casework.models import Case, ReplyTemplate
from internal_bridge.casework.permissions import actors_of
from internal_bridge.casework.presenters.head import Head
from internal_bridge.casework.presenters.writing import (
    checks,
    decision_history,
    differences,
    opinions_of,
    outstanding_units,
)
from internal_bridge.casework.services import InvalidFields, WrongState, attach_decisions
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.actions import attempt, offer_of
from internal_bridge.casework.views.frames import to_case
from internal_bridge.casework.views.writing import WritingFields, Written, save_posted

PURPOSE = DraftPurpose.REPLY


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_reply(request: HttpRequest, number: str) -> HttpResponse:
    """The page, saving (``do=save``, by hand or by a script), confirming, and submitting to the head."""
    case, person = visible_case(request, number), person_of(request)
    if Actor.HANDLER not in actors_of(person, case):
        raise PermissionDenied
    if request.method != "POST":
        if offer_of(request, case, Action.DRAFT_REPLY) is None:
            messages.info(request, _("There is no reply to be written now."))
            return redirect("casework:detail", number)
        return _page(request, Written.of(case, PURPOSE, person))
    hidden = WritingFields(request.POST)
    try:
        written = save_posted(request, case, PURPOSE, person, hidden)
    except WrongState:
        if request.POST.get("do") == "submit" and hidden.is_valid():
            # Sent twice: the first answer is given again.
            return _submit(request, Written.of(case, PURPOSE, person), hidden)
        written = Written.of(case, PURPOSE, person)
        written.refuse(_("Not saved: the case is not in your unit's hands any more."), 409)
    if written.status == 200:
        return _next(request, written, hidden)
    return _page(request, written)


def _next(request: HttpRequest, written: Written, hidden: WritingFields) -> HttpResponse:
    """What the button asked for beside saving."""
    verb, _colon, value = request.POST.get("do", "save").partition(":")
    if verb == "submit":
        return _submit(request, written, hidden)
    if verb == "quote":
        entry = written.case.entries.filter(kind=EntryKind.OPINION, pk=_number(value)).select_related("unit").first()
        if entry is not None:
            unit = entry.unit.short_name if entry.unit else ""
            _append(written, _("%(unit)s: %(text)s") % {"unit": unit, "text": entry.text})
    elif verb == "template":
        chosen = _templates(request, written.case).filter(pk=_number(request.POST.get("template", ""))).first()
        if chosen is not None:
            _append(written, chosen.text)
    return _page(request, written)


def _append(written: Written, words: str) -> None:
    """Put words at the end of the reply; they are saved with the next save."""
    written.texts["text"] = "\n\n".join(part for part in (written.texts["text"].rstrip(), words) if part)
    written.shown = None


def _submit(request: HttpRequest, written: Written, hidden: WritingFields) -> HttpResponse:
    confirmed = written.confirmed
    if confirmed is not None and confirmed.open:
        left = len(confirmed.open)
        words = ngettext(
            "Not submitted: %(n)d place with personal data is not confirmed.",
            "Not submitted: %(n)d places with personal data are not confirmed.",
            left,
        )
        return _page(request, written.refuse(words % {"n": left}, 400))
    public = confirmed.outcome(RedactionField.PUBLIC_TEXT) if confirmed else ""
    fields = {"text": written.texts["text"], "public_text": public}
    outcome = attempt(request, written.case.number, Action.DRAFT_REPLY, hidden, fields)
    if isinstance(outcome, Case):
        attach_decisions(outcome, PURPOSE, draft=outcome.drafts.filter(round=outcome.round).last())
        messages.success(request, _("Submitted to the head of your unit."))
        return to_case(request, written.case.number)
    if isinstance(outcome, InvalidFields):
        written.errors = outcome.errors
        return _page(request, written.refuse(" ".join(words for each in outcome.errors.values() for words in each), 400))
    return _page(request, written.refuse(outcome, 409))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def _templates(request: HttpRequest, case: Case) -> Any:
    rows = ReplyTemplate.objects.visible_to(person_of(request))
    return rows.offered_for(purpose=TemplatePurpose.REPLY, kind=case.kind)


def _page(request: HttpRequest, written: Written) -> HttpResponse:
    case = written.case
    clocks, entries = list(case.clocks.all()), list(case.entries.all())
    outstanding = outstanding_units(case)
    found = checks(case, written.texts["text"], written.confirmed, outstanding)
    context = written.context() | {
        "frame": "base.html",
        "head": Head.of(case, clocks, [], entries),
        "checks": found,
        "stopped": any(check.stops and not check.fine for check in found),
        "opinions": opinions_of(case, EntryKind.OPINION),
        "reviews": opinions_of(case, EntryKind.REVIEW, EntryKind.CHECK),
        "differences": differences(case),
        "history": decision_history(case),
        "templates": _templates(request, case),
        "limit": LONGEST["text"],
    }
    return render(request, "casework/reply.html", context, status=written.status)

"""审核: the head reads the reply beside what everybody will read, and approves it or gives it back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from internal_bridge.casework.enums import Action, EntryKind
from internal_bridge.casework.presenters.head import Head
from internal_bridge.casework.presenters.writing import decision_history, differences, opinions_of, outstanding_units
from internal_bridge.casework.views.access import private, visible_case
from internal_bridge.casework.views.actions import offer_of
from internal_bridge.casework.views.forms import HiddenFields

PHRASES = (
    gettext_lazy("Agreed."),
    gettext_lazy("Agreed; send it as it stands."),
    gettext_lazy("The reply does not answer everything that was asked; complete it."),
    gettext_lazy("Say on which provision this rests."),
    gettext_lazy("Check the facts again before this goes out."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_review(request: HttpRequest, number: str) -> HttpResponse:
    """The page; its two buttons send to the actions ``approve`` and ``reject``. A POST here adds a usual phrase."""
    case = visible_case(request, number)
    if offer_of(request, case, Action.APPROVE) is None:
        raise PermissionDenied
    opinion = request.POST.get("opinion", "")
    if phrase := request.POST.get("phrase", ""):
        opinion = "".join(part for part in (opinion.strip(), phrase) if part)
    context = {
        "case": case,
        "frame": "base.html",
        "head": Head.of(case, list(case.clocks.all()), [], list(case.entries.all())),
        "hidden": HiddenFields.of(case),
        "draft": case.drafts.filter(round=case.round).select_related("author").last(),
        "opinion": opinion,
        "phrases": PHRASES,
        "outstanding": outstanding_units(case),
        "opinions": opinions_of(case, EntryKind.OPINION, EntryKind.REVIEW, EntryKind.CHECK),
        "differences": differences(case),
        "history": decision_history(case),
    }
    return render(request, "casework/review.html", context)

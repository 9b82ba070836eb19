"""Urging whoever has a case."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from core.forms import IdempotencyField
from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.models import Case
from internal_bridge.casework.permissions import can_urge_case
from internal_bridge.casework.presenters.fields import FieldRow, dress
from internal_bridge.casework.services import urge_case
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.frames import render_framed, to_case
from internal_bridge.workflow.services import URGE_LENGTH, Conflict, TooSoon


class UrgeForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What you want to say"),
        required=False,
        max_length=URGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever has the case reads it. You can urge a case again after four hours."),
    )
    idempotency_key = IdempotencyField()
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_urge(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and its sending."""
    case, person = visible_case(request, number), person_of(request)
    if not can_urge_case(person, case):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, case, UrgeForm())
    form = UrgeForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, 400)
    data: dict[str, Any] = form.cleaned_data
    try:
        urged = urge_case(person=person, number=number, text=data["text"], key=data["idempotency_key"])
    except Case.DoesNotExist as error:
        raise Http404 from error
    except TooSoon as error:
        until = timezone.localtime(error.until).strftime("%m-%d %H:%M")
        return _refused(request, case, form, gettext("Urged lately; again from %(until)s on.") % {"until": until})
    except Conflict:
        return _refused(request, case, form, gettext("No unit has anything to do with it now."))
    except (InvalidKey, KeyReused):
        return _refused(request, case, form, gettext("This form has been sent already. Open it again."))
    messages.success(request, ngettext("Urged: %(n)d item.", "Urged: %(n)d items.", urged) % {"n": urged})
    return to_case(request, number)


def _refused(request: HttpRequest, case: Case, form: UrgeForm, words: str) -> HttpResponse:
    form.add_error(None, words)
    return _page(request, case, form, 409)


def _page(request: HttpRequest, case: Case, form: UrgeForm, status: int = 200) -> HttpResponse:
    context = {"case": case, "form": dress(form), "rows": FieldRow.rows(form), "problem": "", "changes": []}
    return render_framed(request, "casework/urge.html", context, status)

"""A note beside the case, or a contact with the petitioner."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from core.forms import IdempotencyField, LetterField
from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.enums import EntryKind
from internal_bridge.casework.models import Case
from internal_bridge.casework.permissions import actors_of
from internal_bridge.casework.presenters.fields import FieldRow, dress
from internal_bridge.casework.services import InvalidFields, add_note
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.frames import render_framed, to_case

KINDS = [(kind.value, kind.label) for kind in (EntryKind.NOTE, EntryKind.CONTACT)]


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=KINDS, widget=forms.RadioSelect, initial="note")
    text = LetterField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("Internal: everybody who has a part in the case reads it, the petitioner never does."),
        error_messages={"required": gettext_lazy("Fill this in.")},
    )
    idempotency_key = IdempotencyField()
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_note(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and its sending; ``?kind=contact`` begins with a contact."""
    case, person = visible_case(request, number), person_of(request)
    if not actors_of(person, case):
        raise PermissionDenied
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return _page(request, case, NoteForm(initial={"kind": kind if kind in dict(KINDS) else "note"}))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, 400)
    data: dict[str, Any] = form.cleaned_data
    try:
        kind_of = EntryKind(data["kind"])
        add_note(person=person, number=number, text=data["text"], kind=kind_of, key=data["idempotency_key"])
    except Case.DoesNotExist as error:
        raise Http404 from error
    except InvalidFields as invalid:
        form.add_error("text", invalid.errors["text"])
        return _page(request, case, form, 400)
    except (InvalidKey, KeyReused):
        form.add_error(None, gettext("This form has been sent already. Open it again."))
        return _page(request, case, form, 409)
    messages.success(request, gettext("Noted."))
    return to_case(request, number)


def _page(request: HttpRequest, case: Case, form: NoteForm, status: int = 200) -> HttpResponse:
    context = {"case": case, "form": dress(form), "rows": FieldRow.rows(form), "problem": "", "changes": []}
    return render_framed(request, "casework/note.html", context, status)

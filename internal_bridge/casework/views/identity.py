"""The petitioner's identity is opened: once, for a reason, and shown on that answer alone."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from core.forms import IdempotencyField
from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.models import Case, CaseIdentity
from internal_bridge.casework.permissions import can_open_identity
from internal_bridge.casework.presenters.fields import dress
from internal_bridge.casework.services import InvalidFields, open_identity
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.frames import render_framed


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to know?"),
        min_length=5,
        max_length=200,
        help_text=_("5 to 200 characters. Reason, name and time stand in the case's history."),
        error_messages={
            "required": _("Say in 5 to 200 characters why you need the identity."),
            "min_length": _("Say in 5 to 200 characters why you need the identity."),
            "max_length": _("Say in 5 to 200 characters why you need the identity."),
        },
    )
    idempotency_key = IdempotencyField()
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@private
@sensitive_variables()
def case_identity(request: HttpRequest, number: str) -> HttpResponse:
    """Asks for the reason; with one, shows the identity on this response. 403 in words for who may not."""
    case, person = visible_case(request, number), person_of(request)
    if not can_open_identity(person, case):
        return _page(request, case, refused=True, status=403)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, case, form=dress(form), status=400 if request.method == "POST" else 200)
    try:
        identity = open_identity(
            person=person, number=number, reason=form.cleaned_data["reason"], key=form.cleaned_data["idempotency_key"]
        )
    except Case.DoesNotExist as error:
        raise Http404 from error
    except PermissionDenied:
        return _page(request, case, refused=True, status=403)
    except CaseIdentity.DoesNotExist:
        return _page(request, case, missing=True)
    except (InvalidFields, InvalidKey, KeyReused):
        return _page(request, case, form=dress(ReasonForm({"reason": form.cleaned_data["reason"]})), status=400)
    return _page(request, case, identity=identity)


def _page(request: HttpRequest, case: Case, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {"case": case, "form": None, "identity": None, "refused": False, "missing": False} | shown
    return render_framed(request, "casework/identity.html", context, status)

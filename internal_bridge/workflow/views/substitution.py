"""委托代办: who stands in for whom, let somebody stand in, and end it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.idempotency import KeyReused, new_key
from internal_bridge.org.services import Person, acting_appointment, person_of
from internal_bridge.org.views.acts import fields_of
from internal_bridge.workflow import services
from internal_bridge.workflow.forms import ReadForm, SubstitutionForm, choosable
from internal_bridge.workflow.models import Substitution
from internal_bridge.workflow.permissions import can_substitute_others
from internal_bridge.workflow.presenters import substitution_page
from internal_bridge.workflow.views.answers import person_of as user_of
from internal_bridge.workflow.views.answers import private, see_other

LONGEST_TEXT = 60


@require_http_methods(["GET", "HEAD", "POST"])
@private
def substitution(request: HttpRequest) -> HttpResponse:
    """What holds, what is over, and the form; what was typed is kept when it is refused."""
    if request.method != "POST":
        return _page(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        if form.is_damaged:
            form.add_error(None, _("This form is damaged. Open it again."))
        return _page(request, form, 400)
    data = dict(form.cleaned_data)
    try:
        services.substitute(
            by=user_of(request),
            key=data.pop("idempotency_key"),
            person=uuid.UUID(data.pop("person")),
            substitute=uuid.UUID(data.pop("substitute")),
            **data,
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, form, 409)
    except KeyReused:
        form.add_error(None, _("This form has been sent already, with other content. Send it again."))
        return _page(request, form, 409)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else NON_FIELD_ERRORS, list(errors))
        return _page(request, form, 400)
    messages.success(request, _("It is arranged. Both of you see it in the inbox."))
    return see_other(reverse("workflow:substitution"))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def end_substitution(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """End it at once. 404 for what the person may not know of."""
    person = user_of(request)
    get_object_or_404(Substitution.objects.visible_to(person), uid=uid)
    if request.method != "POST":
        return redirect("workflow:substitution")
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _page(request, _form(request), 400)
    try:
        services.end_substitution(by=person, uid=uid)
    except Substitution.DoesNotExist as error:
        raise Http404 from error
    except services.Conflict as conflict:
        messages.error(request, str(conflict))
        return see_other(reverse("workflow:substitution"))
    messages.success(request, _("It has ended."))
    return see_other(reverse("workflow:substitution"))


def _form(request: HttpRequest, typed: Any = None) -> SubstitutionForm:
    """Colleagues of the unit to choose from, or whoever ``?q=`` finds; for the administrator also whom ``?away=`` finds."""
    user = user_of(request)
    own = person_of(user)
    people = Person.objects.visible_to(user)
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    acting = acting_appointment(request)
    near = people.in_unit(acting.post.department.unit) if acting is not None and not text else people
    found = choosable(near, text, user) if text or acting is not None else []
    principals = [own] if own is not None else []
    if can_substitute_others(user):
        away = request.GET.get("away", "").strip()[:LONGEST_TEXT]
        principals += choosable(people, away, user) if away else []
    return SubstitutionForm(typed, principals=principals, found=found)


def _page(request: HttpRequest, form: SubstitutionForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    context = {
        **substitution_page(user),
        "form": form,
        "fields": fields_of(form, {}),
        "key": new_key(),
        "text": request.GET.get("q", "").strip()[:LONGEST_TEXT],
        "away": request.GET.get("away", "").strip()[:LONGEST_TEXT],
        "for_others": can_substitute_others(user),
    }
    return render(request, "workflow/substitution.html", context, status=status)

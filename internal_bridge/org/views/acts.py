"""Pages that do one thing: a form, perhaps a preview of what follows, and what may be wrong with it."""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.idempotency import KeyReused, once
from internal_bridge.org.errors import Conflict, StaleVersion
from internal_bridge.org.forms.fields import ActForm
from internal_bridge.org.permissions import can_administer_directory
from internal_bridge.org.views.answers import person_of, private, see_other

View = Callable[..., HttpResponseBase]


def administrators_only(view: View) -> View:
    """403 for everybody but the system administrator, before anything is looked up."""

    @wraps(view)
    @private
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_administer_directory(person_of(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def act(view: View) -> View:
    """A page with a form that does something, for the system administrator."""
    return require_http_methods(["GET", "HEAD", "POST"])(administrators_only(view))


@dataclass(frozen=True)
class Preview:
    """What would follow; ``hidden`` are values that the form has to bring back when it is confirmed."""

    lines: list[str]
    hidden: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """One thing to do, as its page says it.

    ``perform`` gets the cleaned fields and returns the address that shows the result. ``name`` and the fields together are what
    the idempotency key stands for. ``present`` gives the values as they are now, for a form over something that has changed.
    """

    name: str
    title: str
    button: str
    back: str
    done: str
    perform: Callable[[dict[str, Any]], str]
    crumbs: list[tuple[str, str]]
    intro: str = ""
    follows: list[str] = field(default_factory=list)
    danger: bool = False
    preview: Callable[[dict[str, Any]], Preview] | None = None
    present: Callable[[], Mapping[str, Any]] | None = None
    # What may be sent twice because its verb itself refuses the second time, or is too slow for a transaction.
    repeatable: bool = False
    template: str = "org/administration/form.html"
    # What a template of its own shows beside the form.
    more: Callable[[], dict[str, Any]] = dict


def run(
    request: HttpRequest,
    doing: Act,
    form_class: Callable[..., ActForm],
    *,
    initial: Mapping[str, Any] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of ``doing``, or its effect. Refusals in the order 404, 403, 409, 400; whatever was typed is kept."""
    if request.method != "POST":
        return _page(request, doing, form_class(initial=initial, **more))
    form = form_class(request.POST, files=request.FILES, **more)
    if not form.is_valid():
        if form.is_damaged:
            fresh = form_class(initial={**(initial or {}), **form.typed}, **more)
            return _page(request, doing, fresh, problem="damaged", status=400)
        return _page(request, doing, form, status=400)
    data = dict(form.cleaned_data)
    key = data.pop("idempotency_key")
    if doing.preview is not None and "preview" in request.POST:
        looked_at = doing.preview
        return _preview(request, doing, form, lambda: looked_at(data), lambda values: form_class(initial=values, **more))
    try:
        address = _once(request, doing, key, data)
    except StaleVersion as stale:
        fresh = form_class(initial={**form.typed, "version": stale.version}, **more)
        return _page(request, doing, fresh, problem="stale", status=409)
    except KeyReused:
        return _page(
            request, doing, form_class(initial={**(initial or {}), **form.typed}, **more), problem="damaged", status=409
        )
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, doing, form, status=409)
    except ValidationError as error:
        _put(form, error)
        return _page(request, doing, form, status=400)
    if doing.done:
        messages.success(request, doing.done)
    return see_other(address)


def _once(request: HttpRequest, doing: Act, key: str, data: dict[str, Any]) -> str:
    person = person_of(request)
    try:
        if doing.repeatable:
            return doing.perform(data)
        answer = once(
            scope=f"user:{person.uid} org.{doing.name}"[:120],
            key=key,
            fields={name: _plain(value) for name, value in data.items()} | {"of": doing.back},
            prepare=lambda: None,
            effect=lambda _nothing: {"to": doing.perform(data)},
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return str(answer["to"])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _put(form: ActForm, error: ValidationError) -> None:
    """The errors beside their fields; what the form does not have stands above it."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, list(errors))


def _preview(
    request: HttpRequest, doing: Act, form: ActForm, look: Callable[[], Preview], fresh: Callable[[dict[str, Any]], ActForm]
) -> HttpResponse:
    try:
        shown = look()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, doing, form, status=409)
    return _page(request, doing, fresh({**form.typed, **shown.hidden}), preview=shown)


def _page(
    request: HttpRequest, doing: Act, form: ActForm, *, preview: Preview | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **doing.more(),
        "act": doing,
        "form": form,
        "fields": fields_of(form, doing.present() if problem == "stale" and doing.present else {}),
        "looks_first": doing.preview is not None,
        "preview": preview,
        "problem": problem,
    }
    return render(request, doing.template, context, status=status)


def fields_of(form: ActForm, present: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The visible fields, each with what stands there ``now`` where that differs from what was typed."""
    return [
        {
            "field": bound,
            "kind": getattr(bound.field.widget, "input_type", "textarea"),
            "now": _now(bound.name, form, present),
            "several": getattr(bound.field.widget, "allow_multiple_selected", False),
        }
        for bound in form.visible_fields()
    ]


def _now(name: str, form: ActForm, present: Mapping[str, Any]) -> str | None:
    if name not in present:
        return None
    value, typed = present[name], form[name].value()
    if isinstance(value, bool):
        typed = typed in (True, "on", "True", "true")
        return None if typed == value else (_("yes") if value else _("no"))
    shown = "" if value is None else str(value)
    choices = dict(getattr(form.fields[name], "choices", []))
    return None if shown == str(typed or "") else str(choices.get(value, shown)) or _("empty")

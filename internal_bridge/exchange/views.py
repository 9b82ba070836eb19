"""The operators' pages: how the bridge does, a message that is stuck, and what can be done about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.idempotency import KeyReused
from core.models import User
from internal_bridge.exchange import operations
from internal_bridge.exchange.enums import IncomingState, ReleaseAction
from internal_bridge.exchange.forms import DecisionForm, ReasonForm, ReleaseForm
from internal_bridge.exchange.models import Alarm, IncomingMessage, Release
from internal_bridge.exchange.permissions import can_manage_keys, can_operate_bridge
from internal_bridge.exchange.presenters import bridge_page, message_page

View = Callable[..., HttpResponse]


def operators_only(view: View) -> View:
    """403 for everybody else: that there is a bridge is no secret."""

    @wraps(view)
    @cache_control(private=True, no_store=True)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_operate_bridge(_person(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@operators_only
def bridge(request: HttpRequest) -> HttpResponse:
    """内外网交换: the state in one sentence, figures, what is stuck, peers, alarms, keys, and who did what."""
    return _bridge_page(request)


@require_safe
@operators_only
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """A received message from outside: its envelope and its course, never its content."""
    return _message_page(request, _message(message_id))


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    """Have a dead letter tried again, at once."""
    return _release(request, message_id, ReleaseAction.RETRY)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def skip(request: HttpRequest, message_id: int) -> HttpResponse:
    """Propose that a dead letter be skipped."""
    return _release(request, message_id, ReleaseAction.SKIP)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def confirm(request: HttpRequest, message_id: int, release_id: int) -> HttpResponse:
    """Skip a dead letter that another operator has proposed to skip."""
    done = _("The message has been skipped. What waited behind it goes on.")
    return _decide(request, message_id, release_id, operations.confirm_skip, done)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def decline(request: HttpRequest, message_id: int, release_id: int) -> HttpResponse:
    """Refuse a proposed skip, or take one's own back."""
    done = _("The message is not skipped. It still needs a decision.")
    return _decide(request, message_id, release_id, operations.decline_skip, done)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def clear(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Close an alarm, with the reason."""
    alarm = get_object_or_404(Alarm, pk=alarm_id)
    if request.method != "POST":
        return redirect("exchange:bridge")
    form = ReasonForm(request.POST, auto_id=f"alarm_{alarm_id}_%s")
    if alarm.cleared_at is None and not form.is_valid():
        fresh = ReasonForm(initial={"reason": form.typed}, auto_id=form.auto_id) if form.is_damaged else form
        return _bridge_page(request, clearing=(alarm.pk, fresh), problem="damaged" if form.is_damaged else "", status=400)
    try:
        if not form.is_valid():
            raise operations.Moved
        operations.clear_alarm(
            person=_person(request),
            alarm_id=alarm_id,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["idempotency_key"],
        )
    except (operations.Moved, KeyReused):
        return _bridge_page(request, problem="moved", status=409)
    messages.success(request, _("The alarm is closed."))
    return _see_other(reverse("exchange:bridge"))


def _release(request: HttpRequest, message_id: int, action: ReleaseAction) -> HttpResponse:
    """Refusals in the order 404, 403, 409, 400; the reason that was typed is kept."""
    stuck = _message(message_id)
    if request.method != "POST":
        # Where a login or a reloaded tab may lead.
        return redirect("exchange:message", message_id=message_id)
    form = ReleaseForm(request.POST, auto_id=f"{action}_%s")
    if not form.is_valid():
        return _refused(request, stuck, action, form)
    service = operations.retry_dead_letter if action == ReleaseAction.RETRY else operations.propose_skip
    try:
        service(
            person=_person(request),
            message_id=message_id,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["idempotency_key"],
        )
    except (operations.Moved, KeyReused):
        return _message_page(request, _message(message_id), typed={action: form.typed}, problem="moved", status=409)
    if action == ReleaseAction.SKIP:
        messages.success(request, _("The skip is proposed. Another operator has to confirm it."))
    else:
        _say_how_it_went(request, _message(message_id))
    return _see_other(reverse("exchange:message", args=[message_id]))


def _refused(request: HttpRequest, stuck: IncomingMessage, action: ReleaseAction, form: ReleaseForm) -> HttpResponse:
    """Bad input; but whether somebody else has decided meanwhile matters more."""
    if stuck.state != IncomingState.DEAD:
        return _message_page(request, stuck, typed={action: form.typed}, problem="moved", status=409)
    if form.is_damaged:
        return _message_page(request, stuck, typed={action: form.typed}, problem="damaged", status=400)
    return _message_page(request, stuck, forms={action: form}, status=400)


def _say_how_it_went(request: HttpRequest, tried: IncomingMessage) -> None:
    if tried.state == IncomingState.APPLIED:
        messages.success(request, _("Tried again: the message has been processed."))
    elif tried.state == IncomingState.DEAD:
        messages.error(request, _("Tried again, and it failed again. Mend the cause before the next try."))
    else:
        messages.info(request, _("Put back: the message is tried again until it succeeds or is given up."))


def _decide(request: HttpRequest, message_id: int, release_id: int, service: Callable[..., None], done: str) -> HttpResponse:
    stuck = _message(message_id)
    get_object_or_404(Release, pk=release_id, message=stuck, action=ReleaseAction.SKIP)
    if request.method != "POST":
        return redirect("exchange:message", message_id=message_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _message_page(request, stuck, problem="damaged", status=400)
    try:
        service(person=_person(request), release_id=release_id, key=form.cleaned_data["idempotency_key"])
    except operations.SameOperator:
        return _message_page(request, stuck, problem="same", status=403)
    except operations.NotItsTurn:
        return _message_page(request, stuck, problem="turn", status=409)
    except (operations.Moved, KeyReused):
        return _message_page(request, _message(message_id), problem="moved", status=409)
    messages.success(request, done)
    return _see_other(reverse("exchange:message", args=[message_id]))


def _bridge_page(
    request: HttpRequest, *, clearing: tuple[int, ReasonForm] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {**bridge_page(clearing=clearing), "problem": problem, "keeps_keys": can_manage_keys(request.user)}
    return render(request, "exchange/bridge.html", context, status=status)


def _message_page(
    request: HttpRequest,
    stuck: IncomingMessage,
    *,
    forms: dict[str, ReleaseForm] | None = None,
    typed: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a message; each form fresh, or with what was ``typed``, or as it was refused (``forms``)."""
    context = {
        **message_page(stuck, _person(request)),
        "decision": DecisionForm(auto_id=False),
        "problem": problem,
        "typed": next(iter((typed or {}).values()), ""),
    }
    for action in ReleaseAction.values:
        initial = {"seen": context["seen"], "reason": (typed or {}).get(action, "")}
        refused = (forms or {}).get(action)
        context[f"{action}_form"] = refused or ReleaseForm(initial=initial, auto_id=f"{action}_%s")
    return render(request, "exchange/message.html", context, status=status)


def _message(message_id: int) -> IncomingMessage:
    return get_object_or_404(IncomingMessage.objects.select_related("stream"), pk=message_id)


def _person(request: HttpRequest) -> User:
    """Who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return request.user  # type: ignore[return-value]


def _see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response

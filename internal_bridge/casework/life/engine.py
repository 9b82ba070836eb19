"""The one way in which a case changes: by a row of the table, in one transaction, for whoever may."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.events import events_of
from core.idempotency import once
from core.models import User
from internal_bridge.casework.enums import Action, Actor, AssignmentState, Part
from internal_bridge.casework.life.act import Act, InvalidFields, Refused, StaleVersion, WrongState
from internal_bridge.casework.life.fields import ActionForm
from internal_bridge.casework.life.table import ASSISTING, ROWS, TRANSITIONS, Transition
from internal_bridge.casework.life.waiting import settle_items
from internal_bridge.casework.models import Case, CaseAssignment
from internal_bridge.casework.permissions import actors_of, present_assignments, principal_of, speaks_for

# Never offered to a person: who does them has no page.
AUTOMATIC = frozenset({Actor.SYSTEM, Actor.CLOCK})
# In which state of its own an assisting unit does what; a dispatcher answers to its wish to return.
OWN_STATES = {
    Action.SIGN: {AssignmentState.WAITING},
    Action.RETURN: {AssignmentState.WAITING, AssignmentState.SIGNED},
    # Whether it is too early or too late for it, a guard says in words.
    Action.GIVE_OPINION: {AssignmentState.WAITING, AssignmentState.SIGNED, AssignmentState.DONE},
    Action.AGREE_RETURN: {AssignmentState.RETURNING},
    Action.DECLINE_RETURN: {AssignmentState.RETURNING},
}


@dataclass(frozen=True)
class Offer:
    """An action that somebody may take, or may not for now: then ``refusal`` is the code of the reason."""

    action: Action
    refusal: str = ""
    params: tuple[tuple[str, Any], ...] = ()


def perform_action(
    *,
    person: User,
    number: str,
    action: Action,
    version: int | None,
    fields: dict[str, Any],
    key: str | None,
    problems: dict[str, list[str]] | None = None,
    at: datetime.datetime | None = None,
) -> Case:
    """Let ``person`` do ``action``; the case as it is then.

    ``version`` is the one that the person saw, ``fields`` the input by the names of 11, ``key`` the request's idempotency key:
    a repeat changes nothing twice. ``problems`` is what the caller has found wrong with an input that could not become
    ``fields`` or ``version`` (then None); it is told in its place, after all conflicts. ``at`` is for demo data alone, which
    has a past: a moment that is over and not before what the case has last seen; otherwise it is now.

    Raises ``Case.DoesNotExist`` for what the person may not know of, ``PermissionDenied``, ``InvalidKey``, ``KeyReused``,
    ``WrongState``, ``StaleVersion``, ``Refused`` and ``InvalidFields``, in that order; ``ValueError`` for an impossible ``at``.
    """
    # Before the key: whoever may not know of the case must not learn from an earlier use of it either.
    case = Case.objects.visible_to(person).get(number=number)
    transition = TRANSITIONS[action]
    if not transition.by & actors_of(person, case):
        raise PermissionDenied
    answer = once(
        scope=f"user:{person.uid} casework.{action}:{number}",
        key=key,
        fields={"version": version, **_canonical(fields)},
        prepare=lambda: None,
        effect=lambda _prepared: _perform(person, number, transition, version, fields, problems or {}, at),
    )
    return Case.objects.get(pk=answer["case"])


def perform_automatically(
    case: Case, action: Action, *, actor: Actor, fields: dict[str, Any], at: datetime.datetime | None = None
) -> None:
    """Let the system or the clock do ``action`` on a locked case, inside the caller's transaction; ``fields`` are clean.

    ``at`` as in ``perform_action``. Raises ``WrongState`` and ``Refused``.
    """
    transition = TRANSITIONS[action]
    present = present_assignments(case)
    act = Act(case=case, person=None, actors=frozenset({actor}), at=_moment(case, at), present=present, fields=fields)
    _check(act, transition)
    _apply(act, transition)


def offers(case: Case, person: User) -> list[Offer]:
    """What ``person``, who may see the case, can do now, in the table's order; what is only refused stays, with its reason."""
    actors, present = actors_of(person, case), present_assignments(case)
    found = []
    for transition in ROWS:
        if not transition.by & actors:
            continue
        act = Act(case=case, person=person, actors=actors, at=timezone.now(), present=present)
        try:
            _check(act, transition)
        except WrongState:
            continue
        except Refused as refused:
            found.append(Offer(transition.action, refused.code, tuple(refused.params.items())))
        else:
            found.append(Offer(transition.action))
    return found


def _perform(
    person: User,
    number: str,
    transition: Transition,
    version: int | None,
    fields: dict[str, Any],
    problems: dict[str, list[str]],
    at: datetime.datetime | None,
) -> dict[str, Any]:
    case = Case.objects.visible_to(person).select_for_update(of=("self",)).get(number=number)
    present = present_assignments(case)
    act = Act(case=case, person=person, actors=actors_of(person, case), at=_moment(case, at), present=present)
    if not transition.by & act.actors:
        raise PermissionDenied
    act.principal = principal_of(person, case, transition.by)
    _check(act, transition, unit=str(fields.get("unit") or ""), version=version)
    form = transition.form(fields, case=case)
    if problems or not form.is_valid():
        found = {field: [str(error) for error in errors] for field, errors in form.errors.items()}
        raise InvalidFields(found | problems)
    act.fields = form.cleaned_data
    _apply(act, transition)
    return {"case": case.pk}


def _moment(case: Case, at: datetime.datetime | None) -> datetime.datetime:
    """Now, or a moment at which it could have been done. Raises ``ValueError``."""
    now = timezone.now()
    if at is None:
        return now
    last = events_of(case.subject).last()
    if at > now or (last is not None and at < last.at):
        raise ValueError(f"{case} was not so at {at:%Y-%m-%d %H:%M}")
    return at


def _check(act: Act, transition: Transition, *, unit: str = "", version: int | None = None) -> None:
    """Raise what is in the way: state, version, guards, a unit for which the person cannot do this."""
    named = unit if "unit" in transition.form.base_fields else ""
    fitting = _assignment(act, transition, named)
    act.assignment = fitting or _assignment(act, transition, "")
    leads = act.case.state in transition.sources and bool(transition.by & act.actors - ASSISTING)
    assists = act.assignment is not None and act.assignment.part == Part.ASSISTING and act.case.state in transition.assisting
    if not (leads or assists):
        raise WrongState(act.case.state)
    if version is not None and act.case.version != version:
        raise StaleVersion(act.case.version)
    for guard in transition.guards:
        guard(act)
    if named and fitting is None:
        raise InvalidFields({"unit": [_("This cannot be done for that unit.")]})


def _assignment(act: Act, transition: Transition, unit: str) -> CaseAssignment | None:
    """On whose assignment this acts: the lead's where the case's state is about it, else an assisting unit's own."""
    return next((found for found in _own_assignments(act, transition) if not unit or found.unit.code == unit), None)


def _own_assignments(act: Act, transition: Transition) -> Iterator[CaseAssignment]:
    held = [row for row in act.present if _speaks_for(act, transition, row)]
    if act.case.state in transition.sources:
        yield from (row for row in held if row.part == Part.LEAD)
    own_states = OWN_STATES.get(transition.action, set())
    yield from (row for row in held if row.part == Part.ASSISTING and row.state in own_states)


def _speaks_for(act: Act, transition: Transition, assignment: CaseAssignment) -> bool:
    """Whether the person acts for this unit; in what a dispatcher decides, on any."""
    return act.person is None or Actor.DISPATCHER in transition.by or speaks_for(act.person, assignment)


def _apply(act: Act, transition: Transition) -> None:
    case = act.case
    act.for_unit = Actor.DISPATCHER not in transition.by and act.person is not None
    transition.effect(act)
    case.version += 1
    case.save()
    act.record(transition.event)
    unit = act.assignment.unit if act.assignment else None
    settle_items(case, by=act.person, at=act.at, did=transition.did, unit=unit)


def _canonical(fields: dict[str, Any]) -> dict[str, Any]:
    """The input as an idempotency key is bound to it."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def action_form(action: Action, case: Case | None, data: Any = None) -> ActionForm:
    """The form of an action, with ``data`` bound to it; without a case only to ask for its fields."""
    return TRANSITIONS[action].form(data, case=case)

"""A reply while it is written: saved again and again, and what is personal in it confirmed place by place."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.casework.confirming import (
    LONGEST,
    TEXTS,
    Confirmed,
    Found,
    confirm,
    current_decisions,
    known_names,
    public_texts,
    texts_of,
)
from internal_bridge.casework.enums import Actor, CaseState, DraftPurpose, RedactionChoice
from internal_bridge.casework.life.act import InvalidFields, StaleVersion, WrongState
from internal_bridge.casework.models import (
    Case,
    DraftInProgress,
    PublicWording,
    PublishedReply,
    RedactionDecision,
    ReplyDraft,
)
from internal_bridge.casework.permissions import actors_of

__all__ = ["Choice", "attach_decisions", "confirmed_texts", "draft_texts", "save_draft"]

WRITERS = {
    DraftPurpose.REPLY: Actor.HANDLER,
    DraftPurpose.PUBLICATION: Actor.DISPATCHER,
    DraftPurpose.CORRECTION: Actor.DISPATCHER,
}
STATES = {
    DraftPurpose.REPLY: {CaseState.IN_PROGRESS},
    DraftPurpose.PUBLICATION: {CaseState.CHECKING},
    DraftPurpose.CORRECTION: {CaseState.ANSWERED, CaseState.CLOSED},
}
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Choice:
    """What somebody chose for the place ``key`` of the draft that they saw."""

    key: str
    choice: str
    words: str = ""


def draft_texts(case: Case, purpose: DraftPurpose) -> tuple[dict[str, str], DraftInProgress | None]:
    """What stands in the draft, or in its place what one begins with; the draft where there is one."""
    draft = case.drafts_in_progress.filter(purpose=purpose, round=case.round).select_related("author").first()
    if draft is not None:
        return texts_of(draft), draft
    return _beginning(case, purpose), None


def confirmed_texts(case: Case, purpose: DraftPurpose, texts: Mapping[str, str], person: User) -> Confirmed:
    """The public texts with what is personal in them, and what is decided about it."""
    decisions = current_decisions(case, purpose)
    return confirm(public_texts(purpose, texts), decisions, known=known_names(case, person))


def save_draft(
    *,
    person: User,
    number: str,
    purpose: DraftPurpose,
    version: int,
    texts: Mapping[str, str],
    choices: Collection[Choice] = (),
) -> DraftInProgress:
    """Keep the texts as they are typed, and what was decided about the places of ``version`` (0: nothing was saved yet).

    A decision goes along where its words still stand in the new text; the others are superseded and stay as history. Raises
    ``Case.DoesNotExist``, ``PermissionDenied``, ``WrongState``, ``StaleVersion`` where somebody else has saved meanwhile, and
    ``InvalidFields`` by ``Choice.key``; a draft is kept whatever its length up to the limits of each text.
    """
    case = Case.objects.visible_to(person).get(number=number)
    if WRITERS[purpose] not in actors_of(person, case):
        raise PermissionDenied
    if case.state not in STATES[purpose]:
        raise WrongState(case.state)
    typed = {name: texts.get(name, "")[: LONGEST[name] * 2] for name in TEXTS[purpose]}
    before, draft = draft_texts(case, purpose)
    if draft is not None and typed == before and not choices and draft.author_id == person.pk:
        # Sent twice.
        return draft
    if (draft.version if draft else 0) != version:
        raise StaleVersion(draft.version if draft else 0)
    known = known_names(case, person)
    old = confirm(public_texts(purpose, before), current_decisions(case, purpose), known=known)
    decided = _decided(case, purpose, old, choices, person)
    new = confirm(public_texts(purpose, typed), (), known=known)
    carried = _carry(old, decided, new)
    unchanged = draft is not None and typed == before and not decided
    return draft if unchanged and draft else _store(case, purpose, typed, version, person, carried)


def attach_decisions(
    case: Case, purpose: DraftPurpose, *, draft: ReplyDraft | None = None, wording: PublicWording | None = None
) -> None:
    """Say of the decisions at hand for which submission they were made."""
    rows = RedactionDecision.objects.filter(
        case=case, purpose=purpose, round=case.round, superseded_at=None, draft=None, wording=None
    )
    rows.update(draft=draft, wording=wording)


def _beginning(case: Case, purpose: DraftPurpose) -> dict[str, str]:
    if purpose == DraftPurpose.REPLY:
        # Also after a review that gave it back where nobody has saved since: what was submitted last.
        last = case.drafts.filter(round=case.round).last()
        return {"text": last.text if last else "", "public_text": last.public_text if last else ""}
    if purpose == DraftPurpose.CORRECTION:
        published = PublishedReply.objects.filter(reply__case=case, withdrawn_at=None).last()
        wording = published.wordings.last() if published else None
        return {"public_text": wording.text if wording else ""}
    last = case.drafts.filter(round=case.round).last()
    text = (last.public_text or last.text) if last else ""
    return {"public_title": case.title, "public_question": case.body, "public_text": text}


def _decided(
    case: Case, purpose: DraftPurpose, old: Confirmed, choices: Collection[Choice], person: User
) -> dict[str, RedactionDecision]:
    """New decisions by the key of their place."""
    places = {found.key: found for found in old.found}
    rows, errors = {}, {}
    for choice in choices:
        found = places.get(choice.key)
        if found is None or choice.choice not in RedactionChoice.values:
            continue
        words = " ".join(choice.words.split())[:LONGEST_WORDS]
        if choice.choice != RedactionChoice.ACCEPT and not words:
            keeps = choice.choice == RedactionChoice.KEEP
            errors[choice.key] = [_("Say why it may stay.") if keeps else _("Write what stands there instead.")]
            continue
        if _same(found, choice.choice, words):
            continue
        rows[choice.key] = RedactionDecision(
            case=case, purpose=purpose, round=case.round, field=found.field, start=found.span.start, end=found.span.end,
            type=found.span.type, decision=choice.choice, by=person, at=timezone.now(),
            replacement=found.replacement_for(choice.choice, words),
            reason=words if choice.choice == RedactionChoice.KEEP else "",
        )  # fmt: skip
    if errors:
        raise InvalidFields(errors)
    return rows


def _same(found: Found, choice: str, words: str) -> bool:
    held = found.decision
    if held is None or held.decision != choice:
        return False
    return choice == RedactionChoice.ACCEPT or words in (held.replacement, held.reason)


def _carry(old: Confirmed, decided: dict[str, RedactionDecision], new: Confirmed) -> list[RedactionDecision]:
    """The decisions that hold for the new texts: each goes to the place with the same words, in order."""
    waiting: dict[tuple[str, str, str], list[RedactionDecision]] = {}
    for found in old.found:
        decision = decided.get(found.key) or found.decision
        if decision is not None:
            waiting.setdefault((found.field, found.span.type, found.span.text), []).append(decision)
    carried = []
    for found in new.found:
        if rows := waiting.get((found.field, found.span.type, found.span.text)):
            row = rows.pop(0)
            carried.append(_moved(row, found))
    return carried


def _moved(row: RedactionDecision, found: Found) -> RedactionDecision:
    """``row`` itself, or its like at another place: who decided, and when, stays."""
    if row.start == found.span.start and row.end == found.span.end:
        return row
    names = (
        "case_id",
        "purpose",
        "round",
        "type",
        "decision",
        "replacement",
        "reason",
        "by_id",
        "at",
        "draft_id",
        "wording_id",
    )
    kept = {name: getattr(row, name) for name in names}
    return RedactionDecision(field=found.field, start=found.span.start, end=found.span.end, **kept)


def _store(
    case: Case, purpose: DraftPurpose, texts: dict[str, str], version: int, person: User, decisions: list[RedactionDecision]
) -> DraftInProgress:
    """Everything at once, if nobody else has saved meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        rows = DraftInProgress.objects.filter(case=case, purpose=purpose, round=case.round)
        values = {**texts, "version": version + 1, "author": person, "saved_at": now}
        if version == 0:
            try:
                with transaction.atomic():
                    DraftInProgress.objects.create(case=case, purpose=purpose, round=case.round, **values)
            except IntegrityError as error:
                raise StaleVersion(1) from error
        elif not rows.filter(version=version).update(**values):
            raise StaleVersion(version + 1)
        _replace_decisions(case, purpose, decisions, now)
        return rows.select_related("author").get()


def _replace_decisions(case: Case, purpose: DraftPurpose, decisions: list[RedactionDecision], now: datetime.datetime) -> None:
    current = RedactionDecision.objects.filter(case=case, purpose=purpose, round=case.round, superseded_at=None)
    current.exclude(pk__in=[row.pk for row in decisions if row.pk]).update(superseded_at=now)
    RedactionDecision.objects.bulk_create(row for row in decisions if not row.pk)

"""Which unit should answer a letter, and why one thinks so."""

import dataclasses
import logging
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings

from internal_bridge.org.services import Unit
from internal_bridge.routing.artefact import Artefact, DamagedArtefact, from_bytes
from internal_bridge.routing.candidates import Candidates, candidates
from internal_bridge.routing.enums import ReasonCode
from internal_bridge.routing.judging import Judge, Judgement
from internal_bridge.routing.matching import Letter
from internal_bridge.routing.models import RoutingModel

logger = logging.getLogger(__name__)

FEWEST = 5
# From here on a duty is like a letter: below it they share a word by chance.
LIKE_A_DUTY = 0.12


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why a unit: a code of ``ReasonCode`` and what it is about."""

    code: ReasonCode
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A unit, how sure one is (0 to 1; over all units it comes to 1), and why."""

    unit: Unit
    score: float
    why: tuple[Reason, ...]


def suggest_units(
    *,
    kind: str,
    title: str,
    body: str,
    place: str = "",
    named_unit_code: str = "",
    excluded: Collection[str] = (),
    limit: int = FEWEST,
) -> list[Suggestion]:
    """The units that should answer, best first: ``limit`` of them, five at least where the directory has as many.

    ``named_unit_code`` is whom the petitioner asks for, ``excluded`` the codes that must not be named, for whatever reason: the
    units complained about. Only open units that take petitions come; for a closed one, who follows it.
    """
    letter = Letter(kind, title, body, place, named_unit_code)
    return suggest_by(present_judge(), letter, excluded=excluded, limit=limit)


def suggest_by(
    judge: Judge, letter: Letter, *, rules: Candidates | None = None, excluded: Collection[str] = (), limit: int = FEWEST
) -> list[Suggestion]:
    """As ``suggest_units``, by a given judge and perhaps other rules than those in use."""
    barred = {present for code in excluded for present in (code, *judge.candidates.resolve(code))}
    open_to = [place for place, unit in enumerate(judge.candidates.units) if unit.code not in barred]
    if not open_to:
        return []
    judgement = judge.judge(letter, rules)
    shares = judgement.shares(open_to)
    best = np.argsort(-shares, kind="stable")[: max(limit, FEWEST)]
    similar = judge.similar_cases(judgement.vector)
    return [
        Suggestion(
            judge.candidates.units[open_to[entry]],
            round(float(shares[entry]), 6),
            _reasons(judge, judgement, letter, open_to[entry], similar),
        )
        for entry in best
    ]


def _reasons(judge: Judge, judgement: Judgement, letter: Letter, place: int, similar: dict[int, int]) -> tuple[Reason, ...]:
    unit = judge.candidates.units[place]
    found = []
    for vote in judgement.votes.get(place, []):
        params = {"rule": vote.rule.pk, "note": vote.rule.note, "words": list(vote.words)}
        found.append(Reason(ReasonCode.RULE, params))
        if vote.rule.unit_code != unit.code:
            found.append(Reason(ReasonCode.SUCCEEDS, {"name": vote.rule.unit_name}))
    if letter.named_unit_code and unit.code in judge.candidates.resolve(letter.named_unit_code):
        found.append(Reason(ReasonCode.NAMED))
    if count := similar.get(place, 0):
        found.append(Reason(ReasonCode.SIMILAR, {"count": count}))
    if duty := _duty(judge, judgement, place):
        found.append(Reason(ReasonCode.DUTIES, {"duty": duty}))
    if words := judge.telling_words(judgement.vector, place):
        found.append(Reason(ReasonCode.WORDS, {"words": words}))
    return tuple(found) or (Reason(ReasonCode.NOTHING),)


def _duty(judge: Judge, judgement: Judgement, place: int) -> str:
    """The duty of the unit that the letter is like; empty when it is like none."""
    likeness = judge.phrase_likeness(judgement.vector)
    own = np.flatnonzero(judge.phrase_units == place)
    if len(own) == 0:
        return ""
    best = own[int(np.argmax(likeness[own]))]
    return judge.phrases[best][1] if likeness[best] >= LIKE_A_DUTY else ""


_lock = Lock()
_models: dict[str, tuple[object, Artefact | None]] = {}
_judges: dict[str, tuple[Candidates, Artefact | None, Judge]] = {}


def present_judge() -> Judge:
    """The judge of today's directory, rules and model; made again when one of them has changed. Four small queries."""
    now, artefact = candidates(), present_artefact()
    with _lock:
        held = _judges.get("now")
        if held is None or held[0] is not now or held[1] is not artefact:
            held = (now, artefact, Judge(now, artefact))
            _judges["now"] = held
    return held[2]


def present_artefact() -> Artefact | None:
    """The model in use, read once for the process; None without one, or when its file is missing or damaged."""
    row = RoutingModel.objects.in_use()
    stamp = (row.pk, row.digest) if row else None
    with _lock:
        held = _models.get("now")
        if held is None or held[0] != stamp:
            held = (stamp, _read(row) if row else None)
            _models["now"] = held
    return held[1]


def _read(row: RoutingModel) -> Artefact | None:
    path = Path(settings.ROUTING_MODELS_DIR) / row.file_name
    try:
        return from_bytes(path.read_bytes(), digest=row.digest)
    except (OSError, DamagedArtefact):
        # Suggestions go on by rules and duties alone: better than none.
        logger.exception("routing model %s cannot be used", row)
        return None

"""How often the right unit comes first, or among the first three: by rules alone, by the model alone, and by both."""

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np

from internal_bridge.routing.candidates import Candidates
from internal_bridge.routing.examples import Example, is_held_out
from internal_bridge.routing.judging import Judge
from internal_bridge.routing.learning import folds, train

METHODS = ("rules", "model", "both")
KFOLD, HELD_OUT = "k-fold", "held-out"


@dataclasses.dataclass
class Figures:
    """Shares of ``cases``; a unit that is ``acceptable`` counts as right."""

    cases: int = 0
    first: int = 0
    among_three: int = 0

    def count(self, example: Example, codes: list[str]) -> None:
        self.cases += 1
        self.first += example.is_right(codes[0])
        self.among_three += any(example.is_right(code) for code in codes[:3])

    def as_shares(self) -> dict[str, float]:
        """{top1, top3, cases}."""
        cases = max(self.cases, 1)
        return {"top1": round(self.first / cases, 3), "top3": round(self.among_three / cases, 3), "cases": self.cases}


Metrics = dict[str, dict[str, dict[str, float]]]


def evaluate(examples: list[Example], candidates: Candidates) -> Metrics:
    """{part: {method: {top1, top3, cases}}}: k-fold over what may be learnt from, then the held-out part, untouched so far."""
    learnt = [example for example in examples if not is_held_out(example)]
    held = [example for example in examples if is_held_out(example)]
    crossed = {method: Figures() for method in METHODS}
    for learn, test in folds(learnt):
        model = train([learnt[place] for place in learn], candidates)
        measure([learnt[place] for place in test], Judge(candidates, model), crossed)
    kept = measure(held, Judge(candidates, train(learnt, candidates)))
    return {part: {name: found.as_shares() for name, found in by.items()} for part, by in ((KFOLD, crossed), (HELD_OUT, kept))}


def measure(examples: Iterable[Example], judge: Judge, figures: dict[str, Figures] | None = None) -> dict[str, Figures]:
    """Judge ``examples`` by each method. No unit is excluded, and nothing but kind, title and text is known."""
    figures = figures if figures is not None else {method: Figures() for method in METHODS}
    for example in examples:
        judgement = judge.judge(dataclasses.replace(example.letter, place=""))
        rankings = {"rules": judgement.features[:, 3], "model": judgement.features[:, 0], "both": judgement.scores}
        for method, scores in rankings.items():
            best = np.argsort(-scores, kind="stable")[:3]
            # Of units that no rule speaks for, the order says nothing.
            codes = [judge.candidates.units[place].code if scores[place] > 0 or method == "both" else "" for place in best]
            figures[method].count(example, codes)
    return figures


def printed(metrics: Metrics) -> Iterator[str]:
    """The figures as lines for a terminal."""
    for part, methods in metrics.items():
        for method, found in methods.items():
            yield f"{part:9} {method:6} top-1 {found['top1']:.3f}  top-3 {found['top3']:.3f}  ({found['cases']:.0f} cases)"

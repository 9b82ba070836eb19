"""Training: scikit-learn makes the numbers of an ``Artefact``. Loaded by whoever trains, never by a web process."""

import dataclasses
import warnings
from collections import Counter

import numpy as np
from scipy.optimize import minimize
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import StratifiedGroupKFold

from internal_bridge.routing.artefact import FEATURES, Artefact, Ranking
from internal_bridge.routing.candidates import Candidates, duties_of
from internal_bridge.routing.examples import Example
from internal_bridge.routing.judging import UNTRAINED, Judge, documents_of
from internal_bridge.routing.lexicon import Lexicon, Vector
from internal_bridge.routing.words import count_pieces

# Training compares every letter with every other: beyond this the latest are enough.
MOST_EXAMPLES = 3_000
FOLDS = 5
SEED = 20261124
# Chosen by cross-validation on the part that is learnt from.
STIFFNESS = 1.0
UNIT_DOCUMENT = 0.5
ALSO_RIGHT = 0.3
RANKING_STIFFNESS = 0.02
# A piece that one case alone has may be a name: it stays out of the file.
FEWEST_CASES = 2


@dataclasses.dataclass(frozen=True)
class Lesson:
    """Everything learnt from, as vectors: the letters first, then what units and rules say of themselves."""

    vectors: list[Vector]
    wanted: np.ndarray
    weights: np.ndarray
    likeness: np.ndarray
    letters: int


def train(examples: list[Example], candidates: Candidates) -> Artefact:
    """The model that ``examples`` teach about these candidates. Examples of units that nobody follows are left out."""
    usable = [example for example in examples if candidates.resolve(example.unit)]
    counted = [count_pieces(example.letter.title, example.letter.body) for example in usable]
    own = _own_documents(candidates)
    lexicon = _lexicon(counted, [pieces for _, pieces in own])
    lesson = _lesson(usable, counted, own, lexicon, candidates)
    everything = np.arange(len(lesson.vectors))
    untrained = Artefact(
        units=tuple(unit.code for unit in candidates.units),
        lexicon=lexicon,
        coefficients=_coefficients(lesson, everything, lexicon),
        cases=lexicon.table(lesson.vectors[: lesson.letters]),
        case_units=np.array([_place(example, candidates) for example in usable], dtype=np.int64),
        ranking=Ranking((1.0,) + (0.0,) * 4, (0.0,) * 5, (1.0,) * 5),
    )
    return dataclasses.replace(untrained, ranking=_ranking(usable, lesson, Judge(candidates, untrained)))


def folds(examples: list[Example], count: int = FOLDS) -> list[tuple[np.ndarray, np.ndarray]]:
    """(learn, test) as places in ``examples``; a group never stands on both sides. None when there are too few examples."""
    units, groups = [example.unit for example in examples], [example.group for example in examples]
    count = min([count, len(set(groups)), max(Counter(units).values(), default=0)])
    if count < 2:
        return []
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=SEED)
    with warnings.catch_warnings():
        # Most units have fewer cases than there are folds; they are spread as well as can be.
        warnings.simplefilter("ignore", UserWarning)
        return list(splitter.split(np.zeros(len(examples)), units, groups))


def _place(example: Example, candidates: Candidates) -> int:
    return candidates.place_of[candidates.resolve(example.unit)[0]]


def _own_documents(candidates: Candidates) -> list[tuple[int, Counter[str]]]:
    """What units and rules say of themselves: (place of the unit, pieces)."""
    found = []
    for place, (name, duties) in enumerate(documents_of(candidates)):
        found.append((place, count_pieces(name, duties)))
        found += [(place, count_pieces(duty, "")) for duty in duties_of(candidates.units[place])]
    for rule in candidates.rules:
        pieces = count_pieces("", "，".join(rule.words))
        found += [(candidates.place_of[code], pieces) for code in candidates.resolve(rule.unit_code)]
    return found


def _lexicon(letters: list[Counter[str]], own: list[Counter[str]]) -> Lexicon:
    frequency = Counter(piece for pieces in letters for piece in pieces)
    known = {piece for pieces in own for piece in pieces}
    kept = [Counter({p: n for p, n in pieces.items() if p in known or frequency[p] >= FEWEST_CASES}) for pieces in letters]
    return Lexicon.of([*kept, *own])


def _lesson(
    examples: list[Example],
    counted: list[Counter[str]],
    own: list[tuple[int, Counter[str]]],
    lexicon: Lexicon,
    candidates: Candidates,
) -> Lesson:
    vectors = [lexicon.vector(pieces) for pieces in [*counted, *(pieces for _, pieces in own)]]
    wanted = np.zeros((len(vectors), len(candidates.units)))
    for row, example in enumerate(examples):
        for code in example.acceptable:
            for present in candidates.resolve(code):
                wanted[row, candidates.place_of[present]] = ALSO_RIGHT
        wanted[row, _place(example, candidates)] = 1.0
    for row, (place, _) in enumerate(own, len(examples)):
        wanted[row, place] = 1.0
    weights = np.array([1.0] * len(examples) + [UNIT_DOCUMENT] * len(own))
    table = lexicon.table(vectors)
    likeness = np.stack([table.likeness(vector) for vector in vectors])
    return Lesson(vectors, wanted, weights, likeness, len(examples))


def _dual(lesson: Lesson, rows: np.ndarray) -> np.ndarray:
    ridge = KernelRidge(alpha=STIFFNESS, kernel="precomputed")
    ridge.fit(lesson.likeness[np.ix_(rows, rows)], lesson.wanted[rows], sample_weight=lesson.weights[rows])
    return np.asarray(ridge.dual_coef_)


def _coefficients(lesson: Lesson, rows: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """The ridge regression as one number for each piece and unit: a letter's score is then a short sum."""
    found = np.zeros((len(lexicon.pieces), lesson.wanted.shape[1]))
    for row, dual in zip(rows, _dual(lesson, rows), strict=True):
        vector = lesson.vectors[row]
        found[vector.places] += vector.weights[:, None] * dual
    return found.astype(np.float32)


def _ranking(examples: list[Example], lesson: Lesson, judge: Judge) -> Ranking:
    """How much model, duties and rules count, learnt from what the model says of letters that it has not seen."""
    parts = folds(examples)
    if not parts:
        return UNTRAINED
    said = np.zeros((lesson.letters, lesson.wanted.shape[1]), dtype=np.float32)
    own = np.arange(lesson.letters, len(lesson.vectors))
    for learn, test in parts:
        rows = np.concatenate([learn, own])
        said[test] = lesson.likeness[np.ix_(test, rows)] @ _dual(lesson, rows)
    features = np.stack(
        [
            judge.features(lesson.vectors[row], judge.votes(example.letter, judge.candidates), said[row])
            for row, example in enumerate(examples)
        ]
    ).astype(np.float64)
    wanted = lesson.wanted[: lesson.letters] / lesson.wanted[: lesson.letters].sum(axis=1, keepdims=True)
    flat = features.reshape(-1, len(FEATURES))
    means, spreads = flat.mean(axis=0), flat.std(axis=0) + 1e-9
    scaled = (features - means) / spreads

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = scaled @ weights
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        lost = -(wanted * np.log(shares + 1e-12)).sum() / len(examples) + RANKING_STIFFNESS * weights @ weights
        slope = -np.einsum("ij,ijk->k", wanted - shares, scaled) / len(examples) + 2 * RANKING_STIFFNESS * weights
        return float(lost), slope

    best = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    return Ranking(*(tuple(float(number) for number in numbers) for numbers in (best, means, spreads)))

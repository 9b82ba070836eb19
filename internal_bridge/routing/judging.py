"""How well each unit fits a letter: what the model, the duties and the rules say, weighed into one number."""

import dataclasses
from functools import cached_property

import numpy as np

from internal_bridge.routing.artefact import FEATURES, Artefact, Ranking
from internal_bridge.routing.candidates import LOCAL, Candidates, duties_of
from internal_bridge.routing.lexicon import Floats, Lexicon, Table, Vector
from internal_bridge.routing.matching import Letter, Vote, votes_on
from internal_bridge.routing.words import WORD_MARK, count_pieces

# Before the first training: the rules first, the duties where no rule speaks.
UNTRAINED = Ranking(weights=(0.0, 2.0, 4.0, 0.5, -1.0), means=(0.0,) * len(FEATURES), spreads=(1.0,) * len(FEATURES))
# A unit that the writer asks for is a good guess, not more: people often ask the wrong one.
NAMED = 1.0
# What the model says below this is noise: no reason to name words for.
SPEAKS = 0.06
# A word that adds less than this share of what the model says is not named.
TELLING = 0.08
# Two letters as alike as this tell of similar matters.
SIMILAR = 0.25


def documents_of(candidates: Candidates) -> list[tuple[str, str]]:
    """For each unit, its name and all its duties as if it were a letter."""
    return [(unit.short_name, "，".join(duties_of(unit))) for unit in candidates.units]


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What is known about a letter and each unit: ``features`` is units × FEATURES, ``scores`` what they come to."""

    vector: Vector
    votes: dict[int, list[Vote]]
    features: Floats
    scores: Floats

    def shares(self, open_to: list[int]) -> Floats:
        """The scores of ``open_to`` as shares of one."""
        raised = np.exp(self.scores[open_to] - self.scores[open_to].max())
        return (raised / raised.sum()).astype(np.float32)


class Judge:
    """Judges letters about one set of candidates, with a model or without. Made once, asked often."""

    def __init__(self, candidates: Candidates, artefact: Artefact | None) -> None:
        self.candidates = candidates
        self.artefact = artefact
        self.ranking = artefact.ranking if artefact else UNTRAINED
        self.lexicon = artefact.lexicon if artefact else self._lexicon()
        self.duties = self.lexicon.table([self.lexicon.of_text(*document) for document in documents_of(candidates)])
        self.phrases = [(place, duty) for place, unit in enumerate(candidates.units) for duty in duties_of(unit)]
        self.phrase_units = np.array([place for place, _ in self.phrases], dtype=np.int64)
        self.phrase_table = self.lexicon.table([self.lexicon.of_text(duty, "") for _, duty in self.phrases])
        self.local = np.array([unit.kind in LOCAL for unit in candidates.units], dtype=np.float32)

    def _lexicon(self) -> Lexicon:
        return Lexicon.of(count_pieces(*document) for document in documents_of(self.candidates))

    def judge(self, letter: Letter, candidates: Candidates | None = None) -> Judgement:
        """``letter`` and every unit; by the rules of ``candidates``, where these are others than the judge's own."""
        vector = self.lexicon.of_text(letter.title, letter.body)
        votes = self.votes(letter, candidates or self.candidates)
        features = self.features(vector, votes)
        scores = (features - np.array(self.ranking.means)) / np.array(self.ranking.spreads) @ np.array(self.ranking.weights)
        if letter.named_unit_code:
            for code in self.candidates.resolve(letter.named_unit_code):
                scores[self.candidates.place_of[code]] += NAMED
        return Judgement(vector, votes, features, scores.astype(np.float32))

    def votes(self, letter: Letter, candidates: Candidates) -> dict[int, list[Vote]]:
        """By place of the unit, the rules' votes; those for a closed unit go to who follows it."""
        found: dict[int, list[Vote]] = {}
        for code, votes in votes_on(letter, candidates.rules).items():
            for present in self.candidates.resolve(code):
                found.setdefault(self.candidates.place_of[present], []).extend(votes)
        return found

    def features(self, vector: Vector, votes: dict[int, list[Vote]], model: Floats | None = None) -> Floats:
        """Units × FEATURES. ``model`` is what the model says of each unit, where training knows it from another fold."""
        count = len(self.candidates.units)
        phrases = np.zeros(count, dtype=np.float32)
        np.maximum.at(phrases, self.phrase_units, self.phrase_likeness(vector))
        rules = np.zeros(count, dtype=np.float32)
        for place, cast in votes.items():
            rules[place] = sum(vote.score for vote in cast)
        said = self.model_scores(vector) if model is None else model
        return np.stack([said, self.duties.likeness(vector), phrases, rules, self.local], axis=-1)

    def phrase_likeness(self, vector: Vector) -> Floats:
        return self.phrase_table.likeness(vector)

    def model_scores(self, vector: Vector) -> Floats:
        """What the model says of each candidate; of one that it does not know, nothing."""
        scores = np.zeros(len(self.candidates.units), dtype=np.float32)
        if self.artefact is None:
            return scores
        said = vector.weights @ self.artefact.coefficients[vector.places]
        np.maximum.at(scores, self._targets, said[self._columns])
        return scores

    @cached_property
    def _links(self) -> list[tuple[int, int]]:
        """(place of a candidate, column of the model): a closed unit's column speaks for who follows it."""
        known = self.artefact.units if self.artefact else ()
        resolved = [(code, column) for column, code in enumerate(known)]
        return [(self.candidates.place_of[now], column) for code, column in resolved for now in self.candidates.resolve(code)]

    @cached_property
    def _targets(self) -> np.ndarray:
        return np.array([place for place, _ in self._links], dtype=np.int64)

    @cached_property
    def _columns(self) -> np.ndarray:
        return np.array([column for _, column in self._links], dtype=np.int64)

    def telling_words(self, vector: Vector, place: int, most: int = 4) -> list[str]:
        """The words of the letter that speak most for the unit at ``place``, in the model's view."""
        if self.artefact is None:
            return []
        columns = [column for target, column in self._links if target == place]
        if not columns:
            return []
        parts = (self.artefact.coefficients[vector.places][:, columns] * vector.weights[:, None]).max(axis=1)
        said, words = float(parts.sum()), []
        if said < SPEAKS:
            return []
        for entry in np.argsort(-parts)[: most * 4]:
            piece = self.lexicon.pieces[vector.places[entry]]
            if parts[entry] > said * TELLING and piece.startswith(WORD_MARK):
                words.append(piece.removeprefix(WORD_MARK))
        return words[:most]

    @cached_property
    def _cases(self) -> tuple[Table, list[set[int]]] | None:
        if self.artefact is None or len(self.artefact.case_units) == 0:
            return None
        columns: dict[int, set[int]] = {}
        for place, column in self._links:
            columns.setdefault(column, set()).add(place)
        return self.artefact.cases, [columns.get(int(column), set()) for column in self.artefact.case_units]

    def similar_cases(self, vector: Vector) -> dict[int, int]:
        """By place of the unit, how many past cases like this letter it had."""
        if self._cases is None:
            return {}
        table, places = self._cases
        counted: dict[int, int] = {}
        for case in np.flatnonzero(table.likeness(vector) >= SIMILAR):
            for place in places[int(case)]:
                counted[place] = counted.get(place, 0) + 1
        return counted

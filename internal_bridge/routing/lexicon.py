"""Letters and duties as vectors: TF-IDF over the pieces of ``words``, in plain numpy: no web process loads scikit-learn."""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from internal_bridge.routing.words import count_pieces

Floats = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Vector:
    """The places of a letter's pieces in the vocabulary, and their weights; of length one."""

    places: NDArray[np.int64]
    weights: Floats


@dataclasses.dataclass(frozen=True)
class Lexicon:
    """The pieces that are known, each with its weight: what stands everywhere weighs little."""

    pieces: tuple[str, ...]
    idf: Floats

    @classmethod
    def of(cls, documents: Iterable[Counter[str]]) -> "Lexicon":
        """The lexicon of ``documents``, weighed as scikit-learn's TfidfVectorizer does."""
        frequency: Counter[str] = Counter()
        total = 0
        for document in documents:
            frequency.update(document.keys())
            total += 1
        pieces = tuple(sorted(frequency))
        counts = np.array([frequency[piece] for piece in pieces], dtype=np.float32)
        return cls(pieces, (np.log((1 + total) / (1 + counts)) + 1).astype(np.float32))

    @cached_property
    def place_of(self) -> dict[str, int]:
        return {piece: place for place, piece in enumerate(self.pieces)}

    def vector(self, pieces: Counter[str]) -> Vector:
        """``pieces`` as a vector; what is not known counts for nothing."""
        known = [(self.place_of[piece], count) for piece, count in pieces.items() if piece in self.place_of]
        places = np.array([place for place, _ in known], dtype=np.int64)
        weights = (1 + np.log(np.array([count for _, count in known], dtype=np.float32))) * self.idf[places]
        length = float(np.linalg.norm(weights)) or 1.0
        return Vector(places, (weights / length).astype(np.float32))

    def of_text(self, title: str, body: str) -> Vector:
        return self.vector(count_pieces(title, body))

    def table(self, vectors: list[Vector]) -> "Table":
        """``vectors`` so that another can be compared with all of them at once."""
        starts = np.cumsum([0, *(len(vector.places) for vector in vectors)])
        places = np.concatenate([vector.places for vector in vectors]) if vectors else np.zeros(0, np.int64)
        weights = np.concatenate([vector.weights for vector in vectors]) if vectors else np.zeros(0, np.float32)
        return Table(len(self.pieces), starts.astype(np.int64), places.astype(np.int64), weights.astype(np.float32))


@dataclasses.dataclass(frozen=True)
class Table:
    """Vectors behind each other: number n has the entries from ``starts[n]`` to ``starts[n + 1]``."""

    width: int
    starts: NDArray[np.int64]
    places: NDArray[np.int64]
    weights: Floats

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def likeness(self, vector: Vector) -> Floats:
        """The cosine of ``vector`` with each of these."""
        dense = np.zeros(self.width, dtype=np.float32)
        dense[vector.places] = vector.weights
        products: Any = np.bincount(self.rows, self.weights * dense[self.places], minlength=len(self.starts) - 1)
        return products.astype(np.float32)

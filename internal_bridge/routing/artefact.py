"""A trained model as a file: arrays of numbers and a list of words, nothing that could run (docs/adr)."""

import dataclasses
import hashlib
import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from internal_bridge.routing.lexicon import Floats, Lexicon, Table

FORMAT = 1
# What a letter and a unit have to do with each other; the order of the ranking's numbers.
FEATURES = ("model", "duties", "phrase", "rules", "local")


class DamagedArtefact(Exception):
    """The file is not what its row says, or not a model of this format."""


@dataclasses.dataclass(frozen=True)
class Ranking:
    """How much each feature of ``FEATURES`` counts."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class Artefact:
    """What training leaves behind.

    ``coefficients``: pieces × units. ``cases``: the past cases as vectors, ``case_units`` the place in ``units`` of each one's
    unit. A piece is in the lexicon if the directory, a rule or at least two cases have it: what a single citizen wrote, a name
    above all, is not.
    """

    units: tuple[str, ...]
    lexicon: Lexicon
    coefficients: Floats
    cases: Table
    case_units: NDArray[np.int64]
    ranking: Ranking


def to_bytes(artefact: Artefact) -> bytes:
    """The file's content: a numpy archive."""
    about = {
        "format": FORMAT,
        "features": FEATURES,
        "units": artefact.units,
        "pieces": artefact.lexicon.pieces,
        "ranking": dataclasses.asdict(artefact.ranking),
    }
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
        idf=artefact.lexicon.idf,
        coefficients=artefact.coefficients.astype(np.float16),
        case_starts=artefact.cases.starts,
        case_places=artefact.cases.places.astype(np.int32),
        case_weights=artefact.cases.weights.astype(np.float16),
        case_units=artefact.case_units.astype(np.int32),
    )
    return buffer.getvalue()


def from_bytes(content: bytes, *, digest: str) -> Artefact:
    """The model of a file. Raises ``DamagedArtefact``, also when its SHA-256 is not ``digest``: then nothing of it is read."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedArtefact("the file has another digest than its row")
    try:
        # No pickle: an array of objects is refused.
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays: dict[str, Any] = {name: archive[name] for name in archive.files}
        about = json.loads(arrays["about"].tobytes())
        if about["format"] != FORMAT or tuple(about["features"]) != FEATURES:
            raise DamagedArtefact("a model of another format: train a new one")
        pieces = tuple(about["pieces"])
        return Artefact(
            units=tuple(about["units"]),
            lexicon=Lexicon(pieces, arrays["idf"].astype(np.float32)),
            coefficients=arrays["coefficients"].astype(np.float32),
            cases=Table(
                len(pieces),
                arrays["case_starts"],
                arrays["case_places"].astype(np.int64),
                arrays["case_weights"].astype(np.float32),
            ),
            case_units=arrays["case_units"].astype(np.int64),
            ranking=Ranking(**{name: tuple(values) for name, values in about["ranking"].items()}),
        )
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise DamagedArtefact(str(error)) from error


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""The hash that a row of an append-only log stores about itself: a leaf of the Merkle tree that a sealer builds later."""

import hashlib
import json
from typing import Any


def canonical_json(fields: dict[str, Any]) -> bytes:
    """``fields`` as the one sequence of bytes that everybody who has them writes: keys sorted, no spaces, UTF-8."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(leaf: bytes) -> str:
    """SHA-256 of a row's canonical JSON, in hexadecimal."""
    return hashlib.sha256(leaf).hexdigest()

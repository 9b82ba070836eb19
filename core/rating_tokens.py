"""The secret of a link by which an answer is rated: 128 random bits, of which the portal keeps the digest alone (04)."""

import hashlib
import re
import secrets

TOKEN_BYTES = 16
TOKEN_PATTERN = re.compile(r"[0-9a-f]{32}")


def new_token() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """SHA-256 of the bits of ``token``, as ``rating.offered`` carries it; empty for what is no token."""
    return hashlib.sha256(bytes.fromhex(token)).hexdigest() if TOKEN_PATTERN.fullmatch(token) else ""

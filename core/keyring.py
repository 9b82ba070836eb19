"""The office's keys for what it keeps: they wrap data keys, and blind the phone and ID numbers that are compared.

A key is 32 random bytes as hex in ``<KEYRING_DIR>/<id>.key``, outside the database. Its id is ``wrap-<n>`` or ``index-<n>``,
with ``demo-`` in front when it was made in demo mode; such keys refuse to work without it. The highest n wraps new data keys,
older ones still open what they wrapped. The site that has no ``KEYRING_DIR`` has no keyring.
"""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEMO_PREFIX = "demo-"
KEY_BYTES = 32
WRAP, INDEX = "wrap", "index"
USES = (WRAP, INDEX)
WRAP_FORMAT = 1

PHONE, ID_NUMBER = "phone", "id-number"

ID_PATTERN = re.compile(r"(?:demo-)?(wrap|index)-([1-9]\d{0,5})", re.ASCII)


class UnwrapError(ValueError):
    """What should be a wrapped key was altered, or was not wrapped by the key that it names."""


# --- Wrapping ------------------------------------------------------------------------------------------------------------


def new_data_key() -> bytes:
    """32 random bytes for AES-256."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes) -> bytes:
    """``key`` under the newest wrapping key: a format byte, that key's id with its length, AES-256 key wrap (RFC 5649).

    Raises ``ImproperlyConfigured`` without a keyring or a wrapping key in it.
    """
    kid = _current(WRAP)
    name = kid.encode("ascii")
    return bytes([WRAP_FORMAT, len(name)]) + name + aes_key_wrap_with_padding(_read(kid), key)


def unwrap(box: bytes) -> bytes:
    """The key in a box of ``wrap``. Raises ``UnwrapError``, and ``ImproperlyConfigured`` when the key that it names is away."""
    kid, wrapped = _split(box)
    try:
        return aes_key_unwrap_with_padding(_read(kid), wrapped)
    except InvalidUnwrap as error:
        raise UnwrapError("the wrapped key does not open") from error


def wrapped_by(box: bytes) -> str:
    """The id of the key that a box was wrapped with. Raises ``UnwrapError`` when it is no box."""
    return _split(box)[0]


def _split(box: bytes) -> tuple[str, bytes]:
    if len(box) < 2 or box[0] != WRAP_FORMAT or len(box) <= 2 + box[1]:
        raise UnwrapError("not a wrapped key")
    kid = box[2 : 2 + box[1]].decode("ascii", errors="replace")
    if (known := ID_PATTERN.fullmatch(kid)) is None or known[1] != WRAP:
        raise UnwrapError("not a wrapped key")
    return kid, box[2 + box[1] :]


# --- Blind index ---------------------------------------------------------------------------------------------------------


def blind_index(kind: str, value: str) -> str:
    """What finds ``value`` again without holding it: HMAC-SHA256 over kind and normalised value, as hex.

    ``kind`` is ``PHONE`` or ``ID_NUMBER``; numbers of different kinds never meet. Empty when nothing is left to compare.
    Whoever has the database but not the key cannot try out numbers, of which there are few enough to try all.
    """
    normalised = _NORMALISED[kind](value)
    if not normalised:
        return ""
    return hmac.new(_read(_current(INDEX)), f"{kind}\0{normalised}".encode(), hashlib.sha256).hexdigest()


def _normal_phone(value: str) -> str:
    """Its digits as dialled abroad without the country: 0788-1234567, +86 788 1234567 and 00867881234567 are one."""
    text = unicodedata.normalize("NFKC", value).strip()
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    if text.startswith("+86"):
        digits = digits[2:]
    elif digits.startswith("0086"):
        digits = digits[4:]
    elif re.fullmatch(r"861\d{10}", digits, re.ASCII):
        digits = digits[2:]
    return digits.lstrip("0")


def _normal_id_number(value: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", value).upper() if char.isalnum())


_NORMALISED = {PHONE: _normal_phone, ID_NUMBER: _normal_id_number}


# --- Keys ----------------------------------------------------------------------------------------------------------------


def make_keys() -> list[str]:
    """Make the keys that are not there yet; returns the ids of those made."""
    return [_make(use) for use in USES if not _usable(use)]


def rotate_key() -> str:
    """Make a new wrapping key, which from now on wraps; returns its id.

    The index key stays: digests of another key would no longer find what was indexed before.
    """
    return _make(WRAP)


def key_ids() -> list[str]:
    """The ids of the keys in the keyring by use and number, those that do not work now among them."""
    found = {path.stem: match for path in _folder().glob("*.key") if (match := ID_PATTERN.fullmatch(path.stem))}
    return sorted(found, key=lambda kid: (USES.index(found[kid][1]), int(found[kid][2])))


def is_current(kid: str) -> bool:
    """Whether this is the key that its use takes now."""
    usable = [kid for use in USES for kid in _usable(use)[-1:]]
    return kid in usable


def _folder() -> Path:
    folder: Path | None = getattr(settings, "KEYRING_DIR", None)
    if folder is None:
        raise ImproperlyConfigured("this site has no keyring (KEYRING_DIR)")
    return folder


def _usable(use: str) -> list[str]:
    """The keys of that use that work now, the newest last."""
    return [kid for kid in key_ids() if use in kid.split("-") and (settings.DEMO or not kid.startswith(DEMO_PREFIX))]


def _current(use: str) -> str:
    usable = _usable(use)
    if not usable:
        raise ImproperlyConfigured(f"the keyring has no {use} key: make one (manage.py SITE keyring make)")
    return usable[-1]


def _make(use: str) -> str:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = [int(kid.rpartition("-")[2]) for kid in key_ids() if use in kid.split("-")]
    kid = f"{DEMO_PREFIX if settings.DEMO else ''}{use}-{max(numbers, default=0) + 1}"
    # Exclusive: of two that make the same key at once, one fails instead of losing what the other has wrapped.
    descriptor = os.open(folder / f"{kid}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return kid


def _read(kid: str) -> bytes:
    if kid.startswith(DEMO_PREFIX) and not settings.DEMO:
        raise ImproperlyConfigured(f"{kid} is a demo key and works only with DEMO=1")
    try:
        key = bytes.fromhex((_folder() / f"{kid}.key").read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"the keyring has no key {kid!r}") from error
    except ValueError as error:
        raise ImproperlyConfigured(f"key {kid!r} of the keyring is damaged") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"key {kid!r} of the keyring is damaged")
    return key

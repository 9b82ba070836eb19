"""Identifiers: UUIDv7 for what crosses the bridge, and the number that a petitioner reads out on the phone."""

import datetime
import os
import re
import secrets
import time
import uuid

NUMBER_PATTERN = r"\d{8}-\d{6}-\d"

# The first of a number's six random digits tells where it was drawn, so that the two sites can never draw the same one.
PORTAL_FIRST_DIGITS = "01234567"
OFFICE_FIRST_DIGITS = "89"


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def luhn_digit(digits: str) -> str:
    """The check digit that makes ``digits`` followed by it pass the Luhn test (ISO/IEC 7812-1, Annex B)."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def draw_number(day: datetime.date, *, first_digits: str) -> str:
    """A new petition number ``yyyymmdd-NNNNNN-C``: random, so it can be neither guessed, counted nor linked.

    ``first_digits`` are the digits that the site may draw first. The caller redraws while the number is taken.
    """
    random = secrets.choice(first_digits) + "".join(secrets.choice("0123456789") for _ in range(5))
    return f"{day:%Y%m%d}-{random}-{luhn_digit(f'{day:%Y%m%d}{random}')}"


def is_number(text: str) -> bool:
    """Whether ``text`` has the form of a petition number and its check digit is right."""
    if not re.fullmatch(NUMBER_PATTERN, text, re.ASCII):
        return False
    day, random, check = text.split("-")
    return luhn_digit(day + random) == check


def normalise_number(text: str) -> str:
    """``text`` as a petition number would be stored, whatever spaces or hyphens a person typed; unchanged when it is none."""
    digits = re.sub(r"[\s\-‐-―－]", "", text)
    return f"{digits[:8]}-{digits[8:14]}-{digits[14:]}" if re.fullmatch(r"\d{15}", digits, re.ASCII) else text.strip()

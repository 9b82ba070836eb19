"""Personal data in what people write: where it stands, and the text without it."""

from core.personal.finding import find_personal
from core.personal.redaction import redact, replacement_of
from core.personal.spans import PersonalType, Span

__all__ = ["PersonalType", "Span", "find_personal", "redact", "replacement_of"]

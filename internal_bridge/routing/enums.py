"""Why a unit is suggested."""

from enum import StrEnum


class ReasonCode(StrEnum):
    """``params`` of each: see ``presenters.reason_words``, which puts it into words."""

    RULE = "rule"  # {rule, note, words}
    NAMED = "named"  # {}
    WORDS = "words"  # {words}
    DUTIES = "duties"  # {duty}
    SIMILAR = "similar"  # {count}
    SUCCEEDS = "succeeds"  # {name}
    NOTHING = "nothing"  # {}

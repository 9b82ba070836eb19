"""Answered cases that resemble what is being written: pairs of characters that both have, looked for in the database."""

import re
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import CombinedExpression

from petitions.models import PublishedReply
from petitions.querysets import fold
from petitions.reply_presenters import present_reply

# The title says most; of the text its beginning is enough. Each pair is a condition of the query.
TITLE_LENGTH, TEXT_LENGTH, MAX_PAIRS = 60, 200, 40
SHOWN = 3
# A pair in a reply's title weighs more than one in the question; with less than this two letters merely share a word.
IN_TITLE, IN_QUESTION, ENOUGH = 3, 1, 8

RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]{3,}")
# Pairs that every letter has.
COMMON = frozenset(
    re.findall(r"..", "我们你们他们请问可以怎么什么没有是否如何能否希望建议要求问题情况一下一个这个那个已经现在因为所以")
)


def pairs_of(title: str, text: str = "") -> list[str]:
    """Pairs of neighbouring characters and Latin words, each once, those of the title first."""
    found: dict[str, None] = {}
    for part in (title[:TITLE_LENGTH], text[:TEXT_LENGTH]):
        for run in RUNS.findall(fold(part)):
            pieces = [run] if run.isascii() else [run[at : at + 2] for at in range(len(run) - 1)]
            found.update(dict.fromkeys(piece for piece in pieces if piece not in COMMON))
    return list(found)[:MAX_PAIRS]


def similar_replies(title: str, text: str = "") -> list[dict[str, Any]]:
    """Up to three published replies that have most in common with a letter; none when nothing has enough. One query."""
    pairs = pairs_of(title, text)
    if len(pairs) < 2:
        return []
    score: Any = Value(0)
    for pair in pairs:
        for field, weight in (("title", IN_TITLE), ("question", IN_QUESTION)):
            score = _plus(score, Case(When(Q(**{f"{field}__icontains": pair}), then=weight), default=0))
    rows = PublishedReply.objects.public().annotate(score=score).filter(score__gte=min(ENOUGH, 3 * len(pairs)))
    return [present_reply(reply) for reply in rows.order_by(F("score").desc(), "-answered_on", "-id")[:SHOWN]]


def _plus(one: Any, other: Any) -> Any:
    return CombinedExpression(one, "+", other, output_field=IntegerField())

"""Published replies as pages and the API show them."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.enums import PetitionKind
from core.paging import page_links
from core.workdays import working_days_between
from petitions.filters import NEWEST, ORDERINGS, ReplyFilter
from petitions.models import PublishedReply
from petitions.querysets import today

NEWEST_SHOWN = 3
REPLIES_A_PAGE = 10
# So many units or topics stand among the filters, those with the most replies.
CHOICES = 8
MONTH, YEAR = datetime.timedelta(days=30), datetime.timedelta(days=365)


def newest_replies(*, unit_code: str = "") -> list[dict[str, Any]]:
    """The newest replies, of one unit where it is named. One query."""
    rows = PublishedReply.objects.public()
    return [present_reply(reply) for reply in (rows.filter(unit_code=unit_code) if unit_code else rows)[:NEWEST_SHOWN]]


def present_reply(reply: PublishedReply) -> dict[str, Any]:
    """A reply that is public."""
    return represent_reply(reply) | {
        "uid": reply.uid,
        "kind_label": PetitionKind(reply.kind).label,
        "revised_at": reply.revised_at,
    }


def represent_reply(reply: PublishedReply) -> dict[str, Any]:
    """A reply that is public, as the API answers it. ``days_used`` are working days."""
    return {
        "id": reply.uid,
        "kind": reply.kind,
        "topic": {"code": reply.topic_code, "name": reply.topic_name} if reply.topic_code else None,
        "title": reply.title,
        "question": reply.question,
        "text": reply.text,
        "unit": {"code": reply.unit_code, "name": reply.unit_name},
        "received_on": reply.received_on,
        "answered_on": reply.answered_on,
        "days_used": _days_used(reply),
        "revision": reply.revision,
        "correction": reply.correction,
        "published_at": reply.published_at or reply.revised_at,
    }


def _days_used(reply: PublishedReply) -> int | None:
    """Working days from receipt to answer, the day of receipt not counted, as limits are (Civil Code 201)."""
    if reply.received_on is None or reply.answered_on is None:
        return None
    return max(working_days_between(reply.received_on, reply.answered_on), 0)


def present_replies(params: QueryDict) -> dict[str, Any]:
    """The list that an address asks for. Five queries, however many replies there are.

    What an address asks for and cannot be read narrows nothing; of days the page says so.
    """
    asked = ReplyFilter(params, queryset=PublishedReply.objects.public())
    shown = Paginator(asked.qs, REPLIES_A_PAGE).get_page(params.get("page"))
    chosen = {name: _written(value) for name, value in asked.form.cleaned_data.items() if value}
    kept = {name: value for name, value in chosen.items() if (name, value) != ("ordering", NEWEST)}
    facets = [
        _facet(kept, "kind", _("Kind"), field="kind"),
        _facet(kept, "topic", _("Topic"), field="topic_code", label="topic_name"),
        _facet(kept, "unit", _("Unit"), field="unit_code", label="unit_name"),
    ]
    return {
        "feed_query": urlencode({name: value for name, value in kept.items() if name != "ordering"}),
        "days": [asked.form["from"], asked.form["to"]],
        "replies": shown,
        "rows": [present_reply(reply) for reply in shown],
        "words": kept.get("q", ""),
        "applied": _applied(kept, facets),
        "facets": [facet for facet in facets if facet["choices"] or facet["is_chosen"]],
        "periods": _periods(kept),
        "orderings": [
            {"label": label, "query": urlencode(kept | {"ordering": value}), "current": value == chosen.get("ordering", NEWEST)}
            for value, label in ORDERINGS[:2]
        ],
        "search_keeps": {name: value for name, value in kept.items() if name != "q"},
        "days_keep": {name: value for name, value in kept.items() if name not in ("from", "to")},
    } | page_links(shown, kept)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _facet(kept: dict[str, str], name: str, title: str, *, field: str, label: str = "") -> dict[str, Any]:
    """What the list could be narrowed to by one filter, with the number of replies that the other filters leave. One query."""
    others = {key: value for key, value in kept.items() if key != name}
    rows = ReplyFilter(others, queryset=PublishedReply.objects.public()).qs.order_by().exclude(**{field: ""})
    counts = rows.values(field).annotate(count=Count("id"), label=Max(label or field)).order_by("-count", field)
    choices = [
        {
            "value": row[field],
            "label": row["label"] if label else PetitionKind(row[field]).label,
            "count": row["count"],
            "query": urlencode(others | {name: row[field]}),
            "current": kept.get(name) == row[field],
        }
        for row in counts
    ]
    shown = choices[:CHOICES] + [choice for choice in choices[CHOICES:] if choice["current"]]
    return {"name": name, "title": title, "choices": shown, "all_query": urlencode(others), "is_chosen": name in kept}


def _periods(kept: dict[str, str]) -> list[dict[str, Any]]:
    others = {name: value for name, value in kept.items() if name not in ("from", "to")}
    periods = []
    for label, span in ((_("Last month"), MONTH), (_("Last year"), YEAR)):
        since = (today() - span).isoformat()
        current = kept.get("from") == since and "to" not in kept
        periods.append({"label": label, "query": urlencode(others | {"from": since}), "current": current})
    return periods


def _applied(kept: dict[str, str], facets: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The filters in force, each with the address of the list without it."""
    labels = {facet["name"]: choice["label"] for facet in facets for choice in facet["choices"] if choice["current"]}
    # Where nothing is left, no choice says what it is called.
    labels |= {name: kept[name] for name in ("q", "topic", "unit") if name in kept and name not in labels}
    if "kind" in kept:
        labels["kind"] = str(PetitionKind(kept["kind"]).label)
    for name, text in (("from", _("since %(day)s")), ("to", _("up to %(day)s"))):
        if name in kept:
            labels[name] = text % {"day": kept[name]}
    return [
        {"label": labels[name], "query": urlencode({key: value for key, value in kept.items() if key != name})}
        for name in kept
        if name in labels
    ]

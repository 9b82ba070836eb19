"""The audit log as CSV, a part at a time: memory stays what it is, however long the file."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.enums import Channel
from core.models import AuditRecord
from core.paging import page_of
from core.sheets import BYTE_ORDER_MARK, sheet_line
from internal_bridge.auditing.wording import action_words

# What a spreadsheet program still opens with ease; more is narrowed by dates.
LIMIT = 100_000
CHUNK = 1_000


def sheet_of(records: QuerySet[AuditRecord], *, language: str) -> Iterator[bytes]:
    """Head and lines, in ``language``; beside the words, codes and hashes stand as they are stored."""
    with override(language):
        head = sheet_line(_head())
    yield (BYTE_ORDER_MARK + head).encode()
    before, left = "", LIMIT
    while left:
        page = page_of(records, by="at", before=before, size=min(CHUNK, left))
        if page.rows:
            # Another thread may make this part than made the last one.
            with override(language):
                lines = "".join(sheet_line(_cells(record)) for record in page.rows)
            yield lines.encode()
        before, left = page.older, left - len(page.rows)
        if not before:
            return


def _head() -> list[str]:
    return [
        *(_("Time (Beijing)"), _("Action"), _("Action code"), _("Who"), _("Login"), _("Post"), _("Door"), _("Address")),
        *(_("Subject"), _("Particulars"), _("Number of the record"), _("Leaf hash")),
    ]


def _cells(record: AuditRecord) -> list[str]:
    return [
        timezone.localtime(record.at).isoformat(),
        action_words(record.action),
        record.action,
        record.actor.get_full_name() if record.actor else "",
        record.login,
        record.post,
        str(Channel(record.channel).label),
        record.address,
        record.subject,
        json.dumps(record.params, ensure_ascii=False, sort_keys=True) if record.params else "",
        str(record.uid),
        record.leaf_hash,
    ]

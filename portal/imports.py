"""Brings HTML from elsewhere into the blocks of an article, and nothing of it that an article may not have."""

import json
import re
from typing import Any

import bleach
from bs4 import BeautifulSoup, Tag

TEXT_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "b", "a"}
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "caption"}


def body_blocks(html: str, targets: dict[str, int]) -> str:
    """``html`` as the JSON of ``portal.blocks.BodyBlock``: text in the CMS's own notation, tables as tables.

    ``targets`` maps the names in ``article:NAME`` links to pages; a link to a name that is not there becomes plain text.
    """
    clean = bleach.clean(
        re.sub(r"<(/?)strong\b", r"<\1b", html),
        tags=TEXT_TAGS | TABLE_TAGS,
        attributes={"a": ["href"]},
        protocols=["https", "http", "mailto", "tel", "article"],
        strip=True,
    )
    soup = BeautifulSoup(clean, "html.parser")
    for link in soup.find_all("a"):
        _resolve(link, targets)
    blocks: list[dict[str, Any]] = []
    text: list[str] = []
    for node in soup.contents:
        if isinstance(node, Tag) and node.name == "table":
            if text:
                blocks.append({"type": "text", "value": "".join(text)})
                text = []
            blocks.append({"type": "table", "value": _table(node)})
        elif str(node).strip():
            text.append(str(node))
    if text:
        blocks.append({"type": "text", "value": "".join(text)})
    return json.dumps(blocks, ensure_ascii=False)


def _resolve(link: Tag, targets: dict[str, int]) -> None:
    """Turn ``article:NAME`` into the CMS's link to that page; drop links that lead nowhere."""
    href = str(link.get("href", ""))
    if not href.startswith("article:"):
        if not href:
            link.unwrap()
        return
    page = targets.get(href.removeprefix("article:"))
    if page is None:
        link.unwrap()
    else:
        link.attrs = {"linktype": "page", "id": str(page)}


def _table(table: Tag) -> dict[str, Any]:
    """A table in the form that TypedTableBlock stores: text columns, the first row as headings."""
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    headings, body = rows[0], rows[1:]
    return {
        "columns": [{"type": "text", "heading": heading} for heading in headings],
        "rows": [{"values": [*row, *[""] * (len(headings) - len(row))]} for row in body],
        "caption": table.caption.get_text(strip=True) if table.caption else "",
    }

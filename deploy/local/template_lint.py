"""What a strict content security policy, working without scripts and plain honesty forbid in a template."""

import re
from collections.abc import Iterator
from pathlib import Path

from deploy.local.places import PACKAGES, ROOT

TAG = re.compile(r"<[a-zA-Z][^<>]*(?:\{[{%#].*?[}%#]\}[^<>]*)*>", re.DOTALL)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
DATA_SCRIPT = re.compile(r"type=[\"']application/(ld\+)?json[\"']")

# What no tag may carry: pattern, and what to do instead.
IN_TAGS = [
    (re.compile(r"\sstyle\s*=", re.I), "style attribute: the policy refuses it; use a class"),
    (re.compile(r"\son[a-z]+\s*=", re.I), "inline event handler: put it in a script file"),
    (re.compile(r"\shx-on\b|\shx-on:", re.I), "hx-on is inline script: put it in a script file"),
    (re.compile(r"\shx-(vals|headers|vars)\s*=\s*[\"']\s*(js|javascript):", re.I), "js: is evaluated: pass plain values"),
    (re.compile(r"\shx-trigger\s*=\s*([\"'])[^\"']*\[", re.I), "trigger filters are evaluated: filter in a script file"),
    (re.compile(r"\sx-html\b", re.I), "x-html writes unescaped HTML"),
    (re.compile(r"\sx-data\s*=\s*[\"']\s*\{", re.I), "Alpine logic belongs in an Alpine.data file"),
    (re.compile(r"\s(href|action|src)\s*=\s*[\"']\s*javascript:", re.I), "javascript: address"),
    (re.compile(r"\shref\s*=\s*([\"'])#?\1", re.I), "a link that leads nowhere"),
]
IN_TEXT = [
    (re.compile(r"\|\s*safe\b"), "|safe: sanitise where the value is made"),
    (re.compile(r"\{%-?\s*autoescape\s+off"), "autoescape off: sanitise where the value is made"),
    (re.compile(r"<style\b", re.I), "inline style sheet: the policy refuses it"),
]


def blank(match: re.Match[str]) -> str:
    """Something of the same length and with the same lines, so that line numbers stay right."""
    return re.sub(r"[^\n]", " ", match.group(0))


def complaints(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a template's text: line and reason."""
    text = COMMENT.sub(blank, text)
    for pattern, reason in IN_TEXT:
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, reason
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        # What Django fills in is no attribute name; kept as one mark, so that an empty attribute still shows.
        plain = DJANGO.sub("\u2022", tag.group(0))
        for pattern, reason in IN_TAGS:
            if pattern.search(plain):
                yield line, reason
        name = plain[1:].split(None, 1)[0].rstrip(">/").lower()
        if name == "script" and not re.search(r"\ssrc\s*=", plain) and not DATA_SCRIPT.search(plain):
            yield line, "inline script: the policy refuses it; put it in a file"
        if name == "img" and not re.search(r"\salt(\s*=|[\s/>])", plain):
            yield line, "picture without alt"
        if re.search(r"target\s*=\s*[\"']_blank", plain) and "noopener" not in plain:
            yield line, 'target="_blank" without rel="noopener"'


def lint(root: Path = ROOT) -> list[str]:
    """Every complaint about our own templates."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("templates/**/*.html"))
    return [
        f"{path.relative_to(root)}:{line}: {reason}"
        for path in paths
        for line, reason in sorted(set(complaints(path.read_text(encoding="utf-8"))))
    ]

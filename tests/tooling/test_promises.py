"""What the portal's landing page promises is what the office counts; only here both tables are seen together."""

import importlib

from petitions.promises import PROMISES


def test_what_the_page_promises_is_what_the_office_counts() -> None:
    """The portal keeps the office's code out, so it has a table of its own."""
    policies = importlib.import_module("internal_bridge.policies.migrations.0002_defaults").POLICIES
    rules = {
        (policy["instrument"], stage, kind, complexity): (days, day_kind, start, rest)
        for policy in policies
        for stage, kind, complexity, days, day_kind, start, rest in policy["rules"]
    }

    for promise in PROMISES:
        instrument, _colon, article = promise.basis.partition(":")
        simple = "simple" if promise.longest else ""
        days, day_kind, start, rest = rules[instrument, promise.stage, promise.kind, simple]
        assert (promise.days, "working" if promise.working else "calendar") == (days, day_kind), promise
        assert (promise.starts_at, promise.extension, article) == (
            start,
            rest.get("extension_days", 0),
            rest.get("article", ""),
        )
        if promise.longest:
            assert rules[instrument, promise.stage, promise.kind, "investigation"][0] == promise.longest

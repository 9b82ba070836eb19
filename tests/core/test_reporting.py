"""A report of an error holds the traceback and nothing that a citizen wrote or holds."""

import sys
from typing import Any

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter, get_exception_reporter_filter

from core.reporting import NoContentFilter

# Put together, because a report may quote these very lines.
PLANTED = "-".join(["planted", "7f3a"])


def report_of(request: Any, *, html: bool) -> str:
    """The report that Django would mail or show for an error in the middle of handling ``request``."""
    try:
        handle(f"{PLANTED}-local")
    except ZeroDivisionError:
        reporter = ExceptionReporter(request, *sys.exc_info())
        return reporter.get_traceback_html() if html else reporter.get_traceback_text()
    raise AssertionError("unreachable")


def handle(text: str) -> int:
    letter = {"text": text}
    return len(letter) // 0


@pytest.fixture
def request_with_content() -> Any:
    request = RequestFactory().post(
        "/petitions/new/",
        {"body": f"{PLANTED}-body", "phone": f"{PLANTED}-phone"},
        headers={"x-receipt-code": f"{PLANTED}-code", "idempotency-key": f"{PLANTED}-key", "user-agent": f"{PLANTED}-agent"},
    )
    request.COOKIES["zq_portal_session"] = f"{PLANTED}-cookie"
    assert request.POST["body"] == f"{PLANTED}-body"
    return request


def test_both_sites_report_through_our_filter(request_with_content):
    assert isinstance(get_exception_reporter_filter(request_with_content), NoContentFilter)


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("debug", [False, True])
def test_a_report_holds_neither_body_nor_headers_cookies_or_locals(request_with_content, settings, html, debug):
    settings.DEBUG = debug

    report = report_of(request_with_content, html=html)

    assert "ZeroDivisionError" in report
    assert "test_reporting.py" in report
    assert PLANTED not in report


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_an_error_outside_a_request_is_reported_without_locals_too(html):
    report = report_of(None, html=html)

    assert "ZeroDivisionError" in report
    assert PLANTED not in report

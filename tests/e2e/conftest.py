"""Both sites running, a browser in front of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.sites import Ports
from deploy.local.stack import Stack

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# WCAG 2.2 A and AA with axe's best practices: everything that axe knows, and nothing left out.
AXE = Axe()


@pytest.fixture(scope="session")
def stack(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Both sites on free ports and in folders of their own, as ``make run`` starts them."""
    data = shutil.copytree(prepared, tmp_path_factory.mktemp("stack") / "data")
    with Stack(data, Ports.free()) as running:
        running.start()
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page of a new visitor, of a given width; errors on its console fail the test."""
    contexts, complaints = [], []

    def new(width: int = 1440, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        # A refused form answers 4xx, and the browser says so of the page itself.
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def check_accessibility(page: Page) -> None:
    """No axe violation, and nothing that makes the page scroll sideways."""
    results = AXE.run(page)
    found = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in results.response["violations"]
    ]
    assert found == [], f"{page.url}: {found}"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"

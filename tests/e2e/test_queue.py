"""The queue in the browser: by keyboard, several cases at once with their progress and its undoing, and a view of one's own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deploy.local.stack import Stack
from tests.e2e.conftest import check_accessibility
from tests.e2e.walks import Office

pytestmark = pytest.mark.story


def test_a_dispatcher_works_through_the_queue_by_keyboard(stack: Stack, open_page: Callable[..., Page]) -> None:
    office = Office(stack.url("office"), open_page)
    page = office.go("dispatcher", "/cases/?view=under_way")
    bar = page.get_by_role("toolbar")
    expect(bar).to_be_hidden()
    for key in "jxjx":
        page.keyboard.press(key)
    expect(bar).to_contain_text("已选 2 件")
    check_accessibility(page)
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    # Single keys can be switched off.
    switch = page.get_by_role("button", name="单键快捷键")
    switch.click()
    page.keyboard.press("x")
    expect(bar).to_be_hidden()
    switch.click()

    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url("**/cases/?view=to_decide")

    # From anywhere to the main places; a case leads to its neighbours in the list.
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/")
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.wait_for_url("**/cases/")
    page.goto(f"{stack.url('office')}/cases/?view=to_decide")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/2*/?in=view%3Dto_decide")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: "/cases/2" in url and url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    check_accessibility(page)
    page.goto(f"{stack.url('office')}/cases/?view=to_decide")

    # Claimed together, by a worker; then given back.
    for key in "jxc":
        page.keyboard.press(key)
    page.wait_for_url("**/cases/bulk/*/")
    expect(page.locator("main")).to_contain_text("逐件结果", timeout=15_000)
    check_accessibility(page)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("main")).to_contain_text("逐件结果", timeout=15_000)
    check_accessibility(page)


def test_a_filter_is_kept_as_a_view_of_ones_own(stack: Stack, open_page: Callable[..., Page]) -> None:
    office = Office(stack.url("office"), open_page)
    page = office.go("dispatcher", "/cases/")
    page.locator(".zq-filter > summary").click()
    page.get_by_label("投诉", exact=True).check()
    check_accessibility(page)
    page.get_by_role("button", name="按条件查看").click()
    expect(page.locator(".zq-chip b")).to_have_text("投诉")
    assert "place=" not in page.url
    page.get_by_role("link", name="存为视图").click()
    check_accessibility(page)
    page.get_by_label("视图名称").fill("投诉件")
    page.get_by_role("button", name="保存视图").click()
    expect(page.locator("[data-view][aria-current]")).to_contain_text("投诉件")
    page.get_by_role("button", name="删除此视图").click()
    expect(page.locator("[data-view]", has_text="投诉件")).to_have_count(0)
    check_accessibility(page)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("[data-view]", has_text="投诉件")).to_have_count(1)


def test_the_queue_is_cards_on_a_phone(stack: Stack, open_page: Callable[..., Page]) -> None:
    office = Office(stack.url("office"), open_page)
    page = office.go("handler.gaj", "/cases/", 360)
    expect(page.get_by_role("toolbar")).to_be_hidden()
    page = office.go("handler.gaj", "/cases/?view=all&kind=report")
    check_accessibility(page)

"""Writing to the city in the browser: by keyboard alone, without script, and whatever goes wrong before the receipt."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.core.samples import PDF, TEXT
from tests.e2e.conftest import check_accessibility

NUMBER = re.compile(r"\d{8}-\d{6}-\d")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}\b")
TITLE, BODY = "建议在江滨路设直饮水点", "跑步的人很多，建议设几个直饮水点。"


def receipt_on(page: Page) -> tuple[str, str]:
    """Number and code as the page shows them."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("信已收到")
    text = page.locator("main").inner_text()
    number, code = NUMBER.search(text), CODE.search(text)
    assert number, text
    assert code, text
    return number[0], code[0]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button of this name has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate("[document.activeElement.name, document.activeElement.textContent.trim()]"):
            return
    raise AssertionError(f"{name} is not reached by keyboard")


def fill_in(page: Page, portal: str) -> None:
    page.goto(f"{portal}/petitions/new/?kind=suggestion")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=body]").fill(BODY)
    page.locator("[name=consent]").check()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_on_the_way_is_accessible(stack: Any, open_page: Any, prefix: str, width: int) -> None:
    page = open_page(width)
    portal = stack.url("portal") + prefix
    for address in ("/petitions/", "/petitions/privacy/", "/petitions/new/"):
        page.goto(portal + address)
        check_accessibility(page)
    for box in page.locator("details.zq-more-fields").all():
        box.locator("summary").click()
    page.locator("[name=website]").evaluate("field => field.value = 'x'")
    fill_again = {"title": TITLE, "body": BODY}
    for name, text in fill_again.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=kind][value=suggestion]").check()
    page.locator("[name=consent]").check()
    page.locator("[name=step][value=preview]").click()
    check_accessibility(page)
    page.locator("[data-zq-send]").click()
    # A robot is suspected, and asked.
    expect(page.locator("[name=answer]")).to_be_visible()
    check_accessibility(page)
    left, right = re.findall(r"\d+", page.locator("label[for=id_answer]").inner_text())
    page.locator("[name=answer]").fill(str(int(left) + int(right)))
    page.locator("[data-zq-send]").click()
    assert NUMBER.search(page.locator("main").inner_text())
    check_accessibility(page)


def test_a_letter_is_written_by_keyboard_alone(stack: Any, open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    page.goto(f"{stack.url('portal')}/petitions/new/")
    tab_to(page, "kind")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=kind][value=suggestion]")).to_be_checked()
    tab_to(page, "unit_words")
    page.keyboard.type("chengguan")
    expect(page.locator("[data-zq-found]")).to_contain_text("单位")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=unit_code] option:checked")).to_contain_text("城市管理")
    for name, text in (("title", TITLE), ("body", BODY)):
        tab_to(page, name)
        page.keyboard.type(text)
    tab_to(page, "attachments")
    # The system's own dialog is not the page's.
    page.locator("[name=attachments]").set_input_files(
        [{"name": "说明.txt", "mimeType": "text/plain", "buffer": TEXT}, {"name": "图.pdf", "mimeType": "x/y", "buffer": PDF}]
    )
    tab_to(page, "consent")
    page.keyboard.press("Space")
    tab_to(page, "先预览")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("说明.txt、图.pdf")
    expect(page.locator("main")).to_contain_text("城市管理")
    tab_to(page, "提交")
    page.keyboard.press("Enter")

    number, _code = receipt_on(page)
    expect(page.locator("main")).to_contain_text("说明.txt、图.pdf")
    page.get_by_role("link", name="现在去看进度").focus()
    assert number not in page.url


def test_without_script_a_unit_is_found_and_files_go_along(stack: Any, open_page: Any) -> None:
    page = open_page(java_script_enabled=False)
    fill_in(page, stack.url("portal"))
    page.locator("[name=attachments]").set_input_files([{"name": "说明.txt", "mimeType": "x/y", "buffer": TEXT}])
    page.locator("[name=unit_words]").fill("gaj")
    page.get_by_role("button", name="查找").click()
    page.locator("[name=unit_code]").select_option(value="gaj")
    expect(page.locator("main")).to_contain_text("说明.txt")
    page.get_by_role("button", name="看看有没有类似的").click()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    page.get_by_role("button", name="先预览").click()
    page.get_by_role("button", name="返回修改").click()
    expect(page.locator("[name=unit_code]")).to_have_value("gaj")
    page.get_by_role("button", name="提交").click()

    receipt_on(page)
    expect(page.locator("main")).to_contain_text("说明.txt")


def test_however_often_it_is_sent_it_is_one_petition(stack: Any, open_page: Any) -> None:
    """Two clicks, a broken connection, the back button, another tab with the same form."""
    page = open_page()
    portal = stack.url("portal")
    fill_in(page, portal)
    answers: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not answers:
            # It arrives, is stored and answered; the answer never gets here.
            answers.append(route.fetch().text())
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/petitions/new/", lose)
    page.get_by_role("button", name="提交").dblclick(no_wait_after=True)
    page.wait_for_timeout(500)
    first = NUMBER.search(answers[0])
    assert first
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    page.get_by_role("button", name="提交").click()
    receipt = receipt_on(page)
    assert receipt[0] == first[0]

    # Back, and once more.
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    page.get_by_role("button", name="提交").click()
    assert receipt_on(page) == receipt


def test_a_draft_on_ones_own_device_comes_back_and_goes_with_the_letter(stack: Any, open_page: Any) -> None:
    page = open_page()
    portal = stack.url("portal")
    fill_in(page, portal)
    page.get_by_label("这是我自己的设备").check()
    page.locator("[name=place]").fill("江滨路")

    # Closed, and opened again in two tabs: one draft, one key, one petition.
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{portal}/petitions/new/")
        expect(tab.locator("[name=place]")).to_have_value("江滨路")
    receipts = []
    for tab in (page, other):
        tab.get_by_role("button", name="提交").click()
        receipts.append(receipt_on(tab))
    assert receipts[0] == receipts[1]
    page.goto(f"{portal}/petitions/new/")
    expect(page.locator("[name=title]")).to_have_value("")


def test_nothing_is_kept_where_nobody_asked_for_it(stack: Any, open_page: Any) -> None:
    page = open_page()
    fill_in(page, stack.url("portal"))

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

"""The line: a citizen writes, the office answers, the citizen reads the answer with the receipt code."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import check_accessibility

PASSWORD = "zhengqiao-demo"
BODY = "城北大道的人行道上，三个窨井盖已经缺了一个星期，晚上没有路灯，已经有老人摔倒。请尽快补上，并把路灯修好。"
ANSWER = "您好。市政养护队已于今天上午补齐三个井盖，路灯线路正在检修，本周内恢复照明。感谢您的提醒。"


def write_petition(page: Page, portal: str, title: str) -> tuple[str, str]:
    """From the home page to the receipt; returns number and receipt code."""
    page.goto(portal)
    check_accessibility(page)
    page.get_by_role("link", name=re.compile("投诉")).first.click()
    page.wait_for_url("**/petitions/new/?kind=complaint")
    expect(page.locator("[name=kind][value=complaint]")).to_be_checked()
    check_accessibility(page)

    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("标题")
    check_accessibility(page)

    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill(BODY)
    page.locator("[name=place]").fill("城北大道")
    page.locator("[name=name]").fill("莫大爷")
    page.locator("[name=phone]").fill("13600000001")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="提交").click()
    text = page.locator("main").inner_text()
    check_accessibility(page)
    number = re.search(r"\d{8}-\d{6}-\d", text)
    code = re.search(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}\b", text)
    assert number, text
    assert code, text
    return number[0], code[0]


def answer_in_the_office(page: Page, office: str, number: str, title: str) -> None:
    """Log in as the dispatcher, find the case, and let the citizen have an answer."""
    page.goto(office)
    check_accessibility(page)
    page.locator("#id_login").fill("dispatcher")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(office + "/")
    check_accessibility(page)

    until = time.monotonic() + 15
    page.goto(f"{office}/cases/")
    while not page.get_by_text(title).count() and time.monotonic() < until:
        page.wait_for_timeout(200)
        page.reload()
    check_accessibility(page)
    page.goto(f"{office}/cases/{number}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.locator("main")).to_contain_text(BODY)
    expect(page.locator("main")).not_to_contain_text("莫大爷")
    check_accessibility(page)

    # How a case is handled is told by its own stories; what crosses back is the same for any words to the citizen.
    page.goto(f"{office}/cases/{number}/actions/redirect/")
    page.locator("[name=text]").fill(ANSWER)
    page.get_by_role("button", name="告知其他途径").click()
    expect(page.locator("main")).to_contain_text("已告知")
    check_accessibility(page)


def read_answer(page: Page, portal: str, number: str, code: str) -> None:
    """Open the petition with its code, typed as people type."""
    until = time.monotonic() + 15
    while True:
        page.goto(f"{portal}/petitions/follow/")
        page.locator("[name=number]").fill(number)
        page.locator("[name=code]").fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="查看").click()
        if page.get_by_text(ANSWER).count() or time.monotonic() > until:
            break
        page.wait_for_timeout(200)
    expect(page.locator("main")).to_contain_text(ANSWER)
    expect(page.locator("main")).to_contain_text(BODY)
    check_accessibility(page)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_complaint_crosses_and_its_answer_comes_back(stack, open_page, width):
    portal, office = stack.url("portal"), stack.url("office")
    title = f"城北大道井盖缺失，{width} 像素"

    number, code = write_petition(open_page(width), portal, title)
    answer_in_the_office(open_page(width), office, number, title)
    read_answer(open_page(width), portal, number, code)


def test_the_line_works_without_javascript(stack, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{stack.url('portal')}/petitions/new/?kind=suggestion")
    page.locator("[name=title]").fill("建议延长图书馆开放时间")
    page.locator("[name=body]").fill("周末晚上很多学生想去图书馆，建议延长到二十二点。")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="提交").click()

    expect(page.locator("main")).to_contain_text(re.compile(r"\d{8}-[0-7]\d{5}-\d"))


def test_a_form_sent_twice_shows_the_same_receipt(stack, open_page):
    page = open_page()
    page.goto(f"{stack.url('portal')}/petitions/new/?kind=suggestion")
    page.locator("[name=title]").fill("建议在江滨路设直饮水点")
    page.locator("[name=body]").fill("跑步的人很多，建议设几个直饮水点。")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    first = page.locator("main").inner_text()
    # The browser asks before it sends a form again, then does.
    page.reload()

    assert page.locator("main").inner_text() == first


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/yaowen/",
        "/tongzhi/",
        "/petitions/",
        "/en/petitions/",
        "/petitions/follow/",
        "/en/petitions/new/",
        "/en/petitions/follow/",
        "/login/",
        "/en/login/",
        "/there-is-no-such-page/",
    ],
)
def test_pages_of_the_portal_hide_nothing_from_anybody(stack, open_page, path, width):
    page = open_page(width)

    page.goto(stack.url("portal") + path)

    check_accessibility(page)


@pytest.mark.parametrize("width", [1440, 360])
def test_an_article_hides_nothing_from_anybody(stack, open_page, width):
    page = open_page(width)
    page.goto(stack.url("portal") + "/tongzhi/")
    page.locator("main li a").first.click()
    page.wait_for_load_state()

    check_accessibility(page)


def test_the_qr_codes_address_fills_the_form_and_leaves_no_trace(stack, open_page):
    page = open_page()
    page.goto(f"{stack.url('portal')}/petitions/follow/#20261124-364141-2/5RKC-Y68E-A3VC-TGDZ-9KKJ")

    expect(page.locator("[name=number]")).to_have_value("20261124-364141-2")
    expect(page.locator("[name=code]")).to_have_value("5RKC-Y68E-A3VC-TGDZ-9KKJ")
    assert "#" not in page.url


@pytest.mark.parametrize("width", [1440, 360])
def test_the_office_speaks_english_too(stack, open_page, width):
    page = open_page(width)
    page.context.add_cookies([{"name": "zq_office_language", "value": "en", "url": stack.url("office")}])
    page.goto(stack.url("office"))
    page.locator("#id_login").fill("dispatcher")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(stack.url("office") + "/")
    check_accessibility(page)
    page.goto(stack.url("office") + "/cases/")

    check_accessibility(page)
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_reviewer_enters_the_cms(stack, open_page):
    page = open_page()
    page.goto(stack.url("portal") + "/cms/")
    page.locator("#id_login").fill("site.reviewer")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/cms/")

    expect(page.locator("body")).to_contain_text("site.reviewer")

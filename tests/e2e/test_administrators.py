"""Administrators and everybody's own account: at a desk and on a phone, by keyboard alone, and nothing that axe finds."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import check_accessibility

PASSWORD = "zhengqiao-demo"


def enter(page: Page, site: str, username: str, path: str = "/") -> None:
    """Log in by the ordinary form, with the keyboard alone."""
    page.goto(f"{site}/login/?next={path}")
    page.locator("#id_login").focus()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site + path)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_demo_role_is_one_click_and_a_wrong_password_says_so(stack, open_page, width):
    office = stack.url("office")
    page = open_page(width)
    page.goto(office + "/login/?ended=idle")
    expect(page.get_by_role("status")).to_contain_text("没有操作")
    check_accessibility(page)
    page.locator("#id_login").fill("nobody.at.all")
    page.locator("#id_password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(page.locator("#id_login")).to_have_value("nobody.at.all")
    check_accessibility(page)

    page.get_by_role("button", name="方圆").press("Enter")
    page.wait_for_url(office + "/")
    expect(page.get_by_role("link", name="登录安全").filter(visible=True)).to_have_count(1)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_security_administrator_ends_a_session_by_keyboard(stack, open_page, width):
    office = stack.url("office")
    theirs, page = open_page(), open_page(width)
    enter(theirs, office, "leader")
    enter(page, office, "secadmin", "/security/")
    check_accessibility(page)
    page.goto(office + "/security/?q=leader")
    page.locator("summary", has_text="结束该会话").first.press("Enter")
    page.get_by_role("button", name="结束该会话").first.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请写明理由")
    check_accessibility(page)
    page.get_by_label("理由").filter(visible=True).first.fill("设备遗失")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已结束该会话")

    theirs.goto(office + "/")
    expect(theirs).to_have_url(re.compile("/login/.*ended=gone"))
    expect(theirs.get_by_role("status")).to_contain_text("本次会话已结束")
    for path in ("/security/lockouts/", "/security/tokens/", "/bridge/keys/"):
        page.goto(office + path)
        check_accessibility(page)


@pytest.mark.parametrize("role", ["sysadmin", "auditor"])
def test_other_administrators_are_refused_login_security(stack, open_page, role):
    office = stack.url("office")
    page = open_page()
    enter(page, office, role)
    for path in ("/security/", "/security/lockouts/", "/security/tokens/", "/bridge/keys/"):
        assert page.goto(office + path).status == 403


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(("site", "username"), [("office", "handler.gaj"), ("portal", "site.reviewer")])
def test_ones_own_sessions_and_password(stack, open_page, site, username, width):
    address = stack.url(site)
    there, page = open_page(), open_page(width)
    enter(there, address, username, "/account/sessions/")
    enter(page, address, username, "/account/sessions/")
    check_accessibility(page)
    page.get_by_role("button", name="结束其他所有会话").press("Enter")
    expect(page.locator("main")).to_contain_text("已结束其他")
    there.reload()
    expect(there).to_have_url(re.compile("/login/"))

    page.goto(address + "/account/password/")
    check_accessibility(page)
    page.get_by_role("button", name="修改密码").press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("请输入当前密码")
    check_accessibility(page)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_auditor_searches_the_log_and_opens_a_record_by_keyboard(stack, open_page, width):
    office = stack.url("office")
    page = open_page(width)
    enter(page, office, "auditor", "/audit/")
    check_accessibility(page)

    page.get_by_label("地址").fill("10.1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请填写一个完整的地址")
    expect(page.get_by_label("地址")).to_have_value("10.1")
    check_accessibility(page)

    page.get_by_label("地址").fill("")
    page.get_by_label("人员").fill("auditor")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="登录", exact=True).first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    expect(page.get_by_text("与写入时保存的哈希值一致")).to_be_visible()
    check_accessibility(page)

    page.goto(office + "/audit/?first=2020-01-01&last=2020-01-02")
    expect(page.get_by_role("heading", name="没有符合条件的记录")).to_be_visible()
    check_accessibility(page)
    page.goto(office + "/audit/?who=auditor")
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 CSV").press("Enter")
    text = taken.value.path().read_text("utf-8-sig")
    assert text.startswith("时间（北京时间）,操作,")
    assert text.count("login.succeeded") >= 1
    for role_path in ("/security/", "/bridge/"):
        assert page.goto(office + role_path).status == 403

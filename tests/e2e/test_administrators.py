"""Administrators and everybody's own account: at a desk and on a phone, by keyboard alone, and nothing that axe finds."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import check_accessibility

PASSWORD = "zhengqiao-demo"


def enter(page: Page, site: str, username: str, path: str = "/", password: str = PASSWORD) -> None:
    """Log in by the ordinary form, with the keyboard alone."""
    page.goto(f"{site}/login/?next={path}")
    page.locator("#id_login").focus()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
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


# Somebody of their own for each run: they log in with another password afterwards.
@pytest.mark.parametrize(
    ("site", "username", "width"),
    [("office", "head.jyj", 1440), ("office", "head.kjj", 360), ("portal", "editor.jyj", 1440), ("portal", "editor.kjj", 360)],
)
def test_a_new_password_is_refused_with_reasons_and_then_counts(stack, open_page, site, username, width):
    address, chosen = stack.url(site), "Bamboo-raft-on-the-river-7"
    there, page = open_page(), open_page(width)
    enter(there, address, username, "/account/sessions/")
    enter(page, address, username, "/account/sessions/")
    page.goto(address + "/account/password/?next=/account/sessions/")
    check_accessibility(page)

    def change(old, new, again):
        page.locator("#id_oldpassword").focus()
        for typed in (old, new, again):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.get_by_role("button", name="修改密码").press("Enter")

    def refused(**reasons):
        summary = page.locator("[data-focus], [data-zq-focus]")
        expect(summary).to_be_focused()
        for name, reason in reasons.items():
            field = page.locator(f"#id_{name}")
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(field).to_have_accessible_description(re.compile(reason))
            expect(field).to_have_value("")
            expect(summary.get_by_role("link", name=re.compile(reason))).to_have_attribute("href", f"#id_{name}")
        expect(page.locator("[aria-invalid=true]")).to_have_count(len(reasons))
        check_accessibility(page)

    change("not-my-password", "1234567", "1234567")
    refused(oldpassword="当前密码不正确", password1="至少")
    change(PASSWORD, chosen, chosen + "x")
    refused(password2="必须相同")
    change(PASSWORD, chosen, chosen)
    page.wait_for_url(address + "/account/sessions/")
    expect(page.get_by_text("密码已修改")).to_be_visible()
    check_accessibility(page)

    there.reload()
    expect(there).to_have_url(re.compile("/login/"))
    later = open_page(width)
    later.goto(address + "/login/")
    later.locator("#id_login").fill(username)
    later.locator("#id_password").fill(PASSWORD)
    later.keyboard.press("Enter")
    expect(later.get_by_role("alert")).to_contain_text("账号或密码不正确")
    enter(later, address, username, "/account/sessions/", chosen)


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


@pytest.mark.parametrize("width", [1440, 360])
def test_an_official_finds_a_colleague_by_keyboard(stack, open_page, width):
    office = stack.url("office")
    page = open_page(width)
    enter(page, office, "dispatcher", "/directory/")
    check_accessibility(page)
    current = page.locator("a[data-row]").nth(1)
    page.keyboard.press("j")
    expect(current).to_be_focused()
    name = current.inner_text()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name=name, exact=True).filter(visible=True)
    expect(heading).to_have_count(1)
    # Where there is room the person opens beside the list, else as a page.
    assert page.url.endswith("/directory/") is (width == 1440)
    check_accessibility(page)

    page.goto(office + "/directory/")
    page.keyboard.press("f")
    page.keyboard.type("xfj")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="市信访局").filter(visible=True).first.press("Enter")
    page.wait_for_url("**/directory/units/xfj/")
    check_accessibility(page)
    page.goto(office + "/directory/?q=查无此人")
    expect(page.locator("main")).to_contain_text("没有找到人")
    check_accessibility(page)
    if width == 360:
        page.goto(office + "/directory/")
        page.get_by_role("link", name="选择单位").press("Enter")
        expect(page.get_by_role("navigation", name="机构树")).to_be_visible()
        check_accessibility(page)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_system_administrator_imports_people_and_gives_a_right(stack, open_page, width):
    office, number = stack.url("office"), f"E2E{width}"
    page = open_page(width)
    enter(page, office, "sysadmin", "/administration/imports/")
    check_accessibility(page)
    heading = "staff_number,name,unit_code,department,post,main,duties,office_phone,mobile,email,place,username\n"
    bad, good = f"{number},,xfj,没有的科,科员,true,,,,,,\n", f"{number},覃镕喆,xfj,受理科,受理员,true,受理,,,,,e2e{width}\n"

    def upload(lines):
        page.goto(office + "/administration/imports/")
        page.get_by_label("导入内容").select_option("people")
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": (heading + lines).encode()}
        page.locator("[name=file]").set_input_files(file)
        page.get_by_role("button", name="上传并校验").press("Enter")
        # Checked by the worker; the page looks again by itself.
        expect(page.get_by_role("heading", name="现在该您办")).to_be_visible(timeout=15_000)
        check_accessibility(page)

    page.get_by_role("button", name="上传并校验").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    check_accessibility(page)
    upload(bad)
    expect(page.locator("main")).to_contain_text("不能导入的行")
    upload(good)
    page.get_by_role("button", name="导入全部行").press("Enter")
    expect(page.locator("main")).to_contain_text("已导入", timeout=15_000)
    check_accessibility(page)

    page.goto(f"{office}/administration/people/?q={number}")
    check_accessibility(page)
    page.get_by_role("link", name="覃镕喆").press("Enter")
    check_accessibility(page)
    page.get_by_role("link", name="授权").filter(visible=True).last.press("Enter")
    page.get_by_label("角色").select_option("handler")
    page.get_by_label("授权单位").select_option("xfj")
    page.get_by_role("button", name="下一步").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("理由")
    check_accessibility(page)
    page.get_by_label("理由").fill("新到任")
    page.get_by_role("button", name="下一步").press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("覆盖 1 个单位")
    check_accessibility(page)
    page.get_by_role("button", name="确认授权").press("Enter")
    expect(page.locator("main")).to_contain_text("新到任")
    page.get_by_role("link", name=re.compile("结束 承办人")).press("Enter")
    page.get_by_role("button", name="结束该授权").press("Enter")
    page.get_by_role("link", name=re.compile("撤回 承办人")).press("Enter")
    page.get_by_role("button", name="恢复").press("Enter")
    expect(page.locator("main")).to_contain_text("已恢复")
    for path in ("units/", "units/xfj/", "units/xfj/merge/", "grants/", "new-unit/"):
        page.goto(f"{office}/administration/{path}")
        check_accessibility(page)


@pytest.mark.parametrize("role", ["secadmin", "auditor", "dispatcher"])
def test_others_are_refused_the_administration_of_the_directory(stack, open_page, role):
    office = stack.url("office")
    page = open_page()
    enter(page, office, role)
    expect(page.get_by_role("link", name="机构管理")).to_have_count(0)
    for path in ("units/", "people/", "grants/", "imports/"):
        assert page.goto(f"{office}/administration/{path}").status == 403


@pytest.mark.parametrize("width", [1440, 360])
def test_the_system_administrator_sets_a_day_otherwise(stack, open_page, width):
    office = stack.url("office")
    page = open_page(width)
    enter(page, office, "sysadmin", "/calendar/")
    check_accessibility(page)
    # Nothing is broader than the window.
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.goto(office + "/calendar/days/new/")
    page.get_by_label("日期").fill(f"2026-12-{'09' if width == 360 else '10'}")
    page.get_by_role("button", name="设定").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("理由")
    check_accessibility(page)
    page.get_by_label("设定为").select_option("休息日")
    page.get_by_label("理由").fill("管网抢修，全市停水")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已设定")
    expect(page.locator(".zq-day--set_off", has_text="本市定为休息日").first).to_be_visible()
    check_accessibility(page)

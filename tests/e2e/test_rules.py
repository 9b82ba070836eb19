"""The page of the rules, and a new version of limits from draft to discard: at a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import check_accessibility
from tests.e2e.test_administrators import enter


@pytest.mark.parametrize("width", [1440, 360])
def test_an_official_reads_the_rules_and_which_tests_prove_them(stack, open_page, width):
    office, page = stack.url("office"), open_page(width)
    enter(page, office, "handler.gaj", "/rules/")
    expect(page.get_by_role("heading", name="信访工作条例（2022）")).to_be_visible()
    page.locator("summary", has_text="项测试").first.press("Enter")
    check_accessibility(page)

    page.get_by_label("查看其他日期的规则").fill("2021-06-01")
    page.get_by_role("button", name="查看").press("Enter")
    expect(page.get_by_role("heading", name="12345 热线办理时限")).to_be_visible()
    expect(page.get_by_role("heading", name="信访工作条例（2022）")).to_have_count(0)
    expect(page.get_by_role("link", name="版本管理")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_system_administrator_writes_a_version_and_sees_what_would_change(stack, open_page, width):
    office, page = stack.url("office"), open_page(width)
    enter(page, office, "sysadmin", "/policies/")
    check_accessibility(page)
    page.get_by_role("link", name="新版本 12345 热线办理时限").press("Enter")
    page.get_by_role("button", name="开始起草").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("草稿已建立")
    check_accessibility(page)

    page.get_by_role("link", name="签收").press("Enter")
    page.get_by_label("天数").fill("400")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("天数")
    check_accessibility(page)
    page.get_by_label("天数").fill("2")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已存入草稿")

    page.get_by_role("link", name="查看变动", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("2 个工作日")
    page.get_by_label("生效于").fill("2020-01-02")
    page.get_by_label("发布理由").fill("签收从宽")
    page.get_by_role("button", name="发布第 2 版").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("最早自今日起施行")
    expect(page.get_by_label("发布理由")).to_have_value("签收从宽")
    check_accessibility(page)

    # What is published stays; this is only looked at.
    page.goto(office + "/policies/hotline/2/discard/")
    page.get_by_role("button", name="作废草稿").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("草稿已作废")

"""What the office does to a unit stands on the portal within seconds, with its history."""

import re
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import check_accessibility
from tests.e2e.test_administrators import enter

PATIENCE = 20.0


def heading(address: str) -> str:
    """What the page at ``address`` is called."""
    found = re.search(r"<h1[^>]*>([^<]+)</h1>", httpx.get(address).text)
    assert found, address
    return found[1]


def seen(address: str, text: str, since: float) -> float:
    """Seconds from ``since`` until the page at ``address`` says ``text``."""
    while text not in httpx.get(address, timeout=20).text:
        assert time.time() < since + PATIENCE, f"{address} does not say {text!r}"
        time.sleep(0.05)
    return time.time() - since


# Units of their own for each width: what is renamed, to which names, what is merged, and into which.
@pytest.mark.parametrize(
    ("width", "renamed", "names", "merged", "into"),
    [
        (1440, "cgj", ("云岭市城市管理和综合执法局", "市综合执法局"), "lscbj", "fgw"),
        (360, "dsjj", ("云岭市数据局", "市数据局"), "tyb", "nyncj"),
    ],
)
def test_a_unit_is_renamed_another_merged_and_the_portal_follows(
    stack, open_page, reached, width, renamed, names, merged, into
):
    office, portal = stack.url("office"), stack.url("portal")
    former, gone, follower = (heading(f"{portal}/units/{code}/") for code in (renamed, merged, into))
    page = open_page(width)
    enter(page, office, "sysadmin", f"/administration/units/{renamed}/rename/")
    for label, name in zip(("全称", "简称"), names, strict=True):
        page.get_by_label(label, exact=True).fill(name)
    check_accessibility(page)
    renamed_at = time.time()
    page.get_by_role("button", name="确认更名").press("Enter")
    page.wait_for_url(f"**/administration/units/{renamed}/")
    seconds = [seen(f"{portal}/units/{renamed}/", names[0], renamed_at)]

    page.goto(f"{office}/administration/units/{merged}/merge/")
    check_accessibility(page)
    page.get_by_role("button", name="下一步").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("并入单位")).to_have_attribute("aria-invalid", "true")
    check_accessibility(page)
    page.get_by_label("并入单位").select_option(into)
    page.get_by_role("button", name="下一步").press("Enter")
    expect(page.locator("#preview")).to_contain_text("此操作不能撤回")
    # Nothing has happened yet.
    assert heading(f"{portal}/units/{merged}/") == gone
    check_accessibility(page)
    merged_at = time.time()
    page.get_by_role("button", name="确认合并").press("Enter")
    page.wait_for_url(f"**/administration/units/{into}/")
    expect(page.get_by_role("status")).to_contain_text("已合并")
    check_accessibility(page)
    seconds.append(seen(f"{portal}/units/{merged}/", "该单位已撤销", merged_at))
    reached("at {} px a renamed unit was on the portal {:.1f} s after the click, a merged one {:.1f} s".format(width, *seconds))

    page.goto(f"{office}/directory/units/{merged}/")
    note = page.locator("main .zq-note")
    expect(note).to_contain_text("该单位存续至")
    expect(page.locator("main")).to_contain_text("撤销")
    check_accessibility(page)
    note.get_by_role("link", name=follower).press("Enter")
    page.wait_for_url(f"**/directory/units/{into}/")
    expect(page.get_by_role("region", name="历史沿革").get_by_role("link", name=gone)).to_be_visible()
    check_accessibility(page)

    page.goto(f"{portal}/units/{renamed}/")
    assert former in page.locator("section[aria-labelledby=former]").inner_text()
    check_accessibility(page)
    page.goto(f"{portal}/units/{merged}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(gone)
    check_accessibility(page)
    page.locator(".zq-closed a").press("Enter")
    page.wait_for_url(f"**/units/{into}/")
    check_accessibility(page)
    closed = httpx.get(f"{portal}/api/v1/units/?state=closed").json()["results"]
    assert [unit["successors"] for unit in closed if unit["code"] == merged] == [[into]]
    # The old name still finds the unit, and the closed one takes no letters.
    page.goto(f"{portal}/units/?q={gone}")
    assert page.locator(f"main a[href$='/units/{merged}/']").count() == 1
    check_accessibility(page)
    assert f'value="{merged}"' not in httpx.get(f"{portal}/petitions/new/").text


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("path", ["/units/", "/en/units/", "/units/?q=gaj", "/units/xfj/", "/en/units/yls/"])
def test_pages_of_the_directory_hide_nothing_from_anybody(stack, open_page, path, width):
    page = open_page(width)

    page.goto(stack.url("portal") + path)

    check_accessibility(page)


def test_the_directory_is_searched_and_a_letter_begun_without_javascript(stack, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{stack.url('portal')}/units/")
    page.locator("[name=q]").fill("xinfang")
    page.locator("main form button").click()
    page.locator("main a[href$='/units/xfj/']").click()
    page.get_by_role("button", name="给该单位写信").click()

    assert page.locator("[name=unit_code]").input_value() == "xfj"


def test_an_editor_of_a_unit_enters_the_cms(stack, open_page):
    page = open_page()
    page.goto(stack.url("portal") + "/cms/")
    page.locator("#id_login").fill("editor.gaj")
    page.locator("#id_password").fill("zhengqiao-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/cms/")

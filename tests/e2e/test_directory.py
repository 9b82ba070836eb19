"""What the office does to a unit stands on the portal within seconds, with its history."""

import re
import subprocess
import time
from typing import Any

import httpx
import pytest

from deploy.local.places import PYTHON, ROOT
from deploy.local.sites import site_environment
from tests.e2e.conftest import check_accessibility

PATIENCE = 20.0
# The office's own verbs, as its pages call them; says the moment at which each was done.
VERBS = """
import time
from core.models import User
from internal_bridge.org import services
from internal_bridge.org.models import Unit
by = User.objects.get(username="sysadmin")
version = lambda code: Unit.objects.get(code=code).version
services.rename_unit(
    by=by, code="cgj", version=version("cgj"), name="云岭市城市管理和综合执法局", short_name="市综合执法局"
)
print(time.time())
services.merge_units(by=by, codes=["lscbj"], into="fgw", version=version("fgw"))
print(time.time())
"""


def in_the_office(stack: Any, code: str) -> list[float]:
    """Run ``code`` in the office's own environment; the numbers that it printed."""
    environment = site_environment("office", stack.data_dir / "office", stack.ports, stack.environ)
    command = [str(PYTHON), "manage.py", "office", "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120, stdout=subprocess.PIPE, text=True)
    return [float(line) for line in done.stdout.split()]


def seen(address: str, text: str, since: float) -> float:
    """Seconds from ``since`` until the page at ``address`` says ``text``."""
    while text not in httpx.get(address, timeout=20).text:
        assert time.time() < since + PATIENCE, f"{address} does not say {text!r}"
        time.sleep(0.05)
    return time.time() - since


def test_a_renamed_and_a_merged_unit_stand_on_the_portal_within_seconds(stack, open_page, reached):
    portal = stack.url("portal")
    former = re.search(r"<h1[^>]*>([^<]+)</h1>", httpx.get(f"{portal}/units/cgj/").text)
    merged = re.search(r"<h1[^>]*>([^<]+)</h1>", httpx.get(f"{portal}/units/lscbj/").text)
    assert former
    assert merged

    renamed_at, merged_at = in_the_office(stack, VERBS)
    # Seen from the end of the office's command on: an upper bound for what came before.
    renamed = seen(f"{portal}/units/cgj/", "云岭市城市管理和综合执法局", renamed_at)
    closed = seen(f"{portal}/units/lscbj/", "该单位已撤销", merged_at)

    reached(f"a renamed unit was on the portal at most {renamed:.1f} s later, a merged one {closed:.1f} s")
    page = open_page()
    page.goto(f"{portal}/units/cgj/")
    assert former[1] in page.locator("section[aria-labelledby=former]").inner_text()
    check_accessibility(page)
    page.goto(f"{portal}/units/lscbj/")
    page.locator(".zq-closed a").click()
    page.wait_for_url("**/units/fgw/")
    assert httpx.get(f"{portal}/api/v1/units/?state=closed").json()["results"][0]["successors"] == ["fgw"]
    # The old name still finds the unit, and the closed one takes no letters.
    page.goto(f"{portal}/units/?q={merged[1]}")
    assert page.locator("main a[href$='/units/lscbj/']").count() == 1
    assert 'value="lscbj"' not in httpx.get(f"{portal}/petitions/new/").text


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

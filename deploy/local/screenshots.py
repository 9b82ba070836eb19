"""``make screenshots``: start both sites on fresh data and photograph the main pages, wide and narrow, into build/screenshots.

Beside a picture it says which page is broader than its window and what the browser's console complains of.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.places import BUILD
from deploy.local.sites import Ports, StartError
from deploy.local.stack import Stack

TARGET = BUILD / "screenshots"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = {1440: 900, 360: 780}
PASSWORD = "for-the-pictures"


@dataclass
class Visit:
    """What a shot needs to know of the running sites."""

    stack: Stack
    page: Page
    number: str
    code: str

    def go(self, site: str, path: str) -> None:
        self.page.goto(self.stack.url(site) + path)

    def log_in(self, username: str) -> None:
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.locator("form:has(#id_password) [type=submit]").first.click()


def column(visit: Visit) -> None:
    visit.go("portal", "/")
    visit.page.locator("main a[href$='/yaowen/']").first.click()


def article(visit: Visit) -> None:
    column(visit)
    visit.page.locator("main a[href*='/yaowen/']:not([href*='?'])").filter(visible=True).last.click()


def receipt(visit: Visit) -> None:
    """Write a petition as a citizen does; the receipt is in the answer."""
    page = visit.page
    visit.go("portal", "/petitions/new/?kind=suggestion")
    page.check("[name=kind][value=suggestion]")
    page.fill("[name=title]", "建议在滨江步道增设夜间照明")
    page.fill("[name=body]", "滨江步道晚上九点以后没有路灯，散步的老人多，台阶看不清。建议增设照明。")
    page.fill("[name=place]", "滨江步道二期")
    page.check("[name=consent]")
    page.locator("form:has([name=body]) [type=submit]").click()


def petition(visit: Visit) -> None:
    """The answered demo petition, opened with its code."""
    visit.go("portal", "/petitions/follow/")
    visit.page.fill("[name=number]", visit.number)
    visit.page.fill("[name=code]", visit.code)
    visit.page.locator("form:has([name=code]) [type=submit]").click()


def reasons(visit: Visit) -> None:
    """The same, with every date explained."""
    petition(visit)
    for summary in visit.page.locator(".zq-why > summary").all():
        summary.click()


def as_(username: str, path: str = "/") -> Callable[[Visit], None]:
    """Somebody else logs in, who has other pages; what follows is theirs."""

    def walk(visit: Visit) -> None:
        visit.page.context.clear_cookies()
        visit.go("office", "/login/")
        visit.log_in(username)
        visit.page.wait_for_url(visit.stack.url("office") + "/")
        visit.go("office", path)

    return walk


def case(state: str, below: str = "") -> Callable[[Visit], None]:
    """The first case of the list in ``state``, or a page below it."""

    def walk(visit: Visit) -> None:
        visit.go("office", f"/cases/?view=all&state={state}")
        address = visit.page.locator("a[data-row]").first.get_attribute("href") or ""
        visit.go("office", address if not below else address.partition("?")[0] + below)

    return walk


def person(visit: Visit) -> None:
    """The second of one's own unit, as a page: for phones the only way."""
    visit.go("office", "/directory/")
    address = visit.page.locator("a[data-row]").nth(1).get_attribute("href")
    visit.go("office", address or "")


def staff(visit: Visit) -> None:
    visit.go("office", "/administration/people/?unit=xfj")
    address = visit.page.locator("a[data-row]").first.get_attribute("href")
    visit.go("office", address or "")


def at(site: str, path: str) -> Callable[[Visit], None]:
    """A page that is just an address."""
    return lambda visit: visit.go(site, path)


# In this order: what follows somebody's login is seen by them.
SHOTS: dict[str, Callable[[Visit], None]] = {
    "portal-home": at("portal", "/"),
    "portal-home-en": at("portal", "/en/"),
    "portal-column": column,
    "portal-article": article,
    "portal-petitions": at("portal", "/petitions/"),
    "portal-form": at("portal", "/petitions/new/"),
    "portal-form-en": at("portal", "/en/petitions/new/"),
    "portal-receipt": receipt,
    "portal-follow": at("portal", "/petitions/follow/"),
    "portal-petition": petition,
    "portal-petition-why": reasons,
    "portal-units": at("portal", "/units/"),
    "portal-unit": at("portal", "/units/gaj/"),
    "portal-login": at("portal", "/login/"),
    "portal-not-found": at("portal", "/no-such-page/"),
    "office-login": at("office", "/login/"),
    "office-desk": as_("dispatcher"),
    "office-inbox": at("office", "/inbox/"),
    "office-cases": at("office", "/cases/"),
    "office-new-case": at("office", "/cases/new/"),
    "office-case": case("in_progress"),
    "office-case-dispatch": case("accepted", "actions/dispatch/"),
    "office-case-check": case("checking", "check/"),
    "office-case-exclusions": case("in_progress", "exclusions/"),
    "office-case-print": case("answered", "print/"),
    "office-templates": at("office", "/cases/templates/"),
    "office-routing": at("office", "/routing/"),
    "office-desk-handler": as_("handler.sthjj"),
    "office-inbox-handler": at("office", "/inbox/"),
    "office-case-handler": case("in_progress"),
    "office-case-reply": case("in_progress", "actions/draft_reply/"),
    "office-desk-head": as_("head.sthjj"),
    "office-inbox-head": at("office", "/inbox/"),
    "office-cases-inspector": as_("inspector", "/cases/"),
    "office-directory": at("office", "/directory/"),
    "office-person": person,
    "office-unit": at("office", "/directory/units/xfj/"),
    "office-rules": at("office", "/rules/"),
    "office-policies": as_("sysadmin", "/policies/"),
    "office-policy": at("office", "/policies/petition_2022/1/"),
    "office-administration-units": at("office", "/administration/units/"),
    "office-administration-unit": at("office", "/administration/units/xfj/"),
    "office-administration-people": at("office", "/administration/people/"),
    "office-administration-person": staff,
    "office-administration-grants": at("office", "/administration/grants/"),
    "office-administration-imports": at("office", "/administration/imports/"),
}


def take(browser: Browser, stack: Stack, number: str, code: str) -> list[str]:
    """All shots in all widths; what was noticed on the way."""
    noticed: list[str] = []
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(10_000)
        for name, walk in SHOTS.items():
            heard: list[str] = []
            listener = lambda message, heard=heard: heard.append(message.text) if message.type == "error" else None  # noqa: E731
            page.on("console", listener)
            walk(Visit(stack, page, number, code))
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"{name}-{width}.png", full_page=True)
            page.remove_listener("console", listener)
            breadth = page.evaluate("document.documentElement.scrollWidth")
            print(f"  {name}-{width}.png", flush=True)
            if breadth > width:
                noticed.append(f"{name} at {width}: {breadth} px broad")
            # The missing page is missing on purpose, and the browser says so.
            noticed += [f"{name} at {width}: {text}" for text in heard if name != "portal-not-found"]
        context.close()
    return noticed


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="zhengqiao-screenshots-") as folder:
        try:
            with Stack(Path(folder), Ports.free(), password=PASSWORD, environ={}) as stack:
                stack.start()
                number, code = stack.preparation.demo_file.read_text().split()[:2]
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                    noticed = take(browser, stack, number, code)
                    browser.close()
        except StartError as error:
            sys.exit(str(error))
    print("\n".join(["", f"Pictures are in {TARGET}.", *noticed]))
    sys.exit(1 if noticed else 0)


if __name__ == "__main__":
    main()

"""What the stories have in common: people who log in, and an action taken by its page, as the keyboard would."""

import re
import time
from collections.abc import Callable, Sequence

from playwright.sync_api import Page, expect

from tests.e2e.conftest import check_accessibility

PASSWORD = "zhengqiao-demo"
NUMBER = re.compile(r"\d{8}-\d{6}-\d")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}\b")


class Office:
    """The office in the browsers of several people, each with a width of its own; every page that opens is checked."""

    def __init__(self, address: str, open_page: Callable[..., Page]) -> None:
        self.address, self.open_page = address, open_page
        self.pages: dict[str, Page] = {}

    def page(self, person: str, width: int = 1440) -> Page:
        """The browser of ``person``, logged in."""
        if person not in self.pages:
            page = self.open_page(width)
            page.goto(f"{self.address}/login/")
            page.locator("#id_login").fill(person)
            page.locator("#id_password").fill(PASSWORD)
            page.locator("form:has(#id_password) [type=submit]").click()
            page.wait_for_url(f"{self.address}/")
            self.pages[person] = page
        return self.pages[person]

    def go(self, person: str, path: str, width: int = 1440) -> Page:
        page = self.page(person, width)
        page.goto(f"{self.address}{path}")
        check_accessibility(page)
        return page

    def arrives(self, person: str, number: str) -> Page:
        """The case's page, once it has crossed the bridge."""
        until = time.monotonic() + 20
        page = self.page(person)
        while True:
            answer = page.goto(f"{self.address}/cases/{number}/")
            if answer is not None and answer.status == 200:
                check_accessibility(page)
                return page
            assert time.monotonic() < until, f"{number} has not arrived"
            page.wait_for_timeout(200)

    def act(self, person: str, number: str, action: str, *, button: str, **fields: str | list[str]) -> Page:
        """``person`` fills in the page of an action and presses its button; lands on the case, told that it is done."""
        page = self.go(person, f"/cases/{number}/actions/{action}/")
        for name, value in fields.items():
            _fill(page, name, value)
        page.locator("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("status").or_(page.locator(".zq-note--done")).first).to_be_visible()
        check_accessibility(page)
        return page

    def dispatch(self, person: str, number: str, lead: str, assisting: Sequence[str] = (), *, note: str = "") -> Page:
        """``person`` looks for the units and dispatches the case to them; lands on the case, told that it is done."""
        page = self.go(person, f"/cases/{number}/actions/dispatch/")
        for unit in [*assisting, lead]:
            page.locator("main [name=find]").fill(unit)
            page.get_by_role("button", name="查找", exact=True).click()
            if unit != lead:
                page.locator(f"main button[value='add:{unit}']").click()
        page.locator(f"main [name=lead_unit][value='{lead}']").check()
        page.locator("main [name=note]").fill(note)
        check_accessibility(page)
        page.get_by_role("button", name="转办并开始计时").click()
        expect(page.locator(".zq-note--done").first).to_be_visible()
        check_accessibility(page)
        return page

    def publish(self, person: str, number: str, text: str) -> Page:
        """``person`` confirms what is personal in title, question and answer, and publishes."""
        page = self.go(person, f"/cases/{number}/check/")
        page.locator("main [name=public_text]").fill(text)
        page.get_by_role("button", name="保存", exact=True).click()
        confirm = page.locator("main button[value=accept_all]")
        if confirm.count():
            confirm.click()
        check_accessibility(page)
        page.get_by_role("button", name="答复并公开", exact=True).click()
        expect(page.locator(".zq-note--done").first).to_be_visible()
        return page


def _fill(page: Page, name: str, value: str | list[str]) -> None:
    field = page.locator(f"main [name={name}]:not([type=hidden])")
    kind = field.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        page.locator(f"main [name={name}][value='{value}']").check()
    elif field.first.evaluate("element => element.tagName") == "SELECT":
        field.first.select_option(value)
    else:
        field.first.fill(value)


def write_petition(
    page: Page, portal: str, *, kind: str = "complaint", title: str, body: str, public: bool = True
) -> tuple[str, str]:
    """A citizen writes; returns number and receipt code."""
    page.goto(f"{portal}/petitions/new/?kind={kind}")
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill(body)
    page.locator("[name=name]").fill("莫大爷")
    page.locator("[name=phone]").fill("13600000001")
    if public:
        page.locator("[name=allow_publication]").first.check()
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="提交").click()
    _answer_sum(page)
    text = page.locator("main").inner_text()
    number, code = NUMBER.search(text), CODE.search(text)
    assert number, text
    assert code, text
    return number[0], code[0]


def _answer_sum(page: Page) -> None:
    """Who writes letter after letter within seconds is taken for a robot, and answers the small sum that people can answer."""
    asked = page.locator("label[for=id_answer]")
    if asked.count():
        page.locator("#id_answer").fill(str(sum(int(number) for number in re.findall(r"\d+", asked.inner_text()))))
        page.get_by_role("button", name="提交").click()


def follow(page: Page, portal: str, number: str, code: str, words: str) -> None:
    """The citizen opens the petition with its code until ``words`` stand there."""
    until = time.monotonic() + 20
    while True:
        page.goto(f"{portal}/petitions/follow/")
        page.locator("[name=number]").fill(number)
        page.locator("[name=code]").fill(code)
        page.get_by_role("button", name="查看").click()
        if page.get_by_text(words).count() or time.monotonic() > until:
            break
        page.wait_for_timeout(300)
    expect(page.locator("main")).to_contain_text(words)
    check_accessibility(page)

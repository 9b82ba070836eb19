"""Cases as people live through them, over both running sites: by whom, on which page, and what the citizen sees of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import check_accessibility
from tests.e2e.walks import Office, follow, write_petition

LEAD, ASSISTING = "cgj", "sthjj"
REPLY = "经核查，工地夜间施工属实，已责令停工整改，夜间不再施工。对本答复不满意的，可在收到之日起三十日内申请复查。"


@pytest.fixture
def portal(stack):
    return stack.url("portal")


@pytest.fixture
def office(stack, open_page):
    return Office(stack.url("office"), open_page)


def arrived(office, open_page, portal, title, **petition):
    """A petition that the dispatcher has before them; its number and code."""
    body = "江滨路工地连续一个星期夜里不停工，整栋楼都在抖，请你们晚上来现场听一听。"
    number, code = write_petition(open_page(), portal, title=title, body=body, **petition)
    office.arrives("dispatcher", number)
    return number, code


def to_handler(office, number, assisting=()):
    """Accepted, dispatched and signed for."""
    office.act("dispatcher", number, "accept", button="受理")
    office.dispatch("dispatcher", number, LEAD, assisting, note="请夜间到现场核查。")
    office.act(f"handler.{LEAD}", number, "sign", button="签收")


@pytest.mark.parametrize("width", [1440, 360])
def test_a_complaint_is_handled_by_two_units_answered_and_published(office, open_page, portal, width):
    title = f"江滨路工地半夜还在打桩，{width} 像素"
    # Given a complaint whose answer may be published
    number, code = arrived(office, open_page, portal, title)

    # When the dispatcher finds it among what is to be done, and gives it to a lead and an assisting unit
    inbox = office.go("dispatcher", "/inbox/")
    expect(inbox.locator("main")).to_contain_text(title)
    to_handler(office, number, assisting=[ASSISTING])
    # And each unit does its part
    handler = office.page(f"handler.{ASSISTING}", width)
    office.go(f"handler.{ASSISTING}", "/inbox/")
    expect(handler.locator("main")).to_contain_text(title)
    office.act(f"handler.{ASSISTING}", number, "sign", button="签收")
    office.act(f"handler.{ASSISTING}", number, "give_opinion", button="交协办意见", text="夜间噪声超过限值，建议依法处理。")
    page = office.go(f"handler.{LEAD}", f"/cases/{number}/")
    expect(page.locator("main")).to_contain_text("夜间噪声超过限值")
    office.act(f"handler.{LEAD}", number, "draft_reply", button="送负责人审核", text=REPLY)
    # And the head and the dispatcher have read it
    office.act(f"head.{LEAD}", number, "approve", button="同意，送信访部门核查", opinion="同意。")
    office.publish("dispatcher", number, REPLY)

    # Then the citizen reads it with the code, and everybody on the portal
    citizen = open_page(width)
    follow(citizen, portal, number, code, REPLY)
    expect(citizen.locator("main")).to_contain_text("已答复")
    published = open_page(width)
    published.goto(f"{portal}/petitions/replies/")
    check_accessibility(published)
    published.get_by_role("link", name=re.compile(title)).click()
    expect(published.locator("main")).to_contain_text(REPLY)
    expect(published.locator("main")).not_to_contain_text(number)
    check_accessibility(published)


def test_a_unit_that_is_not_competent_gives_it_back_and_another_answers(office, open_page, portal):
    number, code = arrived(office, open_page, portal, "退单的件：工地夜间施工")
    office.act("dispatcher", number, "accept", button="受理")
    office.dispatch("dispatcher", number, ASSISTING)

    office.act(f"handler.{ASSISTING}", number, "return", button="申请退单", reason="夜间施工由城管执法，不属我局职责。")
    office.act("dispatcher", number, "agree_return", button="同意退单")
    page = office.page(f"handler.{ASSISTING}")
    answer = page.goto(f"{office.address}/cases/{number}/")

    assert answer.status == 404
    office.dispatch("dispatcher", number, LEAD)
    office.act(f"handler.{LEAD}", number, "sign", button="签收")
    office.act(f"handler.{LEAD}", number, "draft_reply", button="送负责人审核", text=REPLY)
    office.act(f"head.{LEAD}", number, "approve", button="同意，送信访部门核查", opinion="同意。")
    office.act("dispatcher", number, "answer_privately", button="答复，不公开")
    follow(open_page(), portal, number, code, REPLY)


def test_a_petition_that_is_refused_says_why_to_who_wrote_it(office, open_page, portal):
    number, code = arrived(office, open_page, portal, "不予受理的件：邻居欠钱")
    words = "您反映的是民间借贷纠纷，应当向人民法院起诉。"

    office.act("dispatcher", number, "refuse", button="不予受理", reason="legal_channel", text=words)

    citizen = open_page()
    follow(citizen, portal, number, code, words)
    expect(citizen.locator("main")).to_contain_text("不予受理")


def test_an_answer_that_does_not_help_is_followed_by_another(office, open_page, portal):
    number, code = arrived(office, open_page, portal, "重办的件：工地又开工")
    to_handler(office, number)
    for reply in (REPLY, "经再次核查，已吊销该工地夜间施工证明，并派人值守。"):
        office.act(f"handler.{LEAD}", number, "draft_reply", button="送负责人审核", text=reply)
        office.act(f"head.{LEAD}", number, "approve", button="同意，送信访部门核查", opinion="同意。")
        office.act("dispatcher", number, "answer_privately", button="答复，不公开")
        follow(open_page(), portal, number, code, reply)
        if reply == REPLY:
            office.act("dispatcher", number, "rehandle", button="重新办理", reason="来件人反映又开工了。")


def test_a_question_to_the_petitioner_comes_back_answered(office, open_page, portal):
    number, code = arrived(office, open_page, portal, "询问的件：工地在哪里")
    to_handler(office, number)
    question = "请问是几号楼对面的工地？"
    office.act(f"handler.{LEAD}", number, "ask_petitioner", button="询问来件人", text=question)
    citizen = open_page(360)
    follow(citizen, portal, number, code, question)

    citizen.locator("main form:has([name=in_reply_to])").get_by_role("button").first.click()
    citizen.locator("main [name=text]").fill("是三号楼对面，靠江边的那个。")
    check_accessibility(citizen)
    citizen.locator("main form:has([name=text])").get_by_role("button", name="提交").click()
    check_accessibility(citizen)

    handler = office.page(f"handler.{LEAD}")
    for _ in range(60):
        handler.goto(f"{office.address}/cases/{number}/")
        if handler.get_by_text("靠江边的那个").count():
            break
        handler.wait_for_timeout(300)
    expect(handler.locator("main")).to_contain_text("靠江边的那个")

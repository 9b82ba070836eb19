"""After the answer, over both running sites: rated low, handled again, rated by the link; and what everybody may read of it."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import check_accessibility
from tests.e2e.walks import Office, follow, write_petition

LEAD = "cgj"
REPLY = "经核查，工地夜间施工属实，已责令停工整改，夜间不再施工。"


def answered(office, number):
    """From the handler's desk to the petitioner."""
    office.act(f"handler.{LEAD}", number, "draft_reply", button="送负责人审核", text=REPLY)
    office.act(f"head.{LEAD}", number, "approve", button="同意，送信访部门核查", opinion="同意。")
    office.act("dispatcher", number, "answer_privately", button="答复，不公开")


def test_a_low_rating_leads_to_another_handling_and_a_second_rating(stack, open_page):
    portal, office = stack.url("portal"), Office(stack.url("office"), open_page)
    # Given a petition that has been answered
    number, code = write_petition(open_page(), portal, title="路灯修了又坏", body="江滨路的路灯修了又坏，晚上什么也看不见。")
    office.arrives("dispatcher", number)
    office.act("dispatcher", number, "accept", button="受理")
    office.dispatch("dispatcher", number, LEAD, (), note="请核查。")
    office.act(f"handler.{LEAD}", number, "sign", button="签收")
    answered(office, number)

    # When the citizen, on a phone, is not satisfied and says why
    page = open_page(360)
    follow(page, portal, number, code, "这次答复您满意吗")
    page.get_by_role("button", name="很不满意").press("Enter")
    page.get_by_role("button", name="发送评价").press("Enter")
    expect(page.get_by_role("heading", name="您不满意，能说说是哪里不好吗？")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("哪里让您不满意").fill("灯还是不亮。")
    page.get_by_role("button", name="发送评价").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("评价已经发送")
    check_accessibility(page)

    # Then the dispatcher has it handled again
    case = office.page("dispatcher")
    for _time in range(50):
        office.go("dispatcher", f"/cases/{number}/")
        if case.get_by_text("来信人对答复不满意").count():
            break
        case.wait_for_timeout(200)
    expect(case.locator("main")).to_contain_text("灯还是不亮。")
    office.act("dispatcher", number, "rehandle", button="重新办理", reason="来信人反映灯仍不亮，请到现场核实。")
    answered(office, number)

    # And the new answer is rated anew
    follow(page, portal, number, code, "这次答复您满意吗")
    page.get_by_role("button", name=re.compile("^满意$")).press("Enter")
    page.get_by_role("button", name="发送评价").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("评价已经发送")
    page.goto(f"{portal}/petitions/statistics/")
    check_accessibility(page)

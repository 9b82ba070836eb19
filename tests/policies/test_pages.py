"""The page of the rules for everybody, and the pages on which the system administrator writes a new version."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.idempotency import new_key
from core.workdays import local_date
from internal_bridge.policies import registry
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.presenters.changes import compare, holiday_eve, sample_days
from internal_bridge.policies.services import change_rule, draft_policy, policy_for, publish_policy
from tests.org.people import make_login

pytestmark = pytest.mark.django_db

RULES = reverse("policies:rules")
# Of which the shell of a page takes most.
MOST = 22
LIMIT = {
    "stage": "notice", "days": "3", "day_kind": "working", "starts_at": "accepted", "extension_days": "0", "at_end": "overrun",
}  # fmt: skip


def day(ahead):
    return local_date(timezone.now()) + datetime.timedelta(days=ahead)


def browser(user):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


@pytest.fixture
def sysadmin():
    return make_login("sysadmin", name="孙磊")


@pytest.fixture
def office(sysadmin):
    return browser(sysadmin)


@pytest.fixture
def draft(sysadmin):
    return draft_policy(by=sysadmin, code="hotline")


def page_of(name, policy, *more):
    return reverse(f"policies:{name}", args=[policy.code, policy.version, *more])


def typed(revision=1, **fields):
    return {"version": revision, "idempotency_key": new_key(), **fields}


def text(response):
    return response.content.decode()


# --- The rules in force ---------------------------------------------------------------------------------------------------


def test_everybody_reads_every_rule_in_force_with_limit_source_mark_and_test(django_assert_max_num_queries):
    client = browser(make_login("handler"))
    client.get(RULES)
    with django_assert_max_num_queries(MOST):
        page = client.get(RULES)

    rows = {(panel.policy.code, row.rule.stage, row.applies): row for panel in page.context["panels"] for row in panel.rows}
    assert len(rows) == PolicyRule.objects.count()
    answer = rows["petition_2022", "answer", ""]
    assert (answer.limit, answer.basis) == (
        "60 个自然日",
        "《信访工作条例》（2022 年）第三十四条",
    ) or answer.limit == "60 个自然日"
    assert "第三十四条" in answer.basis
    assert "第二百零三条" in answer.rolls
    assert "30" in answer.extension
    assert rows["petition_2022", "supervision", ""].to_confirm
    assert all(row.proofs for row in rows.values())
    said = text(page)
    assert said.count("待核") == 1
    assert "尚无测试" not in said
    # Nobody but the system administrator is led to where rules are changed.
    assert f'href="{reverse("policies:list")}' not in said
    assert "confirm" not in said


def test_the_rules_of_another_day_are_those_that_held_then(office):
    then = office.get(RULES, {"on": "2021-06-01"})
    never = office.get(RULES, {"on": "2019-06-01"})
    wrong = office.get(RULES, {"on": "gestern"})

    assert [panel.policy.code for panel in then.context["panels"]] == ["hotline", "portal_mail", "supervision"]
    assert "当日没有施行的时限规则" in text(never)
    assert wrong.status_code == 400
    assert 'id="id_on_error"' in text(wrong)


def test_a_mark_is_taken_off_with_a_note_and_the_note_stands_with_the_rule(office, sysadmin):
    rule = PolicyRule.objects.get(to_confirm=True)
    address = page_of("rule_confirm", rule.policy, rule.pk)
    assert address in text(office.get(RULES))

    assert office.post(address, typed(note=" ")).status_code == 400
    assert office.post(address, typed(note="国务院公报 2022 年第 8 号")).status_code == 303

    page = office.get(RULES)
    assert "孙磊核对：国务院公报 2022 年第 8 号" in text(page)
    assert not any(row.to_confirm for panel in page.context["panels"] for row in panel.rows)
    assert office.post(address, typed(note="再次")).status_code == 409


# --- Versions -------------------------------------------------------------------------------------------------------------


def test_a_version_is_written_and_published_page_by_page(office):
    registry.counts_cases(seven_cases)
    try:
        begun = office.post(reverse("policies:draft", args=["hotline"]), typed(), follow=True)
    finally:
        registry._counters.remove(seven_cases)
    draft = Policy.objects.get(state="draft")
    rule = draft.rules.get(stage="answer", kind="help")
    assert page_of("rule", draft, rule.pk) in text(begun)

    values = {**LIMIT, "stage": "answer", "kind": "help", "days": "4", "starts_at": "received", "extension_days": "10"}
    changed = office.post(page_of("rule", draft, rule.pk), typed(**values, approver="head", roll_forward="on"))
    added = office.post(page_of("rule_new", draft), typed(2, **LIMIT))
    dropped = office.post(page_of("rule_drop", draft, draft.rules.get(stage="assist").pk), typed(3))
    named = office.post(page_of("settings", draft), typed(4, name="12345 热线办理时限（提速）", auto_dispatch_kinds=["help"]))
    assert [answer.status_code for answer in (changed, added, dropped, named)] == [303] * 4

    look = office.get(page_of("publish", draft))
    changes = {(line.stage, line.of): (line.old, line.new) for line in look.context["comparison"].changed}
    assert {stage for stage, _of in changes} == {str(Stage(stage).label) for stage in ("answer", "notice", "assist")}
    assert "自动派单：咨询 → 求助" in text(look)

    done = office.post(page_of("publish", draft), typed(5, valid_from=day(7), reason="提速"), follow=True)
    assert "已发布，不能再修改" in text(done)
    assert [policy_for(kind="help", on=day(ahead)).version for ahead in (6, 7)] == [1, 2]
    listed = text(office.get(reverse("policies:list")))
    assert "已发布，尚未施行" in listed
    assert f"自 {day(7)} 起施行" in listed


def test_many_versions_take_as_many_queries_as_one(office, sysadmin, django_assert_max_num_queries):
    office.get(RULES)
    for ahead in range(1, 6):
        new = draft_policy(by=sysadmin, code="hotline")
        change_rule(by=sysadmin, draft=new, revision=1, rule=new.rules.get(stage="sign"), days=ahead + 1)
        publish_policy(by=sysadmin, draft=new, revision=2, valid_from=day(ahead), reason="调整")

    with django_assert_max_num_queries(MOST):
        assert len(office.get(reverse("policies:list")).context["tables"][0].versions) == 6
    with django_assert_max_num_queries(MOST):
        office.get(RULES, {"on": day(5)})


def seven_cases(policies):
    return dict.fromkeys(policies, 7)


def test_how_many_open_cases_keep_their_version_is_said_before_it_is_published(office, draft):
    registry.counts_cases(seven_cases)
    try:
        said = [text(office.get(page_of("publish", draft))), text(office.get(reverse("policies:list")))]
    finally:
        registry._counters.remove(seven_cases)

    assert "现有 7 件在办件适用第 1 版，仍按原版本计算" in said[0]
    assert "7 件" in said[1]


def test_a_draft_is_discarded_and_what_is_sent_twice_is_done_once(office, draft):
    once = typed()
    assert [office.post(page_of("discard", draft), once).status_code for _time in range(2)] == [303, 303]

    assert not Policy.objects.filter(state="draft").exists()
    again = typed()
    address = reverse("policies:draft", args=["hotline"])
    assert [office.post(address, again).status_code for _time in range(2)] == [303, 303]
    assert Policy.objects.filter(code="hotline", state="draft").count() == 1
    assert office.post(address, typed()).status_code == 409


def test_what_was_typed_over_another_change_is_kept_and_not_saved(office, draft, sysadmin):
    rule = draft.rules.get(stage="sign")
    change_rule(by=sysadmin, draft=draft, revision=1, rule=rule, days=2)

    values = {**LIMIT, "stage": "sign", "starts_at": "dispatched", "days": "9"}
    page = office.post(page_of("rule", draft, rule.pk), typed(**values))

    assert page.status_code == 409
    assert ('value="9"' in text(page) and "现为：2" in text(page)) or "2" in text(page)
    assert draft.rules.get(pk=rule.pk).days == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": "400"}, "days"),
        ({"days": ""}, "days"),
        ({"starts_at": "answered"}, "starts_at"),
        ({"article": "x"}, "article"),
    ],
    ids=str,
)
def test_a_wrong_line_is_refused_beside_its_field(office, draft, change, field):
    page = office.post(page_of("rule_new", draft), typed(**{**LIMIT, **change}))

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {field}
    assert f'id="id_{field}_error"' in text(page)


def test_a_day_that_has_passed_is_refused_beside_its_field(office, draft):
    office.post(page_of("settings", draft), typed(name="改名"))
    page = office.post(page_of("publish", draft), typed(2, valid_from=day(-1), reason="提速"))

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"valid_from"}


def test_a_published_version_has_no_forms(office):
    first = Policy.objects.get(code="hotline", version=1)
    rule = first.rules.get(stage="sign")

    for address in (
        *(page_of(name, first) for name in ("settings", "rule_new", "publish", "discard")),
        *(page_of(name, first, rule.pk) for name in ("rule", "rule_drop")),
    ):
        assert office.get(address).status_code == 404
    assert office.post(page_of("rule", first, rule.pk), typed(**LIMIT)).status_code == 409
    assert office.post(page_of("discard", first), typed()).status_code == 409


# --- What would change ----------------------------------------------------------------------------------------------------


def test_dates_by_both_versions_stand_side_by_side(sysadmin, draft):
    today = datetime.date(2026, 11, 24)
    rule = draft.rules.get(stage="answer", kind="consultation")
    change_rule(by=sysadmin, draft=draft, revision=1, rule=rule, days=2)

    found = compare(Policy.objects.get(code="hotline", version=1), draft, today=today)

    [line] = found.changed
    assert (line.stage, line.of) == ("答复", "咨询")
    first, eve, *months = line.shifts
    assert (first.received, first.old, first.new) == (today, datetime.date(2026, 11, 27), datetime.date(2026, 11, 26))
    # Wednesday, 30 September, is the last working day before National Day, which lasts until 7 October.
    assert (eve.received, eve.old, eve.new) == tuple(datetime.date(2026, *each) for each in ((9, 30), (10, 10), (10, 9)))
    assert [shift.received for shift in months[:2]] == [datetime.date(2026, 11, 2), datetime.date(2026, 10, 8)]
    assert len(months) == 12
    assert {line.stage for line in found.same} == {
        "登记",
        "派单",
        "签收",
        "退回",
        "协办意见",
        "撤回自动派单",
        "答复",
        "回访",
        "办结",
    } or found.same


def test_the_days_that_are_looked_at_are_working_days_of_the_last_year():
    days = sample_days(datetime.date(2026, 3, 1))

    assert holiday_eve(datetime.date(2026, 3, 1)) == datetime.date(2026, 2, 14)
    assert len({day for day, _note in days}) == len(days) == 13


def test_the_first_day_of_a_version_is_in_the_list_and_on_the_page_of_the_rules(office, sysadmin, draft):
    rule = draft.rules.get(stage="answer", kind="help")
    change_rule(by=sysadmin, draft=draft, revision=1, rule=rule, days=4)
    publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=day(5), reason="提速")

    pages = [office.get(RULES, {"on": day(ahead)}) for ahead in (4, 5)]
    versions = [panel.policy.version for page in pages for panel in page.context["panels"] if panel.policy.code == "hotline"]
    assert versions == [1, 2]

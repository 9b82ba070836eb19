"""Versions of policies: drafted, changed line by line, published or discarded; what is published stands."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditRecord
from core.workdays import local_date
from internal_bridge.policies.errors import PolicyConflict, StaleVersion
from internal_bridge.policies.models import Policy, PolicyFigure, PolicyRule, RuleConfirmation
from internal_bridge.policies.services import (
    add_rule,
    change_policy,
    change_rule,
    confirm_rule,
    discard_draft,
    draft_policy,
    drop_rule,
    policy_for,
    publish_policy,
    rules_of,
    still_to_confirm,
)
from internal_bridge.policies.services.versions import contents_of
from tests.org.people import make_login

pytestmark = pytest.mark.django_db

NOTICE = {"stage": "notice", "days": 3, "day_kind": "working", "starts_at": "accepted"}


def day(ahead):
    return local_date(timezone.now()) + datetime.timedelta(days=ahead)


@pytest.fixture
def sysadmin():
    return make_login("sysadmin")


@pytest.fixture
def draft(sysadmin):
    return draft_policy(by=sysadmin, code="hotline")


def the_rule(policy, stage, **which):
    return policy.rules.get(stage=stage, **which)


def fresh(policy):
    return Policy.objects.get(pk=policy.pk)


def faster(sysadmin, draft, days=2):
    """The draft with another limit for help."""
    change_rule(by=sysadmin, draft=draft, revision=draft.revision, rule=the_rule(draft, "answer", kind="help"), days=days)
    return fresh(draft)


def test_a_draft_says_what_the_version_in_force_says_and_holds_on_no_day(draft):
    first = Policy.objects.get(code="hotline", version=1)

    assert (draft.version, draft.state, draft.valid_from) == (2, "draft", None)
    assert contents_of(draft) == contents_of(first)
    assert policy_for(kind="help", on=day(1000)) == first


def test_what_was_confirmed_is_not_to_be_confirmed_again_in_the_next_version(sysadmin):
    rule = PolicyRule.objects.get(policy__code="petition_2022", stage="supervision")
    assert draft_policy(by=sysadmin, code="petition_2022").rules.get(stage="supervision").to_confirm
    discard_draft(by=sysadmin, draft=Policy.objects.get(state="draft"), revision=1)

    confirm_rule(by=sysadmin, rule=rule, note="国务院公报 2022 年第 8 号")

    assert not draft_policy(by=sysadmin, code="petition_2022").rules.get(stage="supervision").to_confirm


@pytest.mark.db
def test_publishing_ends_the_version_before_on_the_day_before_without_gap_or_overlap(sysadmin, draft):
    first = policy_for(kind="help", on=day(0))
    second = publish_policy(by=sysadmin, draft=faster(sysadmin, draft), revision=2, valid_from=day(10), reason="提速")

    holds = [policy_for(kind="help", on=day(ahead)) for ahead in range(-1, 30)]
    assert [each.version for each in holds] == [1] * 11 + [2] * 20
    assert fresh(first).valid_to == day(9)
    assert rules_of(first, kind="help")["answer"].days == 5
    assert rules_of(second, kind="help")["answer"].days == 2
    record = AuditRecord.objects.get(action="policy.published")
    assert (record.subject, record.actor) == ("policy:hotline:2", sysadmin)
    assert record.params == {"version": 2, "valid_from": day(10).isoformat(), "reason": "提速"}


@pytest.mark.parametrize("ahead", [-1, 3 * 366 + 1])
def test_a_version_begins_today_at_the_earliest(sysadmin, draft, ahead):
    with pytest.raises(ValidationError, match="valid_from"):
        publish_policy(by=sysadmin, draft=faster(sysadmin, draft), revision=2, valid_from=day(ahead), reason="提速")

    publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=day(0), reason="提速")
    assert policy_for(kind="help", on=day(0)).version == 2


def test_two_versions_never_begin_on_one_day_and_come_in_order(sysadmin, draft):
    publish_policy(by=sysadmin, draft=faster(sysadmin, draft), revision=2, valid_from=day(10), reason="提速")
    third = draft_policy(by=sysadmin, code="hotline")
    faster(sysadmin, third, days=1)

    for ahead in (5, 10):
        with pytest.raises(ValidationError, match="valid_from"):
            publish_policy(by=sysadmin, draft=third, revision=2, valid_from=day(ahead), reason="再提速")
    publish_policy(by=sysadmin, draft=third, revision=2, valid_from=day(11), reason="再提速")

    assert [policy_for(kind="help", on=day(ahead)).version for ahead in (9, 10, 11)] == [1, 2, 3]


def test_there_is_one_draft_of_a_policy(sysadmin, draft):
    with pytest.raises(PolicyConflict):
        draft_policy(by=sysadmin, code="hotline")

    discard_draft(by=sysadmin, draft=draft, revision=1)

    assert not Policy.objects.filter(state="draft").exists()
    assert draft_policy(by=sysadmin, code="hotline").version == 2


def test_every_kind_keeps_a_limit_for_its_answer(sysadmin, draft):
    drop_rule(by=sysadmin, draft=draft, revision=1, rule=the_rule(draft, "answer", complexity="investigation"))

    with pytest.raises(PolicyConflict, match="投诉") as refused:
        publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=day(1), reason="简化")
    assert refused.value.code == "no_answer"

    # One limit for every kind is enough.
    add_rule(by=sysadmin, draft=draft, revision=2, stage="answer", days=13, day_kind="working", starts_at="received")
    publish_policy(by=sysadmin, draft=draft, revision=3, valid_from=day(1), reason="简化")


def test_a_version_that_says_nothing_new_or_gives_no_reason_is_not_published(sysadmin, draft):
    with pytest.raises(PolicyConflict) as refused:
        publish_policy(by=sysadmin, draft=draft, revision=1, valid_from=day(1), reason="提速")
    assert refused.value.code == "nothing_changed"
    with pytest.raises(ValidationError, match="reason"):
        publish_policy(by=sysadmin, draft=faster(sysadmin, draft), revision=2, valid_from=day(1), reason=" ")


def test_lines_are_added_changed_and_dropped_and_every_change_is_in_the_audit_log(sysadmin, draft):
    added = add_rule(by=sysadmin, draft=draft, revision=1, **NOTICE)
    change_rule(by=sysadmin, draft=draft, revision=2, rule=added, days=4, kind="help")
    change_rule(by=sysadmin, draft=draft, revision=3, rule=added, days=4)
    drop_rule(by=sysadmin, draft=draft, revision=3, rule=added)
    change_policy(by=sysadmin, draft=draft, revision=4, name="热线时限", auto_dispatch_kinds=["help"])

    assert (fresh(draft).name, fresh(draft).auto_dispatch_kinds, fresh(draft).revision) == ("热线时限", ["help"], 5)
    said = AuditRecord.objects.filter(subject="policy:hotline:2").order_by("pk").values_list("action", flat=True)
    assert list(said) == [
        *("policy.drafted", "policy.rule_added", "policy.rule_changed", "policy.rule_dropped", "policy.changed"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 367}, "days"),
        ({"days": -1}, "days"),
        ({"starts_at": "answered"}, "starts_at"),
        ({"kind": "report"}, "kind"),
        ({"at_end": "close"}, "at_end"),
        ({"article": "三十四"}, "article"),
        ({"extension_days": 5, "approver": "head"}, "extension_days"),
        ({"stage": "answer", "starts_at": "received", "extension_days": 5}, "approver"),
        ({"stage": "answer", "starts_at": "received", "extension_days": 5, "approver": "dispatcher"}, "approver"),
        ({"stage": "answer", "starts_at": "received", "approver": "head"}, "approver"),
        ({"stage": "sign", "starts_at": "dispatched"}, "stage"),
        ({"stage": "lunch"}, "starts_at"),
        ({"day_kind": "lunar"}, "day_kind"),
    ],
    ids=str,
)
def test_a_line_that_could_not_hold_is_refused_beside_its_field(sysadmin, draft, change, field):
    with pytest.raises(ValidationError) as refused:
        add_rule(by=sysadmin, draft=draft, revision=1, **{**NOTICE, **change})

    assert field in refused.value.error_dict
    assert fresh(draft).revision == 1


@pytest.mark.parametrize("kinds", [["complaint"], ["report"], ["praise"]])
def test_no_policy_sends_complaints_and_reports_on_by_themselves(sysadmin, draft, kinds):
    with pytest.raises(ValidationError, match="auto_dispatch_kinds"):
        change_policy(by=sysadmin, draft=draft, revision=1, name="热线", auto_dispatch_kinds=kinds)


def test_who_looked_at_an_earlier_revision_changes_nothing(sysadmin, draft):
    rule = the_rule(draft, "sign")
    faster(sysadmin, draft)

    for attempt in (
        lambda: change_rule(by=sysadmin, draft=draft, revision=1, rule=rule, days=2),
        lambda: add_rule(by=sysadmin, draft=draft, revision=1, **NOTICE),
        lambda: drop_rule(by=sysadmin, draft=draft, revision=1, rule=rule),
        lambda: change_policy(by=sysadmin, draft=draft, revision=1, name="热线"),
        lambda: publish_policy(by=sysadmin, draft=draft, revision=1, valid_from=day(1), reason="提速"),
        lambda: discard_draft(by=sysadmin, draft=draft, revision=1),
    ):
        with pytest.raises(StaleVersion):
            attempt()


def test_only_the_system_administrator_writes_limits(sysadmin, draft):
    rule = the_rule(draft, "sign")
    for role in ("dispatcher", "head", "secadmin", "auditor", "leader"):
        other = make_login(role)
        for attempt in (
            lambda by: draft_policy(by=by, code="petition_2022"),
            lambda by: change_rule(by=by, draft=draft, revision=1, rule=rule, days=2),
            lambda by: add_rule(by=by, draft=draft, revision=1, **NOTICE),
            lambda by: drop_rule(by=by, draft=draft, revision=1, rule=rule),
            lambda by: change_policy(by=by, draft=draft, revision=1, name="热线"),
            lambda by: publish_policy(by=by, draft=draft, revision=1, valid_from=day(1), reason="提速"),
            lambda by: discard_draft(by=by, draft=draft, revision=1),
            lambda by: confirm_rule(by=by, rule=rule, note="公报"),
        ):
            with pytest.raises(PermissionDenied):
                attempt(other)


def test_the_figures_of_supervision_change_with_a_version(sysadmin):
    draft = draft_policy(by=sysadmin, code="supervision")
    change_policy(by=sysadmin, draft=draft, revision=1, name=draft.name, figures={"return_abuse": 4})
    with pytest.raises(ValidationError, match="satisfied_from"):
        change_policy(by=sysadmin, draft=draft, revision=2, name=draft.name, figures={"satisfied_from": 0})

    publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=day(1), reason="从宽")

    found = {(each.policy.version, each.code): each.value for each in PolicyFigure.objects.select_related("policy")}
    assert found == {(1, "return_abuse"): 3, (1, "satisfied_from"): 4, (2, "return_abuse"): 4, (2, "satisfied_from"): 4}


# --- What is published stands ---------------------------------------------------------------------------------------------


def test_a_rule_in_force_is_confirmed_once_by_a_row_of_its_own(sysadmin):
    rule = PolicyRule.objects.get(policy__code="petition_2022", stage="supervision")
    assert still_to_confirm(rule)
    with pytest.raises(ValidationError, match="note"):
        confirm_rule(by=sysadmin, rule=rule, note=" ")

    confirm_rule(by=sysadmin, rule=rule, note="国务院公报 2022 年第 8 号")

    assert not still_to_confirm(PolicyRule.objects.get(pk=rule.pk))
    assert PolicyRule.objects.get(pk=rule.pk).to_confirm
    for another, code in ((rule, "confirmed"), (PolicyRule.objects.filter(policy__code="hotline")[0], "nothing_to_confirm")):
        with pytest.raises(PolicyConflict) as refused:
            confirm_rule(by=sysadmin, rule=another, note="再次核对")
        assert refused.value.code == code
    assert AuditRecord.objects.get(action="policy.rule_confirmed").params["note"] == "国务院公报 2022 年第 8 号"


@pytest.mark.db
@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda: Policy.objects.filter(version=1).update(name="改名"), id="name"),
        pytest.param(lambda: Policy.objects.filter(code="hotline").update(valid_from=day(0)), id="first day"),
        pytest.param(lambda: Policy.objects.filter(code="hotline").update(auto_dispatch_kinds=["help"]), id="automatic"),
        pytest.param(lambda: Policy.objects.filter(code="hotline").update(state="draft", valid_from=None), id="back to draft"),
        pytest.param(lambda: PolicyRule.objects.filter(stage="sign").update(days=9), id="rule"),
        pytest.param(lambda: PolicyRule.objects.filter(stage="sign").delete(), id="rule deleted"),
        pytest.param(lambda: PolicyRule.objects.filter(stage="supervision").update(to_confirm=False), id="mark"),
        pytest.param(lambda: PolicyFigure.objects.update(value=9), id="figure"),
        pytest.param(lambda: PolicyFigure.objects.all().delete(), id="figure deleted"),
        pytest.param(
            lambda: connection.cursor().execute("DELETE FROM policies_policy WHERE code = 'supervision'"), id="policy deleted"
        ),
    ],
)
def test_the_database_refuses_to_change_what_is_published(attempt):
    with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
        attempt()


@pytest.mark.db
def test_the_last_day_is_set_once(sysadmin, draft):
    publish_policy(by=sysadmin, draft=faster(sysadmin, draft), revision=2, valid_from=day(10), reason="提速")

    with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
        Policy.objects.filter(code="hotline", version=1).update(valid_to=day(20))
    with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
        Policy.objects.filter(code="hotline", version=1).update(valid_to=None)


@pytest.mark.db
def test_a_confirmation_stands(sysadmin):
    confirm_rule(by=sysadmin, rule=PolicyRule.objects.get(to_confirm=True), note="公报")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RuleConfirmation.objects.update(note="别处")


@pytest.mark.db
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": "published", "valid_from": None}, id="published without a day"),
        pytest.param({"state": "draft", "valid_from": datetime.date(2030, 1, 1)}, id="draft with a day"),
        pytest.param({"state": "published", "valid_from": datetime.date(2030, 1, 1)}, id="two without end"),
        pytest.param(
            {"state": "published", "valid_from": datetime.date(2020, 1, 1), "valid_to": datetime.date(2020, 1, 2)},
            id="two begin on a day",
        ),
        pytest.param(
            {"state": "published", "valid_from": datetime.date(2019, 1, 1), "valid_to": datetime.date(2018, 1, 2)},
            id="ends before it begins",
        ),
    ],
)
def test_the_database_refuses_versions_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(code="hotline", version=7, name="n", instrument="hotline", **fields)


@pytest.mark.db
def test_the_database_refuses_a_second_draft(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(code="hotline", version=7, name="n", instrument="hotline", state="draft")


def test_the_day_is_that_of_beijing(sysadmin, draft):
    faster(sysadmin, draft)
    with time_machine.travel(datetime.datetime(2027, 3, 1, 16, 30, tzinfo=datetime.UTC), tick=False):
        # Half past midnight of the 2nd.
        with pytest.raises(ValidationError, match="valid_from"):
            publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=datetime.date(2027, 3, 1), reason="提速")
        publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=datetime.date(2027, 3, 2), reason="提速")

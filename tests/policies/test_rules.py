"""The default limits of 04, line by line, and what follows from a rule."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.enums import PetitionKind
from internal_bridge.policies.enums import Complexity, Light, Stage
from internal_bridge.policies.models import Policy, PolicyFigure, PolicyRule
from internal_bridge.policies.services import (
    NoPolicy,
    assisting_due,
    auto_dispatches,
    basis_of,
    due_of,
    light_of,
    policy_for,
    rules_of,
)
from tests.proofs import proves

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 24)

# kind, complexity, stage: days, day kind, runs from, longest extension, approver, at the end, basis (P: petition_2022), rolls
# forward, to confirm
ANY = "consultation complaint help"
PETITION = "suggestion report"
DEFAULTS = [
    (ANY, "", "registration", 1, "working", "received", 0, "", "overrun", "hotline", True, False),
    (ANY, "", "dispatch", 1, "working", "received", 0, "", "overrun", "hotline", True, False),
    (ANY, "", "sign", 1, "working", "dispatched", 0, "", "overrun", "hotline", True, False),
    (ANY, "", "return", 2, "working", "dispatched", 0, "", "lapse", "hotline", True, False),
    (ANY, "", "recall", 1, "working", "dispatched", 0, "", "lapse", "hotline", True, False),
    (ANY, "", "assist", 2, "working", "dispatched", 0, "", "overrun", "hotline", True, False),
    (ANY, "", "follow_up", 1, "working", "answered", 0, "", "overrun", "hotline", True, False),
    (ANY, "", "closing", 15, "calendar", "answered", 0, "", "close", "hotline", True, False),
    ("consultation", "", "answer", 3, "working", "received", 10, "head", "overrun", "hotline", True, False),
    ("consultation", "investigation", "answer", 3, "working", "received", 10, "head", "overrun", "hotline", True, False),
    ("help", "", "answer", 5, "working", "received", 10, "head", "overrun", "hotline", True, False),
    ("complaint", "", "answer", 5, "working", "received", 10, "head", "overrun", "hotline", True, False),
    ("complaint", "simple", "answer", 5, "working", "received", 10, "head", "overrun", "hotline", True, False),
    ("complaint", "investigation", "answer", 13, "working", "received", 10, "head", "overrun", "hotline", True, False),
    (PETITION, "", "registration", 0, "calendar", "received", 0, "", "overrun", "P:22", False, False),
    (PETITION, "", "dispatch", 15, "calendar", "registered", 0, "", "overrun", "P:22", True, False),
    (PETITION, "", "notice", 15, "calendar", "dispatched", 0, "", "overrun", "P:23.3", True, False),
    (PETITION, "", "return", 5, "working", "dispatched", 0, "", "lapse", "P:23.3", True, False),
    (PETITION, "", "answer", 60, "calendar", "accepted", 30, "head", "overrun", "P:34", True, False),
    (PETITION, "", "review_request", 30, "calendar", "answered", 0, "", "lapse", "P:35", True, False),
    (PETITION, "", "review", 30, "calendar", "review_requested", 0, "", "overrun", "P:35", True, False),
    (PETITION, "", "second_review_request", 30, "calendar", "review_answered", 0, "", "lapse", "P:36", True, False),
    (PETITION, "", "second_review", 30, "calendar", "second_review_requested", 0, "", "overrun", "P:36", True, False),
    (PETITION, "", "supervision", 30, "calendar", "supervised", 0, "", "overrun", "petition_2005:36", True, True),
]


def the_rules(kind, complexity=""):
    return rules_of(policy_for(kind=kind, on=TODAY), kind=kind, complexity=complexity)


@proves(
    "hotline", "registration", "dispatch", "sign", "return", "recall", "assist", "answer", "follow_up", "closing", version=1
)
@proves("petition_2022", "registration", "dispatch", "notice", "return", "answer", "supervision", version=1)
@proves("petition_2022", "review_request", "review", "second_review_request", "second_review", version=1)
@pytest.mark.parametrize("line", DEFAULTS, ids=lambda line: f"{line[0]} {line[1]} {line[2]}")
def test_each_default_limit_is_that_of_04(line):
    kinds, complexity, stage, *expected = line
    for kind in kinds.split():
        rule = the_rules(kind, complexity)[Stage(stage)]

        said = [rule.days, rule.day_kind, rule.starts_at, rule.extension_days, rule.approver, rule.at_end, basis_of(rule)]
        expected[6] = expected[6].replace("P:", "petition_2022:")
        assert [*said, rule.roll_forward, rule.to_confirm] == expected


# Portal mail and supervision, beside the policies that kinds follow: days, day kind, runs from, extension, at the end, rolls.
BESIDE = [
    # A published reply within 7 working days, extendable to 15.
    ("portal_mail", "answer", 7, "working", "received", 8, "overrun", True),
    ("portal_mail", "site_error", 3, "working", "received", 0, "overrun", True),
    # Older than three months, of which the shortest have 89 days: from 1 February to 1 May, say.
    ("portal_mail", "site_veto", 89, "calendar", "received", 0, "overrun", False),
    ("supervision", "supervision_limit", 5, "working", "answer_due", 0, "overrun", True),
    ("supervision", "plea", 5, "working", "card_issued", 0, "lapse", True),
]


@proves("portal_mail", "answer", "site_error", "site_veto", version=1)
@proves("supervision", "supervision_limit", "plea", version=1)
def test_portal_mail_and_supervision_have_the_limits_and_figures_of_04():
    rows = PolicyRule.objects.filter(policy__code__in=["portal_mail", "supervision"], policy__version=1).order_by("pk")
    names = ("policy__code", "stage", "days", "day_kind", "starts_at", "extension_days", "at_end", "roll_forward")

    assert list(rows.values_list(*names)) == BESIDE
    figures = PolicyFigure.objects.filter(policy__code="supervision").values_list("code", "value")
    assert dict(figures) == {"return_abuse": 3, "satisfied_from": 4}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("hotline", "12345 热线办理时限"),
        ("petition_2022", "信访工作条例（2022）"),
        ("portal_mail", "政府网站信箱办理时限"),
        ("supervision", "电子监察规则"),
    ],
)
def test_a_policy_is_called_as_offices_call_it(code, name):
    assert Policy.objects.get(code=code, version=1).name == name


@pytest.mark.parametrize("kind", PetitionKind.values)
def test_no_kind_has_a_limit_that_the_table_above_does_not_know(kind):
    told = {(name, stage) for kinds, _complexity, stage, *_rest in DEFAULTS for name in kinds.split()}

    assert {(kind, stage.value) for stage in the_rules(kind)} == {(name, stage) for name, stage in told if name == kind}


@pytest.mark.parametrize(
    ("kind", "code", "automatic"),
    [
        ("consultation", "hotline", True),
        ("help", "hotline", False),
        ("complaint", "hotline", False),
        ("suggestion", "petition_2022", False),
        ("report", "petition_2022", False),
    ],
)
def test_a_kind_follows_its_policy(kind, code, automatic):
    policy = policy_for(kind=kind, on=TODAY)

    assert (policy.code, policy.version, auto_dispatches(policy, kind=kind)) == (code, 1, automatic)


def test_whatever_a_policy_says_a_person_reads_complaints_and_reports_first():
    policy = Policy(code="own", auto_dispatch_kinds=PetitionKind.values)

    automatic = {kind for kind in PetitionKind.values if auto_dispatches(policy, kind=kind)}
    assert automatic == {"consultation", "help", "suggestion"}


def test_where_no_policy_held_none_is_made_up():
    with pytest.raises(NoPolicy):
        policy_for(kind="report", on=datetime.date(2022, 4, 30))
    with pytest.raises(NoPolicy):
        policy_for(kind="unknown", on=TODAY)


def test_the_rules_of_a_policy_are_read_once(django_assert_num_queries):
    policy = policy_for(kind="help", on=TODAY)
    rules_of(policy, kind="help", complexity="")

    with django_assert_num_queries(0):
        rule = rules_of(policy, kind="complaint", complexity=Complexity.INVESTIGATION)[Stage.ANSWER]
        assert basis_of(rule) == "hotline"


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "lunch"},
        {"kind": "praise"},
        {"complexity": "hard"},
        {"days": 367},
        {"day_kind": "lunar"},
        {"starts_at": "whenever"},
        {"at_end": "nothing"},
        {"instrument": "custom"},
        {"extension_days": 3},
    ],
    ids=str,
)
@pytest.mark.db
def test_the_database_refuses_a_rule_that_nobody_could_read(change):
    policy = policy_for(kind="help", on=TODAY)
    fields = {"stage": "forwarding", "days": 1, "day_kind": "working", "starts_at": "received", **change}

    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRule.objects.create(policy=policy, **fields)


# kind, complexity, stage, start, what besides: the last day, with its article
DUE = [
    ("complaint", "simple", "answer", "2026-11-24", {}, "2026-12-01"),
    ("complaint", "investigation", "answer", "2026-09-28", {}, "2026-10-21"),  # over National Day, with a make-up Saturday
    ("complaint", "simple", "answer", "2026-11-24", {"extra_days": 10}, "2026-12-15"),  # L + n from the same start
    ("complaint", "simple", "answer", "2026-09-24", {"extra_days": 10}, "2026-10-22"),  # extended across two holidays
    ("consultation", "", "answer", "2026-11-24", {}, "2026-11-27"),
    ("consultation", "", "answer", "2026-11-24", {"expedited": True}, "2026-11-24"),
    ("consultation", "", "answer", "2026-11-28", {"expedited": True}, "2026-11-30"),  # a Saturday: Art. 203
    ("consultation", "", "answer", "2026-10-10", {"expedited": True}, "2026-10-10"),  # a Saturday on which offices work
    ("consultation", "", "answer", "2026-11-24", {"expedited": True, "extra_days": 2}, "2026-11-26"),
    ("consultation", "", "sign", "2026-11-24", {"expedited": True}, "2026-11-25"),  # the answer alone is expedited
    ("report", "", "registration", "2026-10-03", {}, "2026-10-03"),  # 2022 §22: at once, also on a holiday
    ("report", "", "dispatch", "2026-09-18", {}, "2026-10-08"),  # 2022 §22: 15 days end in National Day
    ("report", "", "answer", "2026-08-04", {}, "2026-10-08"),  # 2022 §34: 60 days end on 3 October
    ("report", "", "answer", "2026-08-04", {"extra_days": 30}, "2026-11-02"),  # 90 days from the same start, no roll between
    ("report", "", "answer", "2026-08-04", {"extra_days": 28}, "2026-11-02"),  # 31 October is a Saturday: rolled once
    ("suggestion", "", "return", "2026-09-29", {}, "2026-10-12"),  # 2022 §23(3): 5 WD
]


@proves("hotline", "answer", "sign", version=1)
@proves("petition_2022", "registration", "dispatch", "answer", "return", version=1)
@pytest.mark.parametrize("line", DUE, ids=lambda line: f"{line[0]} {line[2]} {line[3]} {line[4]}")
def test_a_rule_has_its_last_day(line):
    kind, complexity, stage, start, besides, expected = line

    counted = due_of(the_rules(kind, complexity)[Stage(stage)], start=datetime.date.fromisoformat(start), **besides)

    assert counted.due.isoformat() == expected
    extended = [step.params["days"] for step in counted.steps if step.code == "extended"]
    assert extended == ([besides["extra_days"]] if besides.get("extra_days") else [])
    assert ("same_day" in [step.code for step in counted.steps]) == (counted.steps[0].code == "same_day")


def test_an_extension_never_shortens():
    with pytest.raises(ValueError, match="lengthens"):
        due_of(the_rules("help")[Stage.ANSWER], start=TODAY, extra_days=-1)


@proves("hotline", "assist")
@pytest.mark.parametrize(
    ("start", "answer_due", "expected"),
    [
        ("2026-11-24", None, "2026-11-26"),
        ("2026-11-24", "2026-12-01", "2026-11-26"),
        ("2026-11-24", "2026-11-26", "2026-11-25"),
        ("2026-11-27", "2026-11-30", "2026-11-27"),  # Friday, the answer on Monday
        ("2026-11-24", "2026-11-24", "2026-11-24"),  # expedited: the same day, never one before
    ],
)
def test_an_assisting_unit_speaks_one_working_day_before_the_answer_at_the_latest(start, answer_due, expected):
    day = datetime.date.fromisoformat
    due = assisting_due(the_rules("help")[Stage.ASSIST], start=day(start), answer_due=answer_due and day(answer_due))

    assert due == day(expected)


@pytest.mark.parametrize(
    ("due_on", "today", "expected"),
    [
        ("2026-11-26", "2026-11-24", Light.GREEN),
        ("2026-11-26", "2026-11-25", Light.YELLOW),
        ("2026-11-26", "2026-11-26", Light.YELLOW),
        ("2026-11-26", "2026-11-27", Light.RED),
        ("2026-11-30", "2026-11-26", Light.GREEN),  # due on Monday
        ("2026-11-30", "2026-11-27", Light.YELLOW),  # from Friday on
        ("2026-11-30", "2026-11-29", Light.YELLOW),
        ("2026-10-08", "2026-09-29", Light.GREEN),
        ("2026-10-08", "2026-09-30", Light.YELLOW),  # the last working day before National Day
        ("2026-10-12", "2026-10-09", Light.GREEN),
        ("2026-10-12", "2026-10-10", Light.YELLOW),  # a Saturday on which offices work
        ("2026-10-04", "2026-09-30", Light.YELLOW),  # a limit that does not roll forward ends on a holiday
        (None, "2026-11-24", Light.NONE),
    ],
)
def test_a_light_turns_yellow_one_working_day_before_and_red_after_the_last_day(due_on, today, expected):
    due_on, today = due_on and datetime.date.fromisoformat(due_on), datetime.date.fromisoformat(today)

    assert light_of(due_on, today=today) == expected
    assert light_of(due_on, today=today, paused=True) == Light.NONE
    assert light_of(due_on, today=today, ended=True) == Light.NONE

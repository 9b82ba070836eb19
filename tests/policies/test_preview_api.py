"""``GET /api/v1/deadlines/preview/``: for any official, strict, each limit with its basis and how its date is found."""

import datetime
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from core.tokens import issue_token
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.services import policy_for, rules_of
from tests.org.people import make_login
from tests.proofs import proves

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/deadlines/preview/"


@pytest.fixture
def ask():
    # Any official: this one holds no role at all.
    token = issue_token(user=make_login(username="anybody"), address="")[0]

    def ask(language="zh-hans", query=None, **parameters):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_ACCEPT_LANGUAGE=language)
        return client.get(f"{ADDRESS}?{query or urlencode(parameters)}")

    return ask


def dues(answer):
    assert answer.status_code == 200, answer.json()
    return {line["stage"]: line["due"] for line in answer.json()}


@proves(
    "hotline", "registration", "dispatch", "sign", "return", "recall", "assist", "answer", "follow_up", "closing", version=1
)
@proves("petition_2022", "registration", "dispatch", "notice", "return", "answer", "supervision", version=1)
@proves("petition_2022", "review_request", "review", "second_review_request", "second_review", version=1)
# Thursday, 12 February 2026, is followed by two days and then, from the 15th to the 23rd, by the Spring Festival; Saturday, the
# 14th, and Saturday, the 28th, are worked in exchange. Each earlier stage counts as done on the day of receipt.
@pytest.mark.parametrize(
    ("kind", "complexity", "received_at", "expected"),
    [
        ("help", "", "2026-02-12T10:00:00+08:00", {"registration": "2026-02-13", "forwarding": "2026-02-13",
            "signature": "2026-02-13", "return": "2026-02-14", "recall": "2026-02-13", "assist": "2026-02-14",
            "answer": "2026-02-26", "follow_up": "2026-02-13", "closing": "2026-02-27"}),
        ("consultation", "", "2026-02-12T10:00:00+08:00", {"answer": "2026-02-24", "assist": "2026-02-14"}),
        ("complaint", "", "2026-02-12T10:00:00+08:00", {"answer": "2026-02-26"}),
        ("complaint", "investigation", "2026-02-12T10:00:00+08:00", {"answer": "2026-03-09"}),
        # 23:59 in Beijing is still that day; in London it is four in the afternoon. A minute later it is the next.
        ("complaint", "simple", "2026-02-12T15:59:59Z", {"answer": "2026-02-26"}),
        ("complaint", "simple", "2026-02-12T16:00:00Z", {"answer": "2026-02-27"}),
        # Articles 22, 23(3), 34, 35 and 36: what ends on a day off ends on the next working day, but registration is at once.
        ("report", "", "2026-02-16T23:59:00+08:00", {"registration": "2026-02-16", "forwarding": "2026-03-03",
            "notice": "2026-03-03", "return": "2026-02-28", "answer": "2026-04-17", "review_request": "2026-03-18",
            "review": "2026-03-18", "second_review_request": "2026-03-18", "second_review": "2026-03-18",
            "supervision": "2026-03-18"}),
        # The future may be asked for.
        ("suggestion", "", "2026-12-20T09:00:00+08:00", {"answer": "2027-02-18"}),
    ],
)  # fmt: skip
def test_a_case_received_then_would_have_these_limits(ask, kind, complexity, received_at, expected):
    given = {"kind": kind, "received_at": received_at} | ({"complexity": complexity} if complexity else {})

    found = dues(ask(**given))

    assert {stage: found[stage] for stage in expected} == expected


def test_every_limit_of_the_policy_stands_there_once_as_citizens_know_it(ask):
    for kind in ("help", "report"):
        answer = ask(kind=kind, received_at="2026-02-12T10:00:00+08:00").json()

        told = [line["stage"] for line in answer]
        rules = rules_of(policy_for(kind=kind, on=datetime.date(2026, 2, 12)), kind=kind)
        assert len(told) == len(set(told)) == len(rules)
        assert not {Stage.DISPATCH, Stage.SIGN} & set(told)
        assert [set(line) for line in answer] == [{"stage", "due", "basis", "provisional", "explanation"}] * len(rules)


def test_each_date_is_explained_in_the_callers_language_and_says_where_the_limit_stands_written(ask):
    def answered(language):
        lines = ask(language, kind="report", received_at="2026-02-12T10:00:00+08:00").json()
        return {line["stage"]: line for line in lines}

    notice, english = answered("zh-hans")["notice"], answered("en")["notice"]
    assert notice["basis"] == "petition_2022:23.3"
    assert notice["explanation"][0] == "从2026-02-12的次日起算。"
    assert english["explanation"][0] == "The count begins on the day after 2026-02-12."
    assert notice["provisional"] is False


def test_a_date_in_a_year_that_is_not_announced_is_provisional(ask):
    lines = {line["stage"]: line for line in ask(kind="help", received_at="2035-12-28T09:00:00+08:00").json()}

    assert lines["answer"]["provisional"] is True


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"kind", "received_at"}),
        ("kind=praise&received_at=2026-02-12T10:00:00Z", {"kind"}),
        ("kind=help&received_at=2026-02-12T10:00:00Z&complexity=hard", {"complexity"}),
        ("kind=help&received_at=2026-02-12T10:00:00Z&unit=xfj", {"unit"}),
        ("kind=help&kind=report&received_at=2026-02-12T10:00:00Z", {"kind"}),
        ("kind=help&received_at=2026-02-12T10:00:00", {"received_at"}),
        ("kind=help&received_at=2026-02-12", {"received_at"}),
        ("kind=help&received_at=yesterday", {"received_at"}),
        ("kind=help&received_at=2026-02-30T10:00:00Z", {"received_at"}),
        ("kind=help&received_at=9999-12-31T23:59:59Z", {"received_at"}),
        ("kind=help&received_at=1999-12-31T23:59:59Z", {"received_at"}),
        ("kind=help&received_at=0001-01-01T00:00:00%2B14:00", {"received_at"}),
    ],
)
def test_bad_questions_are_refused_by_name(ask, query, fields):
    answer = ask("en", query=query or "complexity=")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == fields


def test_a_time_without_zone_is_told_from_one_that_cannot_be_read(ask):
    [message] = ask("en", kind="help", received_at="2026-02-12T10:00:00").json()["errors"]["received_at"]

    assert "no zone" in message


def test_a_plus_that_became_a_space_on_its_way_is_read_as_what_it_was(ask):
    query = "kind=help&received_at=2026-02-12T10:00:00 08:00"

    assert dues(ask(query=query))["answer"] == "2026-02-26"


def test_without_a_login_nothing_is_told(db):
    assert APIClient().get(ADDRESS).status_code == 401

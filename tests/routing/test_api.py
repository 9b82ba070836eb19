"""``POST /api/v1/routing/suggest/``: dispatchers alone, strict, five units at least, reasons in the caller's language."""

import pytest
from rest_framework.test import APIClient

from core.tokens import issue_token
from internal_bridge.org.enums import Role

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/routing/suggest/"
LETTER = {"kind": "complaint", "title": "路灯不亮", "body": "门口的路灯一个月没有亮了。"}


def caller(user, language="zh-hans"):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user=user, address='')[0]}", HTTP_ACCEPT_LANGUAGE=language)
    return client


def test_units_come_best_first_with_reasons(dispatcher, rules):
    answer = caller(dispatcher).post(ADDRESS, LETTER, format="json")

    assert answer.status_code == 200
    found = answer.json()
    assert len(found) == 5
    assert found[0]["unit"] == {"code": "szzx", "name": "市政中心"}
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    assert "来件中有“路灯”" in found[0]["why"][0]
    english = caller(dispatcher, "en").post(ADDRESS, LETTER, format="json", headers={"Idempotency-Key": "short"})
    assert "the letter has “路灯”" in english.json()[0]["why"][0]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**LETTER, "unit": "szzx"}, "unit"),
        ({**LETTER, "kind": "praise"}, "kind"),
        ({**LETTER, "title": ""}, "title"),
        ({**LETTER, "body": "短"}, "body"),
        ({"kind": "complaint"}, "title"),
    ],
)
def test_bad_input_is_named_by_field(dispatcher, rules, body, field):
    answer = caller(dispatcher).post(ADDRESS, body, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_others_are_refused_before_their_input_is_looked_at(official, rules):
    assert APIClient().post(ADDRESS, {}, format="json").status_code == 401
    assert caller(official(Role.HANDLER)).post(ADDRESS, {}, format="json").status_code == 403
    assert caller(official(Role.SYSADMIN)).post(ADDRESS, {}, format="json").status_code == 403

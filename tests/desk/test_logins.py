"""The office's login page in a demo, and its API of tokens: the conventions of chapter 11."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import ApiToken, AuditRecord, User
from tests.core.logins import CHROME, PASSWORD, browser, make_login
from tests.org.people import make_login as make_official

pytestmark = pytest.mark.django_db

TOKEN, STATUS = "/api/v1/auth/token/", "/api/v1/exchange/status/"


def ask(username: str = "wang.shan", password: str = PASSWORD, *, address: str = "192.0.2.10", **fields: Any) -> Any:
    client = Client(REMOTE_ADDR=address)
    body = {"username": username, "password": password, **fields}
    return client.post(TOKEN, body, content_type="application/json", headers={"user-agent": CHROME})


def status(secret: str, **options: Any) -> Any:
    return Client().get(STATUS, headers={"authorization": f"Bearer {secret}"}, **options)


def problem(answer: Any, code: int) -> dict[str, Any]:
    assert answer.status_code == code
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) >= {"type", "title", "status", "detail"}
    return body


@pytest.fixture
def operator(db: None) -> User:
    user = make_official("sysadmin", username="wang.shan")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_a_token_opens_what_its_person_may_see(operator: User) -> None:
    answer = ask(otp="123456")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert set(body) == {"token", "expires_at"}
    lasts = datetime.datetime.fromisoformat(body["expires_at"]) - timezone.now()
    assert datetime.timedelta(hours=11, minutes=59) < lasts <= datetime.timedelta(hours=12)
    assert status(body["token"]).status_code == 200
    assert list(AuditRecord.objects.order_by("id").values_list("action", "channel")) == [
        ("login.succeeded", "api"),
        ("token.issued", "api"),
    ]


def test_who_has_no_right_is_refused_with_a_right_token() -> None:
    make_login()
    problem(status(ask().json()["token"]), 403)
    assert status(ask().json()["token"], data={"x": 1}).status_code == 403


@pytest.mark.parametrize("how", ["none", "nonsense", "cut", "expired", "revoked", "shut off"])
def test_without_a_token_that_counts_it_is_401(operator: User, how: str) -> None:
    secret = ask().json()["token"]
    if how == "expired":
        now = timezone.now()
        ApiToken.objects.update(created_at=now - datetime.timedelta(hours=12), expires_at=now)
    elif how == "revoked":
        ApiToken.objects.update(revoked_at=timezone.now())
    elif how == "shut off":
        User.objects.update(is_active=False)
    elif how != "none":
        secret = {"nonsense": "zq_x", "cut": secret[:-1]}[how]
    answer = Client().get(STATUS) if how == "none" else status(secret)
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_wrong_credentials_are_401_and_the_fifth_locks_for_page_and_api_alike(operator: User) -> None:
    for _ in range(4):
        answer = ask(password="wrong")
        assert "Bearer" in answer["WWW-Authenticate"]
        problem(answer, 401)
    locked = ask(password="wrong")
    problem(locked, 429)
    assert 0 < int(locked["Retry-After"]) <= 900
    problem(ask(), 429)
    assert "以后再试" in browser().post("/login/", {"login": "wang.shan", "password": PASSWORD}).content.decode()
    # Another network's door is open, and what was issued before still counts.
    assert ask(address="198.51.100.7").status_code == 200


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"extra": 1}, "extra"), ({"username": ""}, "username"), ({"password": None}, "password")]
)
def test_bad_fields_are_400_by_name(operator: User, fields: dict[str, Any], wrong: str) -> None:
    body = {"username": "wang.shan", "password": PASSWORD, **fields}
    answer = Client().post(TOKEN, body, content_type="application/json")
    assert wrong in problem(answer, 400)["errors"]
    assert not ApiToken.objects.exists()


def test_verbs_types_and_keys(operator: User) -> None:
    assert Client().get(TOKEN).status_code == 405
    assert Client().post(TOKEN, {"username": "x"}).status_code == 415
    assert Client().post(TOKEN + "?x=1", {}, content_type="application/json").status_code == 400
    assert Client().post(STATUS).status_code in {401, 405}
    # A malformed idempotency key is ignored here, and a repeat gives a new token.
    for _ in range(2):
        body = {"username": "wang.shan", "password": PASSWORD}
        assert Client().post(TOKEN, body, content_type="application/json", headers={"idempotency-key": "!"}).status_code == 200
    assert ApiToken.objects.count() == 2


def test_whoever_was_given_a_password_gets_no_token_with_it() -> None:
    make_login(must_change_password=True)
    problem(ask(), 403)


def test_demo_roles_send_the_ordinary_form_and_only_in_a_demo(settings: Any) -> None:
    make_login("dispatcher")
    make_login("secadmin")
    settings.DEMO_PASSWORD = PASSWORD
    page = browser().get("/login/?next=/cases/").content.decode()
    assert page.count(f'value="{PASSWORD}"') == 2
    assert "信访局受理员" in page
    assert "安全管理员" in page
    assert "审计管理员" not in page
    settings.DEMO = False
    page = browser().get("/login/").content.decode()
    assert PASSWORD not in page
    assert "演示身份" not in page

"""The security administrator sees who is logged in, what is locked and which tokens count, and ends each with a reason."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from core.lockout import Locked, check_login
from core.models import ApiToken, AuditRecord, Lockout, User
from core.tokens import issue_token
from tests.core.logins import CHROME, browser, is_in, log_in
from tests.core.logins import make_login as make_user
from tests.org.people import make_login

pytestmark = pytest.mark.django_db

PAGES = ["/security/", "/security/lockouts/", "/security/tokens/"]
REASON = {"reason": "设备遗失"}


@pytest.fixture
def fang(db: None) -> Client:
    """The security administrator's browser, logged in."""
    make_login("secadmin", username="fang", name="方圆")
    client = browser()
    log_in(client, "fang", "demo")
    return client


@pytest.fixture
def wang(db: None) -> tuple[User, Client]:
    user = make_user()
    client = browser("198.51.100.7")
    log_in(client)
    return user, client


def lock(login: str = "wang.shan", network: str = "192.0.2.0/24") -> Lockout:
    for _ in range(5):
        try:
            check_login(login=login, network=network, check=lambda: None)
        except Locked:
            break
    return Lockout.objects.latest("id")


def acts(user: User) -> list[str]:
    """Every address that changes something, with real ids."""
    session = UserSession.objects.get(user=user)
    _secret, token = issue_token(user=user, address="")
    return [
        f"/security/sessions/{session.pk}/end/",
        f"/security/people/{user.uid}/end/{session.pk}/",
        f"/security/lockouts/{lock().pk}/release/",
        f"/security/tokens/{token.pk}/revoke/",
    ]


@pytest.mark.parametrize("role", ["", "dispatcher", "leader", "sysadmin", "auditor"])
def test_others_are_refused_other_administrators_too(wang: Any, role: str) -> None:
    user, theirs = wang
    addresses = acts(user)
    make_login(*([role] if role else []), username="other")
    client = browser()
    log_in(client, "other", "demo")
    assert "/security/" not in client.get("/").content.decode()
    assert [client.get(path).status_code for path in PAGES + addresses] == [403] * 7
    assert [client.post(path, REASON).status_code for path in addresses] == [403] * 4
    assert is_in(theirs)
    assert Lockout.objects.filter(locked_until__isnull=False).count() == ApiToken.objects.filter(revoked_at=None).count() == 1


def test_strangers_are_sent_to_the_login(wang: Any) -> None:
    user, _theirs = wang
    for path in PAGES + acts(user):
        assert browser().post(path, REASON).url.startswith("/login/")


def test_a_session_is_found_by_name_and_ended(fang: Client, wang: Any) -> None:
    user, theirs = wang
    page = fang.get("/security/?q=王").content.decode()
    assert "wang.shan" in page
    assert "198.51.100.7" in page
    assert "方圆" not in page.split("zq-lines")[1]
    # One's own session ends by logging out.
    own = UserSession.objects.get(user__username="fang")
    assert f"/security/sessions/{own.pk}/end/" not in fang.get("/security/").content.decode()
    session = UserSession.objects.get(user=user)

    answer = fang.post(f"/security/sessions/{session.pk}/end/", REASON, follow=True)

    assert "已结束该会话" in answer.content.decode()
    assert not is_in(theirs)
    assert "早已结束" in fang.post(f"/security/sessions/{session.pk}/end/", REASON, follow=True).content.decode()
    record = AuditRecord.objects.get(action="session.revoked")
    assert (record.actor.username, record.subject, record.params) == (
        "fang",
        f"user:{user.uid}",
        {"sessions": 1, "reason": "设备遗失"},
    )


def test_all_sessions_and_tokens_of_a_person_end_at_once(fang: Client, wang: Any) -> None:
    user, theirs = wang
    second = browser("203.0.113.9")
    log_in(second)
    issue_token(user=user, address="")
    session = UserSession.objects.filter(user=user).first()

    page = fang.post(f"/security/people/{user.uid}/end/{session.pk}/", REASON, follow=True).content.decode()

    assert "已结束 王珊 的 2 个会话" in page
    assert not is_in(theirs)
    assert not is_in(second)
    assert ApiToken.objects.get().revoked_at
    assert is_in(fang)


def test_a_lock_is_released_and_the_login_works_again(fang: Client, wang: Any) -> None:
    client = browser()
    for _ in range(5):
        log_in(client, "wang.shan", "wrong")
        log_in(client, "nobody.there", "wrong")
    page = fang.get("/security/lockouts/").content.decode()
    assert "王珊" in page
    assert "没有这个账号" in page
    assert "nobody" not in page
    row = Lockout.objects.get(user__username="wang.shan")

    assert "可以重新登录" in fang.post(f"/security/lockouts/{row.pk}/release/", REASON, follow=True).content.decode()

    assert log_in(client).status_code == 302
    assert AuditRecord.objects.get(action="lockout.released").params == {"network": "192.0.2.0/24", "reason": "设备遗失"}
    assert "早已解除" in fang.post(f"/security/lockouts/{row.pk}/release/", REASON, follow=True).content.decode()


def test_a_token_is_revoked(fang: Client, wang: Any) -> None:
    _secret, token = issue_token(user=wang[0], address="")
    assert f"{token.pk} 号令牌" in fang.get("/security/tokens/").content.decode()
    assert "已吊销" in fang.post(f"/security/tokens/{token.pk}/revoke/", REASON, follow=True).content.decode()
    assert "早已失效" in fang.post(f"/security/tokens/{token.pk}/revoke/", REASON, follow=True).content.decode()
    assert AuditRecord.objects.get(action="token.revoked").actor.username == "fang"


def test_without_a_reason_nothing_ends_and_what_was_typed_stays(fang: Client, wang: Any) -> None:
    user, theirs = wang
    for path in acts(user):
        answer = fang.post(path, {"reason": "<"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "至少要写 2 个字" in page
        assert 'value="&lt;"' in page
        assert page.count('<details class="zq-do" open>') == 1
        assert fang.get(path).status_code == 302
    assert is_in(theirs)
    assert ApiToken.objects.get().revoked_at is None
    assert fang.post("/security/people/01890000-0000-7000-8000-000000000000/end/1/", REASON).status_code == 404


def test_lists_ask_as_much_for_many_as_for_few(fang: Client, django_assert_max_num_queries: Any) -> None:
    def fill(first: int, count: int) -> None:
        for number in range(first, first + count):
            user = make_user(f"user{number}")
            UserSession.objects.create(user=user, ip="192.0.2.1", session_key=f"key{number}", user_agent=CHROME)
            issue_token(user=user, address="")
            lock(f"user{number}")

    def queries(path: str) -> int:
        with django_assert_max_num_queries(40) as asked:
            assert fang.get(path).status_code == 200
        return len(asked)

    fill(0, 3)
    few = [queries(path) for path in PAGES]
    fill(3, 32)
    assert [queries(path) for path in PAGES] == few
    page = fang.get("/security/?page=2").content.decode()
    assert "较新" in page
    assert fang.get("/security/?page=-1").status_code == fang.get("/security/?page=999999999999").status_code == 200

"""Sessions end when they are old or idle, and say why; people see theirs and end them; a password is one's own."""

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.models import ApiToken, AuditRecord
from core.sessions import end_sessions, purge_sessions
from core.tokens import issue_token
from tests.core.logins import PASSWORD, browser, is_in, log_in, make_login, rewind

pytestmark = pytest.mark.django_db
NEW = "quite-another-7"


def change(client, old=PASSWORD, new=NEW, again=None, **fields):
    return client.post("/account/password/", {"oldpassword": old, "password1": new, "password2": again or new, **fields})


@pytest.mark.parametrize(
    ("clock", "by", "words"),
    [
        ("zq_seen", settings.SESSION_IDLE_MINUTES * 60, "有一段时间没有操作"),
        ("zq_started", settings.SESSION_ABSOLUTE_HOURS * 3600, "已达到时间上限"),
    ],
)
def test_a_session_ends_in_time_and_the_login_page_says_why_and_leads_back(clock, by, words):
    make_login()
    client = browser()
    log_in(client)
    rewind(client, **{clock: by - 30})
    assert is_in(client)
    rewind(client, **{clock: by if clock == "zq_seen" else 30})

    page = client.get("/account/sessions/", follow=True)

    assert words in page.content.decode()
    assert 'name="next" value="/account/sessions/"' in page.content.decode()
    assert not UserSession.objects.exists()
    assert AuditRecord.objects.get(action="logout").params == {"why": "idle" if clock == "zq_seen" else "absolute"}
    assert log_in(client, next="/account/sessions/").url == "/account/sessions/"


def test_nobody_is_led_to_another_site():
    make_login()
    answer = log_in(browser(), next="https://example.com/")
    assert "example.com" not in answer.url


def test_being_seen_is_written_down_once_a_minute():
    make_login()
    client = browser()
    log_in(client)
    before = UserSession.objects.get().last_seen_at
    is_in(client)
    assert UserSession.objects.get().last_seen_at == before
    rewind(client, zq_seen=61)
    is_in(client)
    assert UserSession.objects.get().last_seen_at > before


def test_one_sees_ones_sessions_and_ends_one_or_all_others():
    make_login()
    make_login("li.na")
    here, phone, office = browser("192.0.2.10"), browser("198.51.100.7"), browser("203.0.113.9")
    stranger = browser()
    for client in (here, phone, office):
        log_in(client)
    log_in(stranger, "li.na")
    page = here.get("/account/sessions/").content.decode()
    assert "Windows 上的 Chrome" in page
    assert "198.51.100.7" in page
    assert page.count("本次会话<") == 1

    of = {row.ip: row.pk for row in UserSession.objects.all()}
    # Another's session is not there for me, and my own only goes by logging out.
    stranger.post(f"/account/sessions/{of['198.51.100.7']}/end/")
    here.post(f"/account/sessions/{of['192.0.2.10']}/end/")
    assert is_in(phone)
    assert is_in(here)
    here.post(f"/account/sessions/{of['198.51.100.7']}/end/")
    assert not is_in(phone)
    here.post("/account/sessions/others/end/")
    assert (is_in(here), is_in(office), is_in(stranger)) == (True, False, True)
    assert [record.params["sessions"] for record in AuditRecord.objects.filter(action="session.revoked").order_by("id")] == [
        1,
        1,
    ]


def test_whose_session_was_ended_elsewhere_is_told_so():
    user = make_login()
    client = browser()
    log_in(client)
    assert end_sessions(user) == 1
    assert not Session.objects.filter(session_key=client.session.session_key).exists()

    assert "本次会话已结束" in client.get("/account/sessions/", follow=True).content.decode()


def test_a_new_password_ends_the_other_sessions_and_the_tokens():
    user = make_login()
    here, there = browser(), browser("198.51.100.7")
    log_in(here)
    log_in(there)
    issue_token(user=user, address="")

    assert change(here).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert ApiToken.objects.get().revoked_at
    assert UserSession.objects.count() == 1
    assert AuditRecord.objects.filter(action="password.changed", actor=user).count() == 1
    assert log_in(browser(), password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"new": "short-9"}, "新密码至少要有 10 个字符"),
        ({"new": "password123"}, "常见"),
        ({"new": "wang.shan.1"}, "与您的姓名或账号过于相近"),
        ({"new": PASSWORD}, "不能与当前密码相同"),
        ({"new": NEW, "again": "something-else"}, "密码"),
        ({"old": "wrong"}, "当前密码不正确"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(typed, words):
    make_login()
    client = browser()
    log_in(client)

    page = change(client, **typed)

    assert page.status_code == 400
    assert words in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert PASSWORD not in page.content.decode()
    assert log_in(browser()).status_code == 302


def test_the_old_password_cannot_be_tried_out_at_an_open_desk():
    make_login()
    client = browser()
    log_in(client)
    for _ in range(5):
        page = change(client, old="wrong").content.decode()
    assert "以后再试" in page
    assert change(client).status_code == 400


def test_whoever_was_given_a_password_chooses_one_first():
    make_login(must_change_password=True)
    client = browser()
    assert log_in(client, next="/account/sessions/").status_code == 302
    sent = client.get("/account/sessions/")
    assert sent.url == "/account/password/?next=%2Faccount%2Fsessions%2F"
    page = client.get(sent.url).content.decode()
    assert "一次性密码" in page
    assert client.get("/api/v1/schema/").status_code == 403

    answer = change(client, next="/account/sessions/")

    assert answer.url == "/account/sessions/"
    assert is_in(client)


def test_an_old_hash_becomes_a_new_one_at_the_next_login(settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    user = make_login()
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1)
    user.save()
    assert log_in(browser()).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2")


def test_sessions_whose_time_is_up_are_deleted():
    make_login()
    fresh, old = browser(), browser("198.51.100.7")
    log_in(fresh)
    log_in(old)
    UserSession.objects.filter(ip="198.51.100.7").update(last_seen_at=timezone.now() - datetime.timedelta(days=1))
    assert purge_sessions() == 1
    assert is_in(fresh)
    assert not is_in(old)


def test_logging_out_is_written_down_and_forgets_the_session():
    make_login()
    client = browser()
    log_in(client)
    client.post("/logout/")
    assert not UserSession.objects.exists()
    assert AuditRecord.objects.filter(action="logout", params={}).exists()
    assert not is_in(client)


def test_pages_of_an_account_are_for_whoever_is_logged_in():
    for path in ("/account/sessions/", "/account/password/"):
        assert browser().get(path).url.startswith("/login/")
    for path in ("/account/sessions/others/end/", "/account/sessions/1/end/", "/account/tokens/1/revoke/"):
        assert browser().post(path).url.startswith("/login/")
    client = browser()
    make_login()
    log_in(client)
    assert client.get("/account/sessions/others/end/").status_code == 405

"""API tokens: 256 bits, known here by their hash, for twelve hours and no longer than their person may log in."""

import datetime
import hashlib

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIRequestFactory

from core.authentication import TokenAuthentication
from core.models import ApiToken, AuditRecord
from core.sessions import end_sessions
from core.tokens import find_token, issue_token, purge_tokens, revoke_token
from tests.core.logins import browser, log_in, make_login

pytestmark = pytest.mark.django_db


def test_the_database_knows_no_secret():
    user = make_login()

    secret, token = issue_token(user=user, address="192.0.2.10")

    assert secret.startswith("zq_")
    assert len(secret) >= 3 + 43
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert token.expires_at - token.created_at == datetime.timedelta(hours=12)
    assert find_token(secret) == token
    assert find_token(secret[:-1]) is None
    assert AuditRecord.objects.get(action="token.issued").params == {"token": token.pk}


@pytest.mark.parametrize("what", ["expired", "revoked", "shut off", "one-time password", "sessions ended"])
def test_what_does_not_count_is_not_found(what):
    user = make_login()
    secret, token = issue_token(user=user, address="")
    now = timezone.now()
    if what == "expired":
        ApiToken.objects.update(created_at=now - datetime.timedelta(hours=13), expires_at=now)
    elif what == "revoked":
        revoke_token(by=user, token_id=token.pk, owner=user)
    elif what == "shut off":
        type(user).objects.update(is_active=False)
    elif what == "one-time password":
        type(user).objects.update(must_change_password=True)
    else:
        end_sessions(user)
    assert find_token(secret) is None


def test_use_is_written_down_every_five_minutes():
    secret, token = issue_token(user=make_login(), address="192.0.2.10")
    request = APIRequestFactory().get("/", headers={"authorization": f"Bearer {secret}"}, REMOTE_ADDR="198.51.100.7")
    for _ in range(2):
        assert TokenAuthentication().authenticate(request)[1] == token
    used = ApiToken.objects.get()
    assert (used.address, used.last_used_at is None) == ("198.51.100.7", False)
    first = used.last_used_at
    TokenAuthentication().authenticate(request)
    assert ApiToken.objects.get().last_used_at == first


def test_ones_own_token_is_revoked_on_the_page_and_nobody_elses():
    user, other = make_login(), make_login("li.na")
    _secret, own = issue_token(user=user, address="")
    _secret, foreign = issue_token(user=other, address="")
    client = browser()
    log_in(client)
    for token in (own, foreign):
        assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 303
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.revoked_at
    assert foreign.revoked_at is None
    assert settings.SESSION_COOKIE_NAME in client.cookies


def test_old_tokens_go():
    issue_token(user=make_login(), address="")
    long_ago = timezone.now() - datetime.timedelta(days=3)
    ApiToken.objects.update(created_at=long_ago, expires_at=long_ago + datetime.timedelta(hours=12))
    assert purge_tokens() == 1

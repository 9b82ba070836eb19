"""The CMS's people: one page to log in, theirs alone for password and sessions, none of it for search engines."""

import pytest

from tests.core.logins import browser, log_in, make_login
from tests.core.test_sessions import NEW, change

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    make_login("site.reviewer", is_staff=True, is_superuser=True)
    client = browser()
    log_in(client, "site.reviewer")
    return client


def test_wagtails_own_logout_is_ours_and_its_password_form_is_gone(client):
    menu = client.get("/cms/").content.decode()
    assert "/account/sessions/" in menu
    assert 'name="old_password"' not in client.get("/cms/account/").content.decode()

    client.post("/cms/logout/")

    assert client.get("/cms/").status_code == 302


def test_pages_of_an_account_are_not_indexed_and_speak_english_too(client):
    for path in ("/account/sessions/", "/account/password/", "/en/account/sessions/", "/en/account/password/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert 'content="noindex, nofollow"' in answer.content.decode()
    assert 'content="noindex, nofollow"' in browser().get("/login/").content.decode()


def test_a_changed_password_leads_back_to_the_cms(client):
    assert change(client, new=NEW).url == "/cms/"


def test_the_public_pages_know_nothing_of_sessions():
    answer = browser().get("/login/")
    assert "zq_portal_session" not in answer.cookies


def test_demo_roles_send_the_ordinary_form_and_only_in_a_demo(settings):
    make_login("site.reviewer")
    settings.DEMO_PASSWORD = "shown-in-a-demo"
    page = browser().get("/login/?next=/cms/").content.decode()
    assert page.count('value="shown-in-a-demo"') == 1
    assert page.count('name="next" value="/cms/"') == 2
    settings.DEMO = False
    page = browser().get("/login/").content.decode()
    assert "shown-in-a-demo" not in page
    assert "演示身份" not in page

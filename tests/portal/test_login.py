"""One way into the CMS."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/cms/", "/cms/login/", "/cms/pages/"])
def test_the_cms_sends_everybody_to_the_one_login(client, path):
    answer = client.get(path, follow=True)

    assert answer.request["PATH_INFO"] == "/login/"


def test_nobody_resets_a_password_by_mail(client):
    assert client.get("/cms/password_reset/", follow=True).status_code == 404

"""People who log in, for tests of both sites: the same pages stand on each."""

from typing import Any

from django.conf import settings
from django.test import Client

from core.models import User

PASSWORD = "correct-horse-9"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


def make_login(username: str = "wang.shan", **fields: Any) -> User:
    return User.objects.create_user(username, password=PASSWORD, display_name="王珊", **fields)


def browser(address: str = "192.0.2.10") -> Client:
    """A browser somewhere."""
    return Client(REMOTE_ADDR=address, headers={"accept-language": "zh-hans", "user-agent": CHROME})


def log_in(client: Client, username: str = "wang.shan", password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/login/", {"login": username, "password": password, **fields})


def is_in(client: Client) -> bool:
    return client.get("/account/sessions/").status_code == 200


def rewind(client: Client, **seconds: int) -> None:
    """Let the clocks of a session have started earlier: ``zq_seen``, ``zq_started``."""
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()
    assert client.cookies[settings.SESSION_COOKIE_NAME]

"""Officials' programs: a token, JSON, and answers in Chinese."""

from typing import Any

from django.test import Client

from core.models import User
from core.tokens import issue_token

PATH = "/api/v1/cases/"


class Program:
    """What ``person`` uses to call the office's API."""

    def __init__(self, person: User, language: str = "zh-hans") -> None:
        secret = issue_token(user=person, address="")[0]
        self.client = Client(headers={"authorization": f"Bearer {secret}", "accept-language": language})

    def get(self, path: str = "", **query: Any) -> Any:
        """``path`` is below /api/v1/cases/."""
        return self.client.get(PATH + path, query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(PATH + path, {} if body is None else body, content_type="application/json", headers=headers)

    def act(self, case: Any, action: str, *, key: str = "", **body: Any) -> Any:
        """Take an action, on the version that the case has in memory unless the body says another one."""
        return self.post(f"{case.number}/actions/{action}/", {"version": case.version} | body, key=key)

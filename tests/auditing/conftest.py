"""An auditor with a browser, and a log with something in it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.audit import acting, record_audit
from core.enums import Channel
from core.models import AuditRecord, User
from tests.org.people import make_login

HEADERS = {"accept-language": "zh-hans"}


def browser(user: User) -> Client:
    client = Client(headers=HEADERS)
    client.force_login(user)
    return client


@pytest.fixture
def auditor(db: None) -> User:
    return make_login("auditor", username="auditor", name="罗静")


@pytest.fixture
def office(auditor: User) -> Client:
    return browser(auditor)


@pytest.fixture
def sysadmin(db: None) -> User:
    return make_login("sysadmin", username="sysadmin", name="孙磊")


@pytest.fixture
def write(sysadmin: User) -> Callable[..., AuditRecord]:
    """Write down something that somebody did; by the system administrator on a page, unless it is said otherwise."""

    def write(action: str, subject: str = "", *, actor: User | None = sysadmin, **given: Any) -> AuditRecord:
        origin = {"channel": Channel.PAGE, "address": "192.0.2.7", "post": "市政务服务局 信息科 科长"}
        origin |= {name: given.pop(name) for name in ("channel", "address", "post") if name in given}
        with acting(**origin):
            return record_audit(action=action, subject=subject, actor=actor, **given)

    return write

"""Wrong passwords lock a login for a network, and for no other; nobody learns whether there is such a login."""

import datetime
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core import lockout
from core.lockout import Locked, check_login, purge_lockouts
from core.models import AuditRecord, Lockout
from tests.core.logins import browser, log_in, make_login

pytestmark = pytest.mark.django_db


def fail(client: Any, times: int, username: str = "wang.shan") -> str:
    for _ in range(times):
        page = log_in(client, username, "wrong")
    return page.content.decode()


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


def test_the_fifth_wrong_password_locks_the_login_there_and_nowhere_else() -> None:
    make_login()
    near, neighbour, far = browser("192.0.2.10"), browser("192.0.2.99"), browser("198.51.100.7")

    assert "账号或密码不正确" in fail(near, 4)
    assert "以后再试" in fail(near, 1)
    # The right password does not help now, nor does another machine of the same network.
    assert "以后再试" in log_in(near).content.decode()
    assert "以后再试" in log_in(neighbour).content.decode()
    assert log_in(far).status_code == 302
    assert actions() == [*["login.failed"] * 5, "login.locked", "login.succeeded"]
    locked = AuditRecord.objects.get(action="login.locked")
    assert (locked.actor, locked.login, locked.params["network"]) == (None, "wang.shan", "192.0.2.0/24")


def test_a_login_that_nobody_has_gets_the_same_answers_and_is_not_written_down(django_assert_num_queries: Any) -> None:
    make_login()
    known, unknown = browser(), browser()

    def shown(client: Any, username: str) -> list[str]:
        pages = [log_in(client, username, "wrong").content.decode() for _ in range(6)]
        return [page.split('role="alert"')[1][:400].split("</div>")[0] for page in pages]

    assert shown(known, "wang.shan") == shown(unknown, "my-own-Passw0rd")
    assert not AuditRecord.objects.filter(login__contains="Passw0rd").exists()
    assert not Lockout.objects.filter(login_hash__contains="Passw0rd").exists()


def test_whoever_is_shut_off_is_told_the_same_as_a_stranger() -> None:
    make_login(is_active=False)

    page = log_in(browser())

    assert page.status_code == 200
    assert "账号或密码不正确" in page.content.decode()


def test_the_right_password_makes_the_count_start_anew() -> None:
    make_login()
    client = browser()
    fail(client, 4)
    assert log_in(client).status_code == 302
    assert not Lockout.objects.exists()


def test_each_lock_lasts_twice_as_long_up_to_four_hours() -> None:
    lasted = []
    for _ in range(6):
        for _ in range(lockout.FAILURES):
            try:
                check_login(login="x", network="192.0.2.0/24", check=lambda: None)
            except Locked as locked:
                lasted.append(round((locked.until - timezone.now()).total_seconds() / 60))
        Lockout.objects.update(locked_until=timezone.now() - datetime.timedelta(seconds=1))
    assert lasted == [15, 30, 60, 120, 240, 240]


def test_what_is_long_ago_counts_no_more() -> None:
    for hours, failures in ((2, 1), (30, 1)):
        for _ in range(4):
            check_login(login="x", network="n", check=lambda: None)
        Lockout.objects.update(last_at=timezone.now() - datetime.timedelta(hours=hours), rounds=3)
        check_login(login="x", network="n", check=lambda: None)
        row = Lockout.objects.get()
        assert (row.failures, row.rounds) == (failures, 3 if hours < 24 else 0)
        row.failures = 0
        row.save()
    Lockout.objects.update(last_at=timezone.now() - datetime.timedelta(hours=30))
    assert purge_lockouts() == 1


def test_a_check_that_breaks_counts_for_nothing_and_forgives_nothing() -> None:
    def broken() -> None:
        raise RuntimeError

    for _ in range(4):
        check_login(login="x", network="n", check=lambda: None)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            check_login(login="x", network="n", check=broken)
    row = Lockout.objects.get()
    assert (row.failures, row.locked_until, row.rounds) == (4, None, 0)
    with pytest.raises(Locked):
        check_login(login="x", network="n", check=lambda: None)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_slip_through_together() -> None:
    checked, refused = [], []

    def one() -> None:
        try:
            check_login(login="x", network="n", check=lambda: checked.append(1))
        except Locked:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(checked) == lockout.FAILURES
    # The one that locks it is told so as well.
    assert len(refused) == 12 - lockout.FAILURES + 1

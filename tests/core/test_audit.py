"""The audit log: who did what, by which door, from where, and a hash that anybody can compute again from the row."""

import asyncio
import contextvars
import threading
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from core.audit import acting, audit_leaf, origin, record_audit
from core.enums import Channel
from core.leaves import leaf_hash
from core.middleware import OriginMiddleware
from core.models import AuditRecord, User
from core.worker import Task

PROXIED = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}


def seen(request: Any, *, num_proxies: int, settings: Any) -> Any:
    """The origin that a view finds."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": num_proxies}
    found = []

    def view(_request: HttpRequest) -> HttpResponse:
        found.append(origin())
        return HttpResponse()

    OriginMiddleware(view)(request)
    return found[0]


@pytest.mark.parametrize(
    ("path", "meta", "num_proxies", "channel", "address"),
    [
        ("/cases/", {"REMOTE_ADDR": "198.51.100.7"}, 0, Channel.PAGE, "198.51.100.7"),
        ("/api/v1/auth/token/", {"REMOTE_ADDR": "2001:db8::7"}, 0, Channel.API, "2001:db8::7"),
        ("/", {"REMOTE_ADDR": "::ffff:198.51.100.7"}, 0, Channel.PAGE, "198.51.100.7"),
        ("/", PROXIED, 0, Channel.PAGE, "10.0.0.1"),
        ("/", PROXIED, 1, Channel.PAGE, "198.51.100.7"),
        ("/", {"REMOTE_ADDR": ""}, 0, Channel.PAGE, ""),
    ],
)
def test_a_request_says_by_which_door_and_from_where(path, meta, num_proxies, channel, address, settings):
    found = seen(RequestFactory().get(path, **meta), num_proxies=num_proxies, settings=settings)

    assert (found.channel, found.address, found.post) == (channel, address, "")


def test_both_sites_know_the_origin_once_the_user_is_known(settings):
    order = settings.MIDDLEWARE

    assert order.index("core.middleware.OriginMiddleware") > order.index(
        "django.contrib.auth.middleware.AuthenticationMiddleware"
    )


def test_outside_of_a_request_it_is_the_console_and_within_a_block_what_the_block_says():
    assert (origin().channel, origin().address) == (Channel.COMMAND, "")

    with acting(post="信访局 受理科 科员"), acting(address="192.0.2.1") as inner:
        assert origin() == inner
        assert (inner.channel, inner.address, inner.post) == (Channel.COMMAND, "192.0.2.1", "信访局 受理科 科员")

    assert origin().post == ""


def test_an_async_view_its_threads_and_its_neighbours_each_know_their_own_origin():
    # given a view that leaves the event loop and comes back while another request is under way
    both = threading.Barrier(2)

    async def view(_request: HttpRequest) -> HttpResponse:
        await asyncio.to_thread(both.wait, 5)
        return HttpResponse(await sync_to_async(lambda: origin().address)())

    async def two() -> list[str]:
        handler = OriginMiddleware(view)
        requests = [AsyncRequestFactory().get("/"), AsyncRequestFactory().get("/")]
        for request, address in zip(requests, ("192.0.2.1", "192.0.2.2"), strict=True):
            request.META["REMOTE_ADDR"] = address
        return [answer.content.decode() for answer in await asyncio.gather(*(handler(request) for request in requests))]

    # then each finds its own
    assert async_to_sync(two)() == ["192.0.2.1", "192.0.2.2"]
    assert origin().address == ""


def test_a_thread_started_by_hand_knows_it_in_a_copy_of_the_context():
    found: list[str] = []
    with acting(address="192.0.2.1"):
        copied = contextvars.copy_context()
        thread = threading.Thread(target=copied.run, args=(lambda: found.append(origin().address),))
        thread.start()
        thread.join()

    assert found == ["192.0.2.1"]


def test_a_task_says_that_a_task_did_it_unless_it_is_called_as_a_function():
    from config.celery import app

    @app.task(name="tests.say_channel", shared=False)
    def say_channel() -> str:
        return origin().channel

    try:
        assert isinstance(say_channel, Task)
        with acting(channel=Channel.PAGE, address="192.0.2.1"):
            assert say_channel() == Channel.PAGE
            assert say_channel.apply().get() == Channel.TASK
    finally:
        app.tasks.unregister("tests.say_channel")


@pytest.mark.db
@pytest.mark.django_db
def test_a_record_keeps_who_what_where_and_under_which_post(django_assert_num_queries):
    actor = User.objects.create_user("sysadmin", display_name="孙磊")

    with acting(channel=Channel.PAGE, address="192.0.2.7", post=lambda: "政务服务局 信息科"), django_assert_num_queries(1):
        made = record_audit(action="unit.renamed", subject="unit:xfj", actor=actor, params={"from": "b", "to": ["a", 1]})

    stored = AuditRecord.objects.select_related("actor").get(uid=made.uid)
    assert (stored.actor, stored.login, stored.post) == (actor, "sysadmin", "政务服务局 信息科")
    assert (stored.channel, stored.address, stored.action) == ("page", "192.0.2.7", "unit.renamed")
    assert leaf_hash(audit_leaf(stored)) == stored.leaf_hash == made.leaf_hash


@pytest.mark.db
@pytest.mark.django_db
def test_who_is_not_known_is_kept_as_typed_on_one_line_and_no_longer_than_its_column():
    made = record_audit(action="login.failed", subject="", actor=None, login="孙\x00磊\n=1+1" + "x" * 300)

    stored = AuditRecord.objects.get(uid=made.uid)
    assert stored.actor is None
    assert stored.login == "孙 磊 =1+1" + "x" * 142
    assert leaf_hash(audit_leaf(stored)) == stored.leaf_hash


@pytest.mark.django_db
def test_a_leaf_is_canonical_json_of_all_columns():
    # Hashes are stored and will be witnessed: these very bytes must stay.
    actor = User.objects.create_user("auditor")
    record = record_audit(action="case.read", subject="case:1", actor=actor, params={"b": "乙", "a": 1})

    assert audit_leaf(record).decode() == (
        f'{{"action":"case.read","actor":"{actor.uid}","address":"","at":"{record.at.isoformat()}","channel":"command",'
        f'"login":"auditor","params":{{"a":1,"b":"乙"}},"post":"","subject":"case:1","uid":"{record.uid}"}}'
    )
    assert set(AuditRecord._meta.get_fields()) == {AuditRecord._meta.get_field(name) for name in COLUMNS}


COLUMNS = ["id", "uid", "at", "actor", "login", "post", "channel", "address", "action", "subject", "params", "leaf_hash"]

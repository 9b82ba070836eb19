"""The page of keys: the security administrator rotates and revokes, everybody else is refused, nothing happens twice."""

from typing import Any

import pytest
from django.test import Client

from core.idempotency import new_key
from core.models import AuditRecord
from internal_bridge.exchange import keys
from internal_bridge.exchange.models import PartyKey
from tests.exchange.peers import Peer, introduce_peer
from tests.org.people import make_login

pytestmark = pytest.mark.django_db

HEADERS = {"accept-language": "zh-hans"}


@pytest.fixture(autouse=True)
def peer(db: None, settings: Any, tmp_path: Any) -> Peer:
    keys._read_private_key.cache_clear()
    return introduce_peer(settings, tmp_path)


def browser(*roles: str) -> Client:
    client = Client(headers=HEADERS)
    client.force_login(make_login(*roles))
    return client


def own(use: str) -> list[PartyKey]:
    return list(PartyKey.objects.filter(party__code="office", use=use).order_by("id"))


@pytest.mark.parametrize("role", ["dispatcher", "sysadmin", "auditor"])
def test_others_are_refused_operators_too(role: str) -> None:
    client = browser(role)
    kid = own("sign")[0].kid
    form = {"reason": "试试", "typed_kid": kid, "idempotency_key": new_key()}
    before = PartyKey.objects.count()
    assert client.get("/bridge/keys/").status_code == 403
    assert client.post("/bridge/keys/rotate/", form).status_code == 403
    assert client.post(f"/bridge/keys/{kid}/revoke/", form).status_code == 403
    assert (PartyKey.objects.count(), PartyKey.objects.filter(revoked_at=None).count()) == (before, before)


def test_keys_are_rotated_once_however_often_it_is_sent() -> None:
    client = browser("secadmin")
    assert "密钥" in client.get("/bridge/keys/").content.decode()
    form = {"reason": "例行轮换", "idempotency_key": new_key()}

    for _ in range(2):
        assert client.post("/bridge/keys/rotate/", form).status_code == 303

    assert (len(own("sign")), len(own("seal"))) == (2, 2)
    assert own("sign")[0].valid_to
    assert AuditRecord.objects.filter(action="key.made").count() == 2
    assert client.post("/bridge/keys/rotate/", {**form, "reason": "另一个"}).status_code == 409


def test_a_key_is_revoked_with_its_id_typed_again() -> None:
    client = browser("secadmin")
    client.post("/bridge/keys/rotate/", {"reason": "例行轮换", "idempotency_key": new_key()})
    kid = own("sign")[0].kid
    address = f"/bridge/keys/{kid}/revoke/"
    form = {"reason": "疑似泄露", "idempotency_key": new_key()}

    wrong = client.post(address, {**form, "typed_kid": kid[:-1]})
    assert wrong.status_code == 400
    assert "与该密钥的编号不一致" in wrong.content.decode()
    assert "疑似泄露" in wrong.content.decode()
    assert own("sign")[0].revoked_at is None

    for _ in range(2):
        assert client.post(address, {**form, "typed_kid": kid}).status_code == 303
    assert own("sign")[0].revoked_reason == "疑似泄露"
    assert AuditRecord.objects.filter(action="key.revoked").count() == 1
    # The last valid one is not revoked here.
    last = own("sign")[1].kid
    refused = client.post(f"/bridge/keys/{last}/revoke/", {"reason": "停止", "typed_kid": last, "idempotency_key": new_key()})
    assert refused.status_code == 409
    assert "最后一把有效密钥" in refused.content.decode()
    assert client.post("/bridge/keys/no-such-key/revoke/", form).status_code == 404
    assert client.get(address).status_code == 302

"""Keys: made once, rotated with an overlap, revoked at once, destroyed when nothing needs them, read where they are kept."""

import datetime
import json
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.events import events_of
from internal_bridge.exchange import keys
from internal_bridge.exchange.enums import IncomingState, KeyUse
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.models import IncomingMessage, Party, PartyKey
from internal_bridge.exchange.rotation import REST, destroy_key, key_states, revoke_key, rotate_keys

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def forget_keys():
    """Private keys are read once a process; each test has its own."""
    keys._read_private_key.cache_clear()
    yield
    keys._read_private_key.cache_clear()


def own(settings, use):
    return PartyKey.objects.filter(party__code=settings.EXCHANGE_PARTY, use=use).order_by("id")


def command(*arguments):
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue().split("\n")[:-1]


def test_keys_are_made_once(settings, tmp_path):
    settings.EXCHANGE_KEYS_DIR = tmp_path / "keys"
    assert len(command("make")) == 2
    assert command("make") == []
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in settings.EXCHANGE_KEYS_DIR.iterdir())


def test_making_keys_brings_the_types_up_to_date(peer):
    Party.objects.create(code="county", may_send=["case.status"])
    Party.objects.exclude(code="county").update(may_send=["nothing.known"])

    command("make")

    assert {party.code: party.may_send for party in Party.objects.all()} == {**keys.PARTY_TYPES, "county": ["case.status"]}


def test_a_rotated_key_counts_on_for_the_overlap(peer, settings):
    old = keys.signing_kid()
    before = keys.sealing_key(settings.EXCHANGE_PARTY)[0]

    made = rotate_keys(valid_from=timezone.now())

    assert {key.use for key in made} == set(KeyUse)
    assert keys.signing_kid() == made[0].kid != old
    assert keys.sealing_key(settings.EXCHANGE_PARTY)[0] == made[1].kid != before
    keys.verification_key(old)
    assert keys.private_sealing_key(before)
    with time_machine.travel(timezone.now() + 31 * DAY), pytest.raises(Refused):
        keys.verification_key(old)


def test_a_rotation_can_be_planned_for_when_the_peer_has_the_new_key(peer, settings):
    old = keys.signing_kid()
    command("rotate", "--from", (timezone.now() + 10 * DAY).isoformat(), "--overlap", "7")

    assert keys.signing_kid() == old
    states = {state.state for state in key_states(party=settings.EXCHANGE_PARTY)}
    assert states == {"current", "next"}
    with time_machine.travel(timezone.now() + 11 * DAY):
        assert keys.signing_kid() != old
        keys.verification_key(old)
    with time_machine.travel(timezone.now() + 18 * DAY), pytest.raises(Refused):
        keys.verification_key(old)


def test_rotating_twice_does_not_prolong_the_old_key(peer, settings):
    rotate_keys(valid_from=timezone.now(), overlap=DAY)
    first = own(settings, KeyUse.SIGN)[0]
    end = first.valid_to
    rotate_keys(valid_from=timezone.now(), overlap=30 * DAY)
    first.refresh_from_db()
    assert first.valid_to == end
    assert len({key.kid for key in own(settings, KeyUse.SIGN)}) == 3


def test_a_revoked_key_counts_no_more(peer, settings):
    old = keys.signing_kid()
    rotate_keys(valid_from=timezone.now())

    command("revoke", old, "--reason", "磁盘失窃")

    with pytest.raises(Refused):
        keys.verification_key(old)
    key = PartyKey.objects.get(kid=old)
    assert key.revoked_reason == "磁盘失窃"
    assert [event.name for event in events_of(f"key:{old}")] == ["key_revoked"]
    with pytest.raises(CommandError, match="already"):
        command("revoke", old, "--reason", "再次")


def test_a_peers_key_is_revoked_too(peer, effects):
    kid = PartyKey.objects.get(party__code=peer.code, use=KeyUse.SIGN).kid
    signed = peer.message("one")
    revoke_key(kid=kid, reason="对方通知", force=True)
    with pytest.raises(Refused):
        peer.bring(signed)
    assert effects == []


def test_the_last_key_is_revoked_only_by_force(peer):
    kid = keys.signing_kid()
    with pytest.raises(CommandError, match="last valid key"):
        command("revoke", kid, "--reason", "失窃")
    command("revoke", kid, "--reason", "失窃", "--force")
    with pytest.raises(ImproperlyConfigured):
        keys.signing_kid()


@pytest.mark.parametrize("arguments", [["revoke", "nobody", "--reason", "失窃"], ["destroy", "nobody"]])
def test_an_unknown_key_is_named_as_such(peer, arguments):
    with pytest.raises(CommandError, match="no such key"):
        command(*arguments)


def test_a_peer_hears_of_ends_and_revocations_by_import(peer, settings):
    with peer.acting():
        old = keys.signing_kid()
        rotate_keys(valid_from=timezone.now())
        revoke_key(kid=old, reason="失窃")
        exported = keys.export_keys()
    PartyKey.objects.filter(party__code=peer.code).update(valid_to=None, revoked_at=None)
    added = PartyKey.objects.filter(party__code=peer.code).exclude(kid=old).order_by("-id").first()
    added.delete()

    made = keys.import_keys(exported)

    assert [key.kid for key in made] == [added.kid]
    assert PartyKey.objects.get(kid=old).revoked_at
    assert PartyKey.objects.get(kid=old).valid_to
    exported["keys"] = [{**key, "revoked_at": None} for key in exported["keys"]]
    keys.import_keys(exported)
    assert PartyKey.objects.get(kid=old).revoked_at


def test_an_id_never_stands_for_another_key(peer, settings):
    with peer.acting():
        exported = keys.export_keys()
    exported["keys"][0]["public_key"] = "00" * 32
    with pytest.raises(Refused):
        keys.import_keys(exported)
    exported["keys"] = [{**exported["keys"][0], "kid": keys.signing_kid()}]
    with pytest.raises(Refused):
        keys.import_keys(exported)


@pytest.mark.parametrize("by_file", [False, True])
def test_a_private_key_may_come_from_the_environment(peer, settings, monkeypatch, tmp_path, by_file):
    kid = keys.signing_kid()
    path = keys.key_path(kid)
    pem = path.read_text()
    path.unlink()
    with pytest.raises(ImproperlyConfigured):
        keys.private_signing_key(kid)
    variable = f"EXCHANGE_KEY_{kid.upper().replace('-', '_')}"
    if by_file:
        (tmp_path / "elsewhere").write_text(pem)
        monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "elsewhere"))
    else:
        monkeypatch.setenv(variable, pem)
    assert keys.private_signing_key(kid)


def test_a_demo_key_works_in_no_other_mode(peer, settings):
    kid = keys.signing_kid()
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        keys.private_signing_key(kid)


def test_a_key_is_destroyed_only_when_nothing_needs_it(peer, settings, effects):
    kid = keys.sealing_key(settings.EXCHANGE_PARTY)[0]
    stream = "case:01900000-0000-7000-8000-00000000000a"
    sealed = peer.sealed({"text": "one"}, stream=stream, type="test.ping.v1")
    peer.bring(peer.message("never:1", stream=stream, data={"text": "never:1", "sealed": sealed}))
    rotate_keys(valid_from=timezone.now(), overlap=DAY)

    with pytest.raises(Refused, match="out of use"):
        destroy_key(kid=kid)
    with time_machine.travel(timezone.now() + REST + 2 * DAY):
        with pytest.raises(Refused, match="not been applied"):
            destroy_key(kid=kid)
        IncomingMessage.objects.update(state=IncomingState.APPLIED)
        command("destroy", kid)
        assert not keys.key_path(kid).exists()
        with pytest.raises(CommandError, match="no private key"):
            command("destroy", kid)
    # What it signed or opened can still be told by name.
    assert PartyKey.objects.filter(kid=kid).exists()
    assert [event.name for event in events_of(f"key:{kid}")] == ["key_destroyed"]


def test_a_key_from_the_environment_is_not_destroyed_here(peer, settings, monkeypatch):
    kid = keys.sealing_key(settings.EXCHANGE_PARTY)[0]
    monkeypatch.setenv(f"EXCHANGE_KEY_{kid.upper().replace('-', '_')}", keys.key_path(kid).read_text())
    rotate_keys(valid_from=timezone.now(), overlap=DAY)
    with time_machine.travel(timezone.now() + REST + 2 * DAY), pytest.raises(Refused, match="environment"):
        destroy_key(kid=kid)


def test_the_list_says_what_each_key_is_good_for(peer, settings):
    old = keys.signing_kid()
    rotate_keys(valid_from=timezone.now())
    revoke_key(kid=old, reason="失窃")
    lines = {line.split()[0]: line for line in command("list")}
    assert " revoked " in lines[old]
    assert lines[old].endswith("失窃")
    assert " current " in lines[keys.signing_kid()]
    assert len(lines) == PartyKey.objects.count()


def test_the_export_holds_no_private_half(peer, settings):
    text = "\n".join(command("export"))
    assert {key["kid"] for key in json.loads(text)["keys"]} == {key.kid for use in KeyUse for key in own(settings, use)}
    for path in settings.EXCHANGE_KEYS_DIR.glob("*.pem"):
        body = path.read_text().split("\n")[1]
        assert body not in text


@pytest.mark.parametrize("text", ["{}", "[]", "no json"])
def test_what_is_no_export_is_refused(peer, tmp_path, text):
    (tmp_path / "export.json").write_text(text)
    with pytest.raises(CommandError, match="not an export"):
        command("import", str(tmp_path / "export.json"))

"""Who wrote: under a key of the case's own, in clear nowhere, and found again blind."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from core import keyring
from core.events import events_of
from core.files import path_of
from core.keyring import UnwrapError, unwrap, wrapped_by
from internal_bridge.casework.identity import IDENTITY_FIELDS, CaseKey
from internal_bridge.casework.models import Case, CaseIdentity, IdentityIndex
from internal_bridge.exchange.models import IncomingMessage
from tests.casework.files import make_file, page, register
from tests.casework.letters import Letter
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

WHO = {
    "name": "planted-name 韦国强",
    "phone": "13700003518",
    "email": "planted.mail@example.com",
    "representatives": [{"name": "planted-rep", "phone": "13711110000"}, {"name": "planted-two", "phone": "1371111 0000"}],
    "on_behalf_of": {"name": "planted-old", "relation": "planted-son"},
}


def identity_of(case: Case) -> dict[str, Any]:
    return json.loads(CaseKey.of(case).decrypt("identity", bytes(case.identity.box)))


# --- Identity ------------------------------------------------------------------------------------------------------------


def test_identity_is_kept_under_the_cases_own_key(peer):
    case = register(peer, **WHO)

    assert identity_of(case) == WHO
    assert set(WHO) == set(IDENTITY_FIELDS)
    assert wrapped_by(bytes(case.identity.wrapped_key)) == "demo-wrap-1"


def test_every_case_has_another_key(peer):
    cases = [register(peer, **WHO) for _ in range(3)]

    assert len({unwrap(bytes(case.identity.wrapped_key)) for case in cases}) == 3
    assert len({bytes(case.identity.box) for case in cases}) == 3


def test_who_gave_no_name_has_an_empty_identity_that_looks_like_another(peer):
    case = register(peer, name="", phone="", email="", representatives=[], on_behalf_of=None)

    assert identity_of(case) == {"name": "", "phone": "", "email": "", "representatives": [], "on_behalf_of": None}
    assert not case.identity_indexes.exists()


def test_nothing_of_it_is_anywhere_in_clear(peer, caplog):
    file = make_file()
    case = register(peer, file, **WHO)

    digits = ["13700003518", "13711110000", "1371111 0000"]
    stored = dump_tables()
    assert find_planted(["planted", "韦国强", *digits, file.key.hex()], stored) == []
    for event in events_of(case.subject):
        assert "planted" not in str(event.params)
    assert "planted" not in caplog.text
    assert file.plain not in b"".join(
        path.read_bytes() for path in path_of(file.digest).parents[1].rglob("*") if path.is_file()
    )


def test_a_box_that_is_moved_to_another_case_does_not_open_there(peer):
    one, two = register(peer, **WHO), register(peer, name="别人")
    CaseIdentity.objects.filter(case=two).update(wrapped_key=one.identity.wrapped_key, box=one.identity.box)

    with pytest.raises(InvalidTag):
        identity_of(Case.objects.get(pk=two.pk))


def test_a_database_without_its_keyring_opens_nothing(peer, settings, tmp_path):
    case = register(peer, **WHO)
    settings.KEYRING_DIR = tmp_path / "stolen"
    keyring.make_keys()

    with pytest.raises(UnwrapError):
        identity_of(case)


def test_after_a_rotation_old_and_new_cases_open(peer):
    old = register(peer, **WHO)
    keyring.rotate_key()
    new = register(peer, **WHO)

    assert [wrapped_by(bytes(case.identity.wrapped_key)) for case in (old, new)] == ["demo-wrap-1", "demo-wrap-2"]
    assert identity_of(old) == identity_of(new) == WHO


def test_without_a_keyring_no_case_is_opened_and_the_message_waits(peer, settings):
    settings.KEYRING_DIR = settings.KEYRING_DIR / "missing"
    Letter(**WHO).bring(peer)

    assert not Case.objects.exists()
    assert IncomingMessage.objects.get().state == "waiting"


# --- Who has written before ----------------------------------------------------------------------------------------------


def test_phone_numbers_are_indexed_once_and_blind(peer):
    case = register(peer, **WHO)

    digests = set(case.identity_indexes.values_list("digest", flat=True))
    assert digests == {keyring.blind_index(keyring.PHONE, number) for number in ("13700003518", "13711110000")}
    assert IdentityIndex.objects.count() == 2


def test_the_page_says_how_often_a_number_has_been_given_before_and_not_which(peer, office):
    first = register(peer, phone="0788-1234567")
    register(peer, phone="13900000000")
    second = register(peer, phone="13911112222", representatives=[{"name": "甲", "phone": "07881234567"}])
    third = register(peer, phone="+86 788 1234567", representatives=[{"name": "乙", "phone": "13911112222"}])

    assert "同一电话" not in page(office, first)
    assert "同一电话此前来件1次" in page(office, second)
    html = page(office, third)
    # Two numbers in common with the second count as one case.
    assert "同一电话此前来件2次" in html
    assert "身份保密" in html
    assert not any(number in html for number in ("1234567", "13911112222", "韦国强"))


def test_what_one_may_not_see_is_not_counted(peer, office, dispatcher, monkeypatch):
    hidden = register(peer, phone="13900000000")
    case = register(peer, phone="13900000000")
    querysets = type(Case.objects.all())
    monkeypatch.setattr(querysets, "visible_to", lambda self, person: self.exclude(pk=hidden.pk))

    assert "同一电话" not in page(office, case)

"""The office's keyring: keys outside of the database that wrap data keys and blind numbers."""

import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from core import keyring
from core.keyring import ID_NUMBER, PHONE, UnwrapError, blind_index, new_data_key, unwrap, wrap, wrapped_by


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A keyring with its first keys."""
    settings.KEYRING_DIR = tmp_path / "ring"
    keyring.make_keys()
    return settings.KEYRING_DIR


# --- Wrapping ------------------------------------------------------------------------------------------------------------


def test_what_is_wrapped_opens_and_is_not_there_in_clear(folder):
    key = new_data_key()

    box = wrap(key)

    assert unwrap(box) == key
    assert key not in box
    assert wrapped_by(box) == "demo-wrap-1"


def test_a_new_key_wraps_and_the_old_ones_still_open(folder):
    old, key = wrap(b"a" * 32), new_data_key()
    assert keyring.rotate_key() == "demo-wrap-2"

    new = wrap(key)

    assert (wrapped_by(old), wrapped_by(new)) == ("demo-wrap-1", "demo-wrap-2")
    assert (unwrap(old), unwrap(new)) == (b"a" * 32, key)


def test_the_tenth_key_is_newer_than_the_ninth(folder):
    for _ in range(9):
        keyring.rotate_key()

    assert wrapped_by(wrap(new_data_key())) == "demo-wrap-10"


def test_no_altered_box_opens(folder):
    box = wrap(new_data_key())

    for place in range(len(box)):
        for bit in range(8):
            altered = bytearray(box)
            altered[place] ^= 1 << bit
            # An id of the altered form may name a key that is not there.
            with pytest.raises((UnwrapError, ImproperlyConfigured)):
                unwrap(bytes(altered))


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x01\x0b", b"\x02\x06wrap-1" + bytes(40), b"\x01\x05../.." + bytes(40)])
def test_what_is_no_box_is_refused(folder, box):
    with pytest.raises(UnwrapError):
        unwrap(box)


def test_the_index_key_wraps_nothing(folder):
    name = b"demo-index-1"
    box = wrap(new_data_key())
    forged = bytes([1, len(name)]) + name + box[2 + box[1] :]

    with pytest.raises(UnwrapError):
        unwrap(forged)


def test_without_the_key_that_it_names_a_box_stays_closed(folder):
    box = wrap(new_data_key())
    (folder / "demo-wrap-1.key").unlink()

    with pytest.raises(ImproperlyConfigured, match="no key 'demo-wrap-1'"):
        unwrap(box)


# --- Blind index ---------------------------------------------------------------------------------------------------------

SAME_PHONE = ["0788-1234567", "07881234567", "+86 788 1234567", "00867881234567", "(0788) 123 4567", "０７８８-1234567"]
SAME_MOBILE = ["13700003518", "137 0000 3518", "+8613700003518", "8613700003518", "0086-137-0000-3518", "＋86 13700003518"]


@pytest.mark.parametrize("same", [SAME_PHONE, SAME_MOBILE])
def test_a_number_is_found_however_it_was_written(folder, same):
    assert len({blind_index(PHONE, written) for written in same}) == 1


def test_other_numbers_and_other_kinds_do_not_meet(folder):
    values = [(PHONE, "13700003518"), (PHONE, "13700003519"), (PHONE, "86137000"), (ID_NUMBER, "13700003518")]

    assert len({blind_index(kind, value) for kind, value in values}) == len(values)


def test_an_id_number_may_end_in_a_small_x(folder):
    assert blind_index(ID_NUMBER, "11010519491231002x") == blind_index(ID_NUMBER, " 110105 19491231 002X")


@pytest.mark.parametrize("value", ["", "  ", "-", "000"])
def test_nothing_to_compare_is_not_indexed(folder, value):
    assert blind_index(PHONE, value) == ""


@given(
    digits=st.text("0123456789", min_size=1, max_size=15),
    separators=st.lists(st.sampled_from([" ", "-", "(", "）"]), max_size=4),
)
def test_separators_change_nothing(digits, separators):
    written = digits
    for place, separator in enumerate(separators):
        written = f"{written[:place]}{separator}{written[place:]}"

    assert keyring._normal_phone(written) == keyring._normal_phone(digits)


def test_with_another_key_the_same_number_is_another_digest(folder, settings, tmp_path):
    here = blind_index(PHONE, "13700003518")
    settings.KEYRING_DIR = tmp_path / "other"
    keyring.make_keys()

    assert blind_index(PHONE, "13700003518") != here
    assert len(here) == 64


def test_a_new_wrapping_key_changes_no_digest(folder):
    before = blind_index(PHONE, "13700003518")
    keyring.rotate_key()

    assert blind_index(PHONE, "13700003518") == before


# --- Keys ----------------------------------------------------------------------------------------------------------------


def test_keys_are_made_once_for_their_owner_alone(folder):
    assert keyring.key_ids() == ["demo-wrap-1", "demo-index-1"]
    assert keyring.make_keys() == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(bytes.fromhex(path.read_text())) == 32
    assert len({path.read_text() for path in folder.iterdir()}) == 2


def test_demo_keys_do_nothing_outside_of_the_demo(folder, settings):
    box = wrap(new_data_key())
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured, match="demo key"):
        unwrap(box)
    with pytest.raises(ImproperlyConfigured, match="no wrap key"):
        wrap(new_data_key())
    with pytest.raises(ImproperlyConfigured, match="no index key"):
        blind_index(PHONE, "13700003518")


def test_a_real_start_after_a_demo_makes_keys_of_its_own(folder, settings):
    settings.DEMO = False

    assert keyring.make_keys() == ["wrap-2", "index-2"]
    assert wrapped_by(wrap(new_data_key())) == "wrap-2"


@pytest.mark.parametrize("content", ["", "00" * 31, "00" * 33, "zz" * 32, "密钥"])
def test_a_damaged_key_is_named_and_wraps_nothing(folder, content):
    (folder / "demo-wrap-1.key").write_text(content, encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match="demo-wrap-1"):
        wrap(new_data_key())


def test_other_files_in_the_folder_are_no_keys(folder):
    for name in ("secret-key", "office-sign-1.pem", "wrap-.key", "wrap-01.key", "wrap-1.key.bak", "WRAP-9.key"):
        (folder / name).write_text("00" * 32)

    assert keyring.key_ids() == ["demo-wrap-1", "demo-index-1"]


def test_a_site_without_a_keyring_says_so(settings):
    settings.KEYRING_DIR = None

    for use in (lambda: wrap(new_data_key()), lambda: blind_index(PHONE, "1"), keyring.make_keys, keyring.key_ids):
        with pytest.raises(ImproperlyConfigured, match="no keyring"):
            use()


# --- The command ---------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("keyring", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_the_command_makes_rotates_and_lists(settings, tmp_path):
    settings.KEYRING_DIR = tmp_path

    assert run("make") == ["demo-wrap-1", "demo-index-1"]
    assert run("make") == []
    assert run("rotate") == ["demo-wrap-2"]
    assert run("list") == ["demo-wrap-1", "demo-wrap-2 *", "demo-index-1 *"]
    secrets = [path.read_text().strip() for path in tmp_path.iterdir()]
    assert not any(secret in line for secret in secrets for line in run("list"))


def test_the_command_says_that_there_is_no_keyring(settings):
    settings.KEYRING_DIR = None

    with pytest.raises(CommandError, match="KEYRING_DIR"):
        run("make")


def test_only_the_office_has_a_keyring():
    office = os.environ["DJANGO_SETTINGS_MODULE"] == "tests.settings_office"

    from django.conf import settings

    assert hasattr(settings, "KEYRING_DIR") == office

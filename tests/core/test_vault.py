"""Sealing: what was sealed comes back whole to whoever holds the key in the right place, and to nobody else."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from core import vault
from core.vault import (
    CODE_ALPHABET,
    InvalidCode,
    Sealed,
    SealError,
    binding,
    canonical_code,
    citizen_key,
    citizen_kid,
    format_code,
    new_receipt_code,
    seal,
    seal_kid,
    unseal,
)

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PLACE = {"sender": "portal", "recipient": "office", "stream": "case:1", "seq": 1, "type": "cn.zhengqiao.petition.submitted.v1"}
INFO = binding(**PLACE)
CODE = "0123-4567-89AB-CDEF-GHJK"
NUMBER = "20260102-123456-3"

# What JSON can hold: text without lone surrogates, whole numbers, finite floats.
TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def sealed_by_us(content: object = "路灯不亮", *, kid: str = "office-seal-1", info: bytes = INFO) -> Sealed:
    return seal(content, public_key=KEY.public_key().public_bytes_raw(), kid=kid, info=info)


def hostile(inner: bytes) -> Sealed:
    """A seal in perfect order around an inside that nobody of ours would write."""
    box = bytes([vault.SEAL_FORMAT, 1]) + b"k" + vault.SUITE.encrypt(inner, KEY.public_key(), INFO)
    return Sealed(box=box, commitment="0" * 64)


@settings(max_examples=60, deadline=None)
@given(content=JSON)
def test_what_is_sealed_comes_back_whole(content):
    assert unseal(sealed_by_us(content), private_key=KEY, info=INFO) == content


def test_a_seal_names_its_key_and_survives_json():
    sealed = sealed_by_us(kid="office-seal-20261101")

    again = Sealed.from_json(json.loads(json.dumps(sealed.as_json())))

    assert again == sealed
    assert seal_kid(again.box) == "office-seal-20261101"


def test_the_same_content_never_looks_the_same():
    one, other = sealed_by_us(), sealed_by_us()

    assert one.box != other.box
    assert one.commitment != other.commitment


def test_the_commitment_proves_the_plaintext_to_whoever_learns_the_salt():
    sealed = sealed_by_us({"title": "路灯"})
    inner = json.loads(vault.SUITE.decrypt(sealed.box[2 + len("office-seal-1") :], KEY, INFO))

    assert len(bytes.fromhex(inner["salt"])) == 32
    assert sealed.commitment == hashlib.sha256(bytes.fromhex(inner["salt"]) + inner["plaintext"].encode()).hexdigest()


def test_another_key_does_not_open_it():
    with pytest.raises(SealError):
        unseal(sealed_by_us(), private_key=X25519PrivateKey.generate(), info=INFO)


@pytest.mark.parametrize(
    "moved",
    [
        {"sender": "county"},
        {"recipient": "citizen"},
        {"stream": "case:2"},
        {"seq": 2},
        {"type": "cn.zhengqiao.petition.submitted.v2"},
    ],
    ids=lambda moved: next(iter(moved)),
)
def test_a_seal_moved_to_another_place_does_not_open(moved):
    with pytest.raises(SealError):
        unseal(sealed_by_us(), private_key=KEY, info=binding(**PLACE | moved))


def test_the_binding_is_the_compact_json_that_the_specification_says():
    # Stored seals depend on these very bytes.
    assert INFO == b'["zq1","portal","office","case:1",1,"cn.zhengqiao.petition.submitted.v1"]'
    assert binding(**PLACE | {"stream": "专题"}) == (
        '["zq1","portal","office","专题",1,"cn.zhengqiao.petition.submitted.v1"]'.encode()
    )


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_can_be_flipped(position, bit):
    sealed = sealed_by_us()
    # The key's name is a hint where to look, not part of what is protected.
    protected = [0, 1, *range(2 + len("office-seal-1"), len(sealed.box))]
    box = bytearray(sealed.box)
    box[protected[position % len(protected)]] ^= 1 << bit

    with pytest.raises(SealError):
        unseal(Sealed(box=bytes(box), commitment=sealed.commitment), private_key=KEY, info=INFO)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda box: b"", id="nothing"),
        pytest.param(lambda box: box[:1], id="one byte"),
        pytest.param(lambda box: bytes([2]) + box[1:], id="a format that is none"),
        pytest.param(lambda box: box[:1] + b"\xff" + box[2:20], id="a name longer than the box"),
        pytest.param(lambda box: box[:2] + b"\xff" + box[3:], id="a name that is not ASCII"),
        pytest.param(lambda box: box[:-1], id="cut off"),
        pytest.param(lambda box: box[:15], id="header only"),
        pytest.param(lambda box: box + b"\0", id="something behind"),
    ],
)
def test_a_damaged_box_is_refused(damage):
    sealed = sealed_by_us()

    with pytest.raises(SealError):
        unseal(Sealed(box=damage(sealed.box), commitment=sealed.commitment), private_key=KEY, info=INFO)


@pytest.mark.parametrize("commitment", ["0" * 64, "", "不"])
def test_content_that_does_not_fit_its_commitment_is_refused(commitment):
    with pytest.raises(SealError):
        unseal(Sealed(box=sealed_by_us().box, commitment=commitment), private_key=KEY, info=INFO)


@pytest.mark.parametrize(
    "inner",
    [
        b"",
        b"not json",
        b"\xff",
        b"[]",
        b"{}",
        b'{"salt": "00"}',
        b'{"salt": 1, "plaintext": "1"}',
        b'{"salt": "zz", "plaintext": "1"}',
        b'{"salt": "00", "plaintext": {}}',
        b'{"salt": "00", "plaintext": "\\ud800"}',
        b"[" * 100_000,
    ],
    ids=lambda inner: inner[:30].decode(errors="replace"),
)
def test_an_inside_that_nobody_of_ours_would_write_is_refused_like_a_broken_seal(inner):
    with pytest.raises(SealError):
        unseal(hostile(inner), private_key=KEY, info=INFO)


def test_a_committed_plaintext_that_is_no_json_is_refused():
    salt = "00" * 32
    inner = json.dumps({"salt": salt, "plaintext": "no json"}).encode()
    commitment = hashlib.sha256(bytes.fromhex(salt) + b"no json").hexdigest()

    with pytest.raises(SealError):
        unseal(Sealed(box=hostile(inner).box, commitment=commitment), private_key=KEY, info=INFO)


# --- The receipt code --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("0123-4567-89AB-CDEF-GHJK", id="as printed"),
        pytest.param("0123456789ABCDEFGHJK", id="without hyphens"),
        pytest.param("0123-4567-89ab-cdef-ghjk", id="lower case"),
        pytest.param("0123 4567 89AB CDEF GHJK", id="spaces"),
        pytest.param("  0123-4567-\t89AB-CDEF\n-GHJK ", id="spaces around and inside"),
        pytest.param("0123\u30004567\u00a089ABCDEFGHJK", id="Chinese and no-break spaces"),
        pytest.param("O123-4567-89AB-CDEF-GHJK", id="O for 0"),
        pytest.param("o123-4567-89AB-CDEF-GHJK", id="small o for 0"),
        pytest.param("0I23-4567-89AB-CDEF-GHJK", id="I for 1"),
        pytest.param("0i23-4567-89AB-CDEF-GHJK", id="small i for 1"),
        pytest.param("0L23-4567-89AB-CDEF-GHJK", id="L for 1"),
        pytest.param("0l23-4567-89AB-CDEF-GHJK", id="small l for 1"),
        pytest.param("-0-1-2-3-4-5-6-7-8-9-A-B-C-D-E-F-G-H-J-K-", id="a hyphen everywhere"),
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert canonical_code(typed) == "0123456789ABCDEFGHJK"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("0123-4567-89AB-CDEF-GHJ", id="19 characters"),
        pytest.param("0123-4567-89AB-CDEF-GHJKM", id="21 characters"),
        pytest.param("U123-4567-89AB-CDEF-GHJK", id="U, which stands for nothing"),
        pytest.param("!123-4567-89AB-CDEF-GHJK", id="a sign"),
        pytest.param("０123-4567-89AB-CDEF-GHJK", id="a full-width digit"),
        pytest.param("٣123-4567-89AB-CDEF-GHJK", id="an Arabic digit"),
        pytest.param("0123_4567_89AB_CDEF_GHJK", id="underscores"),
        pytest.param("\x00123-4567-89AB-CDEF-GHJK", id="a zero byte"),
        pytest.param("回执码回执码回执码回执码回执码回执码回执", id="20 Chinese characters"),
    ],
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(InvalidCode):
        canonical_code(typed)


@given(st.text(alphabet=CODE_ALPHABET, min_size=20, max_size=20))
def test_the_printed_form_stands_for_the_code(code):
    assert canonical_code(format_code(code)) == code
    assert canonical_code(format_code(code).lower()) == code


def test_new_codes_have_five_groups_of_our_alphabet_and_differ():
    codes = {new_receipt_code() for _ in range(200)}

    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4] * 5
        assert canonical_code(code) == code.replace("-", "")


def test_the_parameters_of_the_citizens_key_never_change():
    """Known answer of version 1: other parameters would lock every citizen out of what is stored."""
    key = citizen_key(CODE, number=NUMBER)

    assert key.public.hex() == "91bc8e7700ea8b7442e8c4509e89c88a6d7a4b40a3197ab53dcbf36fa1f3b26b"
    assert citizen_kid(key.public) == "citizen-2797184a712ab951"


def test_a_code_is_a_key_for_its_own_number_only():
    key = citizen_key(CODE, number=NUMBER)

    assert key.matches(citizen_key(CODE.lower().replace("-", " "), number=NUMBER).public)
    assert not key.matches(citizen_key(CODE, number="20260102-123457-1").public)
    assert not key.matches(citizen_key("1123-4567-89AB-CDEF-GHJK", number=NUMBER).public)


def test_what_is_sealed_to_a_citizen_opens_with_the_code():
    public = citizen_key(CODE, number=NUMBER).public
    sealed = seal("您好", public_key=public, kid=citizen_kid(public), info=INFO)

    assert unseal(sealed, private_key=citizen_key(CODE, number=NUMBER).private, info=INFO) == "您好"
    X25519PublicKey.from_public_bytes(public)

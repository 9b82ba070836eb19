"""The envelope: a CloudEvents 1.0 JSON, signed as JWS General JSON with Ed25519 (RFC 7515, RFC 8037, RFC 9864).

The payload bytes are kept exactly as signed and never serialised again; their SHA-256 is what the next message of the stream
names as ``prevhash``.
"""

import dataclasses
import datetime
import json
import re
import uuid
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.jws import Signed, decode
from internal_bridge.exchange.keys import private_signing_key, signing_kid, verification_key

TYPE_PREFIX = "cn.zhengqiao."
MESSAGE_TYP = "zq+json"
RECEIPT_TYP = "zq-receipt+json"
MAX_BYTES = 1024 * 1024
STREAM_PATTERN = r"[a-z]+(:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})?"


@dataclasses.dataclass(frozen=True)
class Envelope:
    """A verified message."""

    signed: Signed
    id: uuid.UUID
    sender: str
    recipient: str
    type: str
    time: datetime.datetime
    stream: str
    seq: int
    prevhash: str | None
    data: dict[str, Any]


def sign(payload: bytes, *, typ: str) -> Signed:
    """Sign bytes with this party's current key."""
    kid = signing_kid()
    protected = {"alg": "Ed25519", "kid": kid, "typ": typ}
    key = OKPKey.import_key(private_signing_key(kid))
    document = jws.serialize_json([{"protected": protected}], payload, key, algorithms=["Ed25519"])
    return Signed(
        payload=payload, signatures=[{name: str(value) for name, value in one.items()} for one in document["signatures"]]
    )


def build_payload(
    *,
    id: uuid.UUID,
    sender: str,
    recipient: str,
    type: str,
    time: datetime.datetime,
    stream: str,
    seq: int,
    prevhash: str,
    data: dict[str, Any],
) -> bytes:
    """The UTF-8 bytes of a message's CloudEvents JSON; ``prevhash`` is left out of a stream's first message."""
    event = {
        "specversion": "1.0",
        "id": str(id),
        "source": sender,
        "type": TYPE_PREFIX + type,
        "time": time.isoformat(),
        "datacontenttype": "application/json",
        "recipient": recipient,
        "stream": stream,
        "seq": seq,
        "data": data,
    }
    if prevhash:
        event["prevhash"] = prevhash
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def verify(document: bytes, *, typ: str) -> tuple[str, Signed]:
    """The party that signed a JWS General JSON, and its parts. Raises ``Refused`` unless one valid allow-listed key signed it.

    The protected header holds ``alg``, ``kid`` and ``typ`` and nothing else; an unprotected header is refused.
    """
    if len(document) > MAX_BYTES:
        raise Refused("message too large", status=413)
    try:
        outer = json.loads(document)
        payload = decode(outer["payload"])
        (signature,) = outer["signatures"]
        header = json.loads(decode(signature["protected"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("not a JWS General JSON with one signature") from error
    kid = header.get("kid") if isinstance(header, dict) else None
    if set(outer) != {"payload", "signatures"} or set(signature) != {"protected", "signature"} or not isinstance(kid, str):
        raise Refused("unexpected members in the JWS")
    if header != {"alg": "Ed25519", "kid": kid, "typ": typ}:
        raise Refused("unexpected protected header")
    row, key = verification_key(kid)
    try:
        jws.deserialize_json(outer, OKPKey.import_key(key), algorithms=["Ed25519"])
    except (JoseError, ValueError, TypeError) as error:
        raise Refused("the signature does not fit", status=401) from error
    return row.party.code, Signed(payload=payload, signatures=[signature])


def read_envelope(document: bytes) -> Envelope:
    """Verify a message and read its attributes. Raises ``Refused``; the data is not yet held against its schema."""
    party, signed = verify(document, typ=MESSAGE_TYP)
    try:
        event = json.loads(signed.payload)
        envelope = Envelope(
            signed=signed,
            id=uuid.UUID(event["id"]),
            sender=event["source"],
            recipient=event["recipient"],
            type=event["type"],
            time=datetime.datetime.fromisoformat(event["time"]),
            stream=event["stream"],
            seq=event["seq"],
            prevhash=event.get("prevhash"),
            data=event["data"],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("not a CloudEvents JSON of ours") from error
    if envelope.sender != party:
        raise Refused("signed by another party than its source", status=403)
    if not _well_formed(envelope):
        raise Refused("attributes out of range")
    return envelope


def short_type(type: str) -> tuple[str, int]:
    """``cn.zhengqiao.petition.submitted.v1`` → ``("petition.submitted", 1)``. Raises ``Refused`` for a foreign type."""
    match = re.fullmatch(re.escape(TYPE_PREFIX) + r"([a-z_.]{1,60})\.v(\d{1,3})", type, re.ASCII)
    if match is None:
        raise Refused("unknown kind of type")
    return match[1], int(match[2])


def _well_formed(envelope: Envelope) -> bool:
    seq, prevhash = envelope.seq, envelope.prevhash
    return (
        isinstance(seq, int)
        and not isinstance(seq, bool)
        and 1 <= seq < 2**62
        and (prevhash is None) == (seq == 1)
        and (prevhash is None or re.fullmatch(r"[0-9a-f]{64}", str(prevhash)) is not None)
        and isinstance(envelope.stream, str)
        and re.fullmatch(STREAM_PATTERN, envelope.stream) is not None
        and isinstance(envelope.data, dict)
        and isinstance(envelope.type, str)
        and envelope.time.tzinfo is not None
    )

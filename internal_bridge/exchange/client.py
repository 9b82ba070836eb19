"""The caller's end of the exchange API."""

import base64
import dataclasses
import json
import uuid
from typing import Any

import httpx

from internal_bridge.exchange.challenges import NONCE_HEADER, SignedRequest, sign_request
from internal_bridge.exchange.errors import PeerUnavailable, Refused

CONNECT_TIMEOUT = 5.0
# A poll is held for 25 s at most.
READ_TIMEOUT = 40.0


@dataclasses.dataclass(frozen=True)
class Pulled:
    """The answer to a poll: messages for us, the peer's receipts with their ids, and its clock in Unix seconds."""

    messages: list[bytes]
    receipts: list[tuple[int, bytes]]
    peer_time: float


class ExchangeClient:
    """Calls a peer's exchange API with signed requests; keeps the nonce that each answer brings for the next."""

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        timeout = httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)
        # trust_env: no proxy between two machines of one city.
        self._http = httpx.Client(base_url=base_url, timeout=timeout, transport=transport, trust_env=False)
        self._nonce: str | None = None
        self.holder = str(uuid.uuid4())

    def close(self) -> None:
        self._http.close()

    def pull(self, *, wait: float, delivered: list[int]) -> Pulled:
        """What waits for us; an empty poll is held for ``wait`` seconds. ``delivered`` confirms receipts got before."""
        answer = self._post("pull/", {"holder": self.holder, "wait": wait, "delivered": delivered})
        messages = [base64.b64decode(message) for message in answer["messages"]]
        receipts = [(receipt["id"], base64.b64decode(receipt["body"])) for receipt in answer["receipts"]]
        return Pulled(messages=messages, receipts=receipts, peer_time=answer["now"])

    def push(self, messages: list[bytes]) -> list[bytes | None]:
        """Deliver messages; for each the signed ``stored`` receipt, or None where the peer will not have it."""
        answer = self._post("messages/", {"messages": [base64.b64encode(message).decode() for message in messages]})
        return [base64.b64decode(result["receipt"]) if result["receipt"] else None for result in answer["results"]]

    def post_receipts(self, bodies: list[bytes]) -> None:
        self._post("receipts/", {"receipts": [base64.b64encode(body).decode() for body in bodies]})

    def _post(self, path: str, content: dict[str, Any]) -> Any:
        body = json.dumps(content).encode()
        for _attempt in range(2):
            if self._nonce is None:
                self._remember(self._send("challenge/", b"", signed=False))
            response = self._send(path, body, signed=True)
            self._remember(response)
            # A nonce can be too old after a pause, or lost with the peer's database: try once with a fresh one.
            if response.status_code != 401:
                break
        if response.status_code in (429, 503) or response.status_code >= 500:
            raise PeerUnavailable(f"{path} answered {response.status_code}", retry_after=_retry_after(response))
        if response.status_code >= 400:
            raise Refused(f"{path} answered {response.status_code}", status=response.status_code)
        return response.json()

    def _send(self, path: str, body: bytes, *, signed: bool) -> httpx.Response:
        request = self._http.build_request(
            "POST", f"/exchange/v1/{path}", content=body, headers={"content-type": "application/json"}
        )
        if signed:
            parts = SignedRequest("POST", str(request.url), {"content-type": "application/json"})
            nonce, self._nonce = self._nonce or "", None
            request.headers.update(sign_request(parts, body=body, nonce=nonce))
        try:
            return self._http.send(request)
        except httpx.HTTPError as error:
            raise PeerUnavailable(f"{path}: {type(error).__name__}") from error

    def _remember(self, response: httpx.Response) -> None:
        self._nonce = response.headers.get(NONCE_HEADER)


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None

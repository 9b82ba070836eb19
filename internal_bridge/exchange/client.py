"""The caller's end of the exchange API."""

import base64
import contextlib
import dataclasses
import json
import uuid
from collections.abc import Iterator
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


@dataclasses.dataclass(frozen=True)
class FilePieces:
    """A file as it comes in; ``offset`` is its first byte's place in the whole. Iterating raises ``PeerUnavailable``."""

    offset: int
    response: httpx.Response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.response.iter_raw()
        except httpx.HTTPError as error:
            raise PeerUnavailable(f"a file broke off: {type(error).__name__}") from error


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

    @contextlib.contextmanager
    def open_file(self, digest: str, *, offset: int = 0) -> Iterator["FilePieces"]:
        """The ciphertext of a file from byte ``offset`` on. Raises ``Refused``: 404 for no such file, 416 for no such byte."""
        response = self._call("GET", f"files/{digest}/", headers={"range": f"bytes={offset}-"} if offset else None, stream=True)
        try:
            yield FilePieces(offset=offset if response.status_code == 206 else 0, response=response)
        finally:
            response.close()

    def report_fetched(self, digests: list[str]) -> None:
        """Tell the peer which of its files are here."""
        self._call("POST", "files/fetched/", json.dumps({"digests": digests}).encode())

    def _post(self, path: str, content: dict[str, Any]) -> Any:
        return self._call("POST", path, json.dumps(content).encode()).json()

    def _call(
        self, method: str, path: str, body: bytes = b"", *, headers: dict[str, str] | None = None, stream: bool = False
    ) -> httpx.Response:
        for _attempt in range(2):
            if self._nonce is None:
                self._remember(self._send("POST", "challenge/", b"", signed=False))
            response = self._send(method, path, body, signed=True, headers=headers, stream=stream)
            self._remember(response)
            # A nonce can be too old after a pause, or lost with the peer's database: try once with a fresh one.
            if response.status_code != 401:
                break
            response.close()
        if response.status_code < 400:
            return response
        response.close()
        if response.status_code == 429 or response.status_code >= 500:
            raise PeerUnavailable(f"{path} answered {response.status_code}", retry_after=_retry_after(response))
        raise Refused(f"{path} answered {response.status_code}", status=response.status_code)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        signed: bool,
        headers: dict[str, str] | None = None,
        stream: bool = False,
    ) -> httpx.Response:
        content_type = {"content-type": "application/json"}
        request = self._http.build_request(method, f"/exchange/v1/{path}", content=body, headers=content_type | (headers or {}))
        if signed:
            parts = SignedRequest(method, str(request.url), dict(content_type))
            nonce, self._nonce = self._nonce or "", None
            request.headers.update(sign_request(parts, body=body, nonce=nonce))
        try:
            return self._http.send(request, stream=stream)
        except httpx.HTTPError as error:
            raise PeerUnavailable(f"{path}: {type(error).__name__}") from error

    def _remember(self, response: httpx.Response) -> None:
        self._nonce = response.headers.get(NONCE_HEADER)


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None

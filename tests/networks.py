"""Callers that come from networks of their own: all of 127.0.0.0/8 is this machine, and a /24 of it is one network."""

import httpx


def from_network(n: int) -> httpx.HTTPTransport:
    """How the ``n``-th network reaches a site of this machine. Each may send 60 petitions a minute (core.throttle)."""
    return httpx.HTTPTransport(local_address=f"127.{1 + n // 256 % 250}.{n % 256}.1")

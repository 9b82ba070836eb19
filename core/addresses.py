"""From where a request came."""

import ipaddress
from typing import Any

from rest_framework.throttling import BaseThrottle


def address_of(request: Any) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address of whoever sent ``request``, Django's or DRF's; None when there is none, which only a wrong setting brings.

    ``NUM_PROXIES`` says how many proxies of our own stand in front, as DRF understands it: with 0, X-Forwarded-For is what a
    stranger wrote, and ignored.
    """
    try:
        address = ipaddress.ip_address(str(BaseThrottle().get_ident(request)).partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address

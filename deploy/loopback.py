"""Demo keys and demo passwords are public knowledge: a demo never listens where others can reach it."""

import ipaddress
import os

OFF = {"", "0", "false", "no", "off", "f", "n"}


def is_demo() -> bool:
    """Whether this process was started as a demo. Anything but a clear no counts as yes."""
    return os.environ.get("DEMO", "").strip().lower() not in OFF


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address. A name other than localhost may lead anywhere."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_demo_elsewhere(host: str) -> None:
    """Raises SystemExit when a demo would listen on anything but this machine's own address."""
    if is_demo() and not is_loopback(host):
        raise SystemExit(f"A demo listens on 127.0.0.1 only, not on {host or 'every address'}: unset DEMO on a real server.")

"""What the pages of one's account, and of those who watch over logins, say of a session or a token."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from core.models import ApiToken, User
from core.sessions import NOWHERE, open_sessions
from core.tokens import open_tokens

# The first that fits names it: browsers call themselves by the names of others.
BROWSERS = [
    ("WeChat", r"MicroMessenger"),
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("360", r"\b360SE|\bQihoo"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
]
SYSTEMS = [
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
]


@dataclass(frozen=True)
class SessionRow:
    """A session, in words."""

    pk: int
    person: User
    device: str
    address: str
    since: datetime.datetime
    last_seen: datetime.datetime
    is_this: bool

    @classmethod
    def of(cls, session: UserSession, key: str = "") -> "SessionRow":
        return cls(
            pk=session.pk,
            person=session.user,
            device=device_words(session.user_agent),
            address=address_words(session.ip),
            since=session.created_at,
            last_seen=session.last_seen_at,
            is_this=bool(key) and session.session_key == key,
        )


def sessions_page(person: User, key: str) -> dict[str, Any]:
    """The context of one's own sessions; ``key`` is this one's. It stands first."""
    found = [SessionRow.of(session, key) for session in open_sessions().filter(user=person).select_related("user")]
    rows = sorted(found, key=lambda row: not row.is_this)
    return {
        "rows": rows,
        "has_others": any(not row.is_this for row in rows),
        "tokens": [(token, address_words(token.address)) for token in own_tokens(person)],
    }


def own_tokens(person: User) -> list[ApiToken]:
    """The tokens of ``person`` that count."""
    return list(open_tokens().filter(user=person))


def device_words(user_agent: str) -> str:
    """What a browser says of itself, in two words."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def address_words(address: str | None) -> str:
    """An address, or that there is none."""
    return address if address and address != NOWHERE else _("not known")


def _first(names: list[tuple[str, str]], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")

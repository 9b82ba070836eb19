"""What the security administrator's pages show."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.account_presenters import SessionRow, address_words
from core.accounts import CONSOLE
from core.lockout import active_lockouts
from core.models import ApiToken, Lockout
from core.presenters import Count
from core.sessions import open_sessions
from core.tokens import open_tokens
from internal_bridge.security.forms import ReasonForm
from internal_bridge.security.querysets import of_person

PAGE = 30
# The form of one row that was refused: its id as ``ReasonForm`` prefix, and the form.
Refused = tuple[str, ReasonForm] | None


@dataclass(frozen=True)
class View:
    """One of the pages, with how much it lists."""

    label: str
    url: str
    current: bool
    count: Count


@dataclass(frozen=True)
class TokenRow:
    """A token, in words."""

    token: ApiToken
    address: str
    form: ReasonForm
    opened: bool


@dataclass(frozen=True)
class LockoutRow:
    """A locked login, in words."""

    pk: int
    who: str
    account: str
    network: str
    since: datetime.datetime
    until: datetime.datetime | None
    form: ReasonForm
    opened: bool


@dataclass(frozen=True)
class WatchedSession:
    """A session with the forms that end it, or all of its person's."""

    row: SessionRow
    one: ReasonForm
    all: ReasonForm
    opened_one: bool
    opened_all: bool


def sessions_page(*, text: str, page: int, key: str, refused: Refused = None) -> dict[str, Any]:
    """The context of everybody's sessions; ``key`` is that of one's own session, which cannot be ended here."""
    found, pages = _paged(of_person(open_sessions().select_related("user"), text), text, page)
    rows = [
        WatchedSession(
            row=SessionRow.of(session, key),
            one=_form(f"session-{session.pk}", refused),
            all=_form(f"all-{session.pk}", refused),
            opened_one=_is(f"session-{session.pk}", refused),
            opened_all=_is(f"all-{session.pk}", refused),
        )
        for session in found
    ]
    return {"rows": rows, "q": text, "pages": pages, "views": views("sessions")}


def lockouts_page(*, refused: Refused = None) -> dict[str, Any]:
    """The context of what is locked now: the 100 latest."""
    rows = [_lockout_row(lockout, refused) for lockout in active_lockouts()[:100]]
    return {"rows": rows, "views": views("lockouts")}


def tokens_page(*, text: str, page: int, refused: Refused = None) -> dict[str, Any]:
    """The context of everybody's API tokens."""
    found, pages = _paged(of_person(open_tokens(), text), text, page)
    rows = []
    for token in found:
        name = f"token-{token.pk}"
        rows.append(TokenRow(token, address_words(token.address), _form(name, refused), _is(name, refused)))
    return {"rows": rows, "q": text, "pages": pages, "views": views("tokens")}


def views(current: str) -> list[View]:
    """The three pages."""
    pages: list[tuple[str, str, QuerySet[Any]]] = [
        ("sessions", _("Sessions"), open_sessions()),
        ("lockouts", _("Lockouts"), active_lockouts()),
        ("tokens", _("API tokens"), open_tokens()),
    ]
    return [View(label, reverse(f"security:{name}"), name == current, Count.of(rows)) for name, label, rows in pages]


def _lockout_row(lockout: Lockout, refused: Refused) -> LockoutRow:
    name = f"lockout-{lockout.pk}"
    return LockoutRow(
        pk=lockout.pk,
        who=lockout.user.get_full_name() if lockout.user else _("No such account"),
        account=lockout.user.get_username() if lockout.user else lockout.login_hash[:8],
        network=_("the server's console") if lockout.network == CONSOLE else lockout.network or _("not known"),
        since=lockout.last_at,
        until=lockout.locked_until,
        form=_form(name, refused),
        opened=_is(name, refused),
    )


def _is(name: str, refused: Refused) -> bool:
    return bool(refused and refused[0] == name)


def _form(name: str, refused: Refused) -> ReasonForm:
    if refused and refused[0] == name:
        return refused[1]
    return ReasonForm(auto_id=f"{name}-%s")


def _paged(rows: QuerySet[Any], text: str, page: int) -> tuple[list[Any], dict[str, str]]:
    """The rows of a page, and the addresses of those beside it."""
    start = (page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])

    def address(number: int) -> str:
        return "?" + urlencode({key: value for key, value in (("q", text), ("page", number)) if value})

    return found[:PAGE], {
        "newer": address(page - 1) if page > 1 else "",
        "older": address(page + 1) if len(found) > PAGE else "",
    }

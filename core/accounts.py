"""How people log in, on both sites: with an account that somebody made for them."""

import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.addresses import address_of
from core.audit import record_audit
from core.lockout import Locked, check_login
from core.models import User
from core.sessions import NOWHERE, begin_session, end_own_session
from core.throttle import Busy, Throttled, network_of

# What stands for a network where a command at the server asks: no page can lock it, and it locks no page.
CONSOLE = "console"


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; nobody signs up. Wrong passwords are counted by ``core.lockout``."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The account or the password is wrong. Upper and lower case count in passwords."
        ),
        "enter_current_password": gettext_lazy("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(address_of(request) or NOWHERE)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whoever has these credentials. Raises ``ValidationError`` for a login that is locked, in words for whoever has it."""
        return _find_or_refuse(request, login=credentials["username"], password=credentials["password"])

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        begin_session(request)
        with transaction.atomic():
            record_audit(action="login.succeeded", subject=f"user:{user.uid}", actor=user)

    def logout(self, request: HttpRequest) -> None:
        end_own_session(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


def find_person(request: HttpRequest | None, *, login: str, password: str) -> User | None:
    """Whoever has these credentials and may log in; without a request, at the server's console, a network of its own.

    Raises as ``core.lockout.check_login``.
    """

    def check() -> User | None:
        found = authenticate(request, username=login.strip(), password=password)
        # allauth keeps back people whose login has been shut off, for a page that says so; here they get everybody's answer.
        AuthenticationBackend.unstash_authenticated_user()
        return found if isinstance(found, User) else None

    network = CONSOLE if request is None else network_of(request)
    return check_login(login=login, network=network, check=check)


def person_at_console(*, login: str, password: str) -> User:
    """Who acts by a command at the server's console, under the rules of the login page; audited as a login.

    Raises ``ValidationError``, in words for whoever has typed it: wrong credentials, a login that is locked, a password that an
    administrator gave.
    """
    person = _find_or_refuse(None, login=login, password=password)
    if person is None:
        raise ValidationError(ClosedAccountAdapter.error_messages["username_password_mismatch"], code="wrong")
    if person.must_change_password:
        raise ValidationError(_("Choose a password of your own first, on the login page."), code="given")
    with transaction.atomic():
        record_audit(action="login.succeeded", subject=f"user:{person.uid}", actor=person)
    return person


def _find_or_refuse(request: HttpRequest | None, *, login: str, password: str) -> User | None:
    """``find_person``, with its refusals in words. Raises ``ValidationError``."""
    try:
        return find_person(request, login=login, password=password)
    except Locked as locked:
        raise ValidationError(locked_words(locked), code="locked") from locked
    except (Throttled, Busy) as refusal:
        raise ValidationError(_("Too many attempts from your network. Try again in a few minutes."), code="busy") from refusal


def locked_words(locked: Locked) -> str:
    """What whoever is locked out reads, be it somebody's login or nobody's."""
    until = timezone.localtime(locked.until)
    # The next full minute: never too early.
    clock = (until + datetime.timedelta(seconds=59)).strftime("%H:%M")
    return _(
        "Too many wrong passwords for this account from your network. Try again after %(time)s, or ask the administrator."
    ) % {"time": clock}

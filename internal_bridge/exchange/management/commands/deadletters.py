"""The operators' door to dead letters where there is no page, and beside it where there is one: envelopes, never a content."""

import contextlib
import getpass
import os
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.accounts import person_at_console
from core.idempotency import InvalidKey, KeyReused
from core.models import User
from internal_bridge.exchange import operations
from internal_bridge.exchange.enums import IncomingState, ReleaseAction
from internal_bridge.exchange.figures import dead_letters
from internal_bridge.exchange.models import IncomingMessage, Release
from internal_bridge.exchange.operation_log import operations_of
from internal_bridge.exchange.wording import error_words, party_name, place, type_name

SHOWN = 200
ENVELOPE = ["seq", "sender", "message_id", "type", "received_at", "state", "attempts", "error", "stream__name"]


class Refusal(Exception):
    """What was asked for is not done; its text says why, to whoever asked."""


class Command(BaseCommand):
    help = "List dead letters, show one, have it tried again, or skip it: one operator proposes that, another confirms."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="all dead letters, the oldest first")
        about = {
            "show": "one message: where it stands, why it failed, what was decided about it",
            "retry": "have it tried again, once the cause is mended",
            "propose": "propose that it be skipped; nothing happens until another operator confirms",
            "confirm": "confirm the skip that another operator has proposed: the message never takes effect",
            "decline": "refuse a proposed skip, or take one's own back",
        }
        for name, words in about.items():
            action = actions.add_parser(name, help=words)
            action.add_argument("message_id", help="its id, as the list and the log say it")
            if name == "show":
                continue
            action.add_argument("--by", required=True, metavar="USERNAME", help="who acts; the password is asked for")
            action.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
            action.add_argument("--key", help="idempotency key: a repetition with the same key does nothing twice")
            if name in ("retry", "propose"):
                action.add_argument("--reason", required=True, help="2 to 200 characters; it is recorded")
                action.add_argument("--seen", type=int, help="so many decisions were read (default: those shown now)")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        act: Callable[[dict[str, Any]], None] = getattr(self, f"_{action}")
        with translation.override(terminal_language()):
            try:
                act(options)
            except Refusal as refusal:
                self.stderr.write(str(refusal))
                raise SystemExit(1) from refusal

    def _list(self, options: dict[str, Any]) -> None:
        found = list(dead_letters().select_related("stream").only(*ENVELOPE).order_by("received_at", "pk")[: SHOWN + 1])
        proposed = set(operations.open_proposals().filter(message__in=found).values_list("message_id", flat=True))
        for message in found[:SHOWN]:
            note = _("A skip is proposed: another operator has to confirm it") if message.pk in proposed else ""
            self._say("  ".join(part for part in (*envelope(message), note) if part))
        if not found:
            self._say(_("There are no dead letters."))
        if len(found) > SHOWN:
            self._say(_("There are more than these %(count)d.") % {"count": SHOWN})

    def _show(self, options: dict[str, Any]) -> None:
        self._describe(find(options["message_id"]))

    def _retry(self, options: dict[str, Any]) -> None:
        message = self._release(options, operations.retry_dead_letter)
        message.refresh_from_db(fields=["state"])
        if message.state == IncomingState.DEAD:
            raise Refusal(_("Tried again, and it failed again. Mend the cause before the next try."))
        if message.state == IncomingState.APPLIED:
            self._say(_("Tried again: the message has been processed."))
        else:
            self._say(_("Put back: the message is tried again until it succeeds or is given up."))

    def _propose(self, options: dict[str, Any]) -> None:
        self._release(options, operations.propose_skip)
        self._say(_("The skip is proposed. Another operator has to confirm it."))

    def _confirm(self, options: dict[str, Any]) -> None:
        self._decide(options, operations.confirm_skip)
        self._say(_("The message has been skipped. What waited behind it goes on."))

    def _decline(self, options: dict[str, Any]) -> None:
        self._decide(options, operations.decline_skip)
        self._say(_("The message is not skipped. It still needs a decision."))

    def _release(self, options: dict[str, Any], service: Callable[..., None]) -> IncomingMessage:
        message = find(options["message_id"])
        seen = self._describe(message)
        seen = seen if options["seen"] is None else options["seen"]
        person = who(options)
        with refusals():
            service(person=person, message_id=message.pk, seen=seen, reason=options["reason"], key=options["key"])
        return message

    def _decide(self, options: dict[str, Any], service: Callable[..., None]) -> None:
        message = find(options["message_id"])
        self._describe(message)
        # The latest, settled or not: a repetition with the same key gets its first answer.
        proposal = Release.objects.filter(message=message, action=ReleaseAction.SKIP).order_by("-pk").first()
        if proposal is None:
            raise Refusal(_("Nobody has proposed to skip this message."))
        person = who(options)
        with refusals():
            service(person=person, release_id=proposal.pk, key=options["key"])

    def _describe(self, message: IncomingMessage) -> int:
        """What there is to know before a decision; returns how many decisions about it were shown."""
        self._say("  ".join(envelope(message)))
        people = ("message__stream", "proposed_by", "confirmed_by", "declined_by")
        releases = message.releases.select_related(*people).defer("message__payload", "message__signatures").order_by("pk")
        for step in [step for release in releases for step in operations_of(release)]:
            self._say("  ".join(part for part in (moment(step.at), step.who, step.text, step.reason) if part))
        self._say(_("Decisions so far: %(count)d") % {"count": len(releases)})
        return len(releases)

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def terminal_language() -> str:
    """The language of whoever called, as POSIX finds it; the site's own where that says none or one that we do not speak."""
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    code = wanted.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    try:
        return translation.get_supported_language_variant(code) if code else settings.LANGUAGE_CODE
    except LookupError:
        return settings.LANGUAGE_CODE


def find(message_id: str) -> IncomingMessage:
    """The received message with this id, without its content. Raises ``Refusal``."""
    try:
        messages = IncomingMessage.objects.select_related("stream").only(*ENVELOPE)
        # An id is unique for each sender; should two have used the same, it is the dead one that needs somebody.
        found = sorted(messages.filter(message_id=uuid.UUID(message_id)), key=lambda row: row.state != IncomingState.DEAD)
    except ValueError as error:
        raise Refusal(_("This is not the id of a message: %(id)s") % {"id": message_id}) from error
    if not found:
        raise Refusal(_("No message with this id has come in: %(id)s") % {"id": message_id})
    return found[0]


def envelope(message: IncomingMessage) -> list[str]:
    """What the list says of a message."""
    return [
        str(message.message_id),
        moment(message.received_at),
        f"{party_name(message.sender)} → {party_name(settings.EXCHANGE_PARTY)}",
        type_name(message.type),
        place(message.stream.name, message.seq),
        str(IncomingState(message.state).label),
        error_words(message.error) if message.error else "",
    ]


def moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def who(options: dict[str, Any]) -> User:
    """Who acts, by the password. Raises ``Refusal``."""
    password = from_stdin() if options["password_stdin"] else from_terminal(options["by"])
    if not password:
        raise Refusal(_("No password was given: nothing is done."))
    try:
        return person_at_console(login=options["by"], password=password)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error


def from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def from_terminal(login: str) -> str:
    """The password as it is typed, unseen: never where it would show."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(_("Password of %(login)s: ") % {"login": login})
    except getpass.GetPassWarning as error:
        raise Refusal(_("There is no terminal to ask for the password. Use --password-stdin.")) from error
    except (EOFError, KeyboardInterrupt):
        return ""


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Within this block what the operations refuse is said in words. Raises ``Refusal``."""
    try:
        yield
    except PermissionDenied as error:
        raise Refusal(_("You may not operate the bridge.")) from error
    except operations.SameOperator as error:
        raise Refusal(_("Not done: whoever proposes a skip cannot confirm it. Ask another operator.")) from error
    except operations.NotItsTurn as error:
        raise Refusal(_("It can be skipped once the earlier messages of its stream are dealt with.")) from error
    except operations.Moved as error:
        raise Refusal(_("Nothing is done: it is no dead letter any more, or somebody has decided meanwhile.")) from error
    except KeyReused as error:
        raise Refusal(_("Nothing is done: this key has been used for something else.")) from error
    except InvalidKey as error:
        raise Refusal(_("A key has 22 to 128 letters, digits, hyphens or underscores.")) from error
    except ValueError as error:
        raise Refusal(_("A reason has %(shortest)d to %(longest)d characters.") % REASON_BOUNDS) from error


REASON_BOUNDS = dict(zip(("shortest", "longest"), operations.REASON_LENGTH, strict=True))

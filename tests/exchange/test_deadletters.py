"""Dead letters at the terminal, as operators deal with them on a site that has no page for it."""

import io
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from rules.permissions import permissions
from rules.predicates import predicate

from core.events import events_of
from core.idempotency import new_key
from core.lockout import FAILURES
from core.models import AuditRecord, Lockout, User
from internal_bridge.exchange import handlers
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.models import IncomingMessage, Release
from internal_bridge.exchange.permissions import OPERATE, can_operate_bridge
from tests.core.logins import PASSWORD

pytestmark = pytest.mark.django_db

REASON = "原因已排除"
HAS_DIRECTORY = settings.EXCHANGE_PARTY == "office"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch) -> tuple[User, User]:
    """Two who operate the bridge, each site its own way: by a rule of the office, by Django's permissions on the portal."""
    people = [User.objects.create_user(name, password=PASSWORD, display_name=f"{name} 甲") for name in ("sun", "fang")]
    if HAS_DIRECTORY:
        monkeypatch.setitem(permissions, OPERATE, predicate(lambda person: person.username in ("sun", "fang")))
    else:
        allowed = Permission.objects.get(content_type__app_label="exchange", codename="operate_bridge")
        for person in people:
            person.user_permissions.add(allowed)
    return people[0], people[1]


@pytest.fixture
def dead(peer: Any) -> IncomingMessage:
    """A dead letter, with one message parked behind it."""
    peer.bring(peer.message("never:1"))
    peer.bring(peer.message("two"))
    return IncomingMessage.objects.get(state=IncomingState.DEAD)


class Terminal:
    """What a call of the command printed, and how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, *words: Any, password: str = PASSWORD) -> tuple[int, str]:
        out, code = io.StringIO(), 0
        by_password = ["--password-stdin"] if "--by" in words else []
        self.monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        try:
            call_command("deadletters", *map(str, words), *by_password, stdout=out, stderr=out)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, out.getvalue()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def state(message: IncomingMessage) -> str:
    return IncomingMessage.objects.values_list("state", flat=True).get(pk=message.pk)


def test_there_is_nothing_to_list(run: Terminal) -> None:
    assert run("list") == (0, "没有死信。\n")


def test_the_list_says_where_each_stands_and_never_what_it_holds(
    run: Terminal, dead: IncomingMessage, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    # Given one dead letter, when it is listed and shown, then in the caller's language, by its id, without its content.
    with django_assert_num_queries(2):
        code, listed = run("list")
    assert code == 0
    assert len(listed.splitlines()) == 1
    assert str(dead.message_id) in listed
    assert "never" not in listed
    code, shown = run("show", dead.message_id)
    assert code == 0
    assert "已作决定：0 次" in shown
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "dead letter" in run("list")[1]


@pytest.mark.bridge
def test_a_retry_is_applied_and_what_waited_behind_it(
    run: Terminal, dead: IncomingMessage, operators: tuple[User, User], effects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a cause that is not mended, when it is tried again, then it fails again, and so does the command.
    code, said = run("retry", dead.message_id, "--by", "sun", "--reason", REASON)
    assert (code, state(dead)) == (1, IncomingState.DEAD)
    assert said.endswith("已重试，仍然失败。请先排除原因再试。\n")
    # Given a cause that is mended, when it is tried again, and the command is repeated with its key, then it is applied once.
    monkeypatch.setitem(handlers._handlers, ("test.ping", 1), lambda message: effects.append(message.data["text"]))
    key = new_key()
    for _ in range(2):
        again = ["retry", dead.message_id, "--by", "sun", "--reason", REASON, "--seen", 1, "--key", key]
        assert run(*again)[0] == 0
    assert effects == ["never:1", "two"]
    assert state(dead) == IncomingState.APPLIED
    assert Release.objects.filter(proposed_by=operators[0], reason=REASON).count() == 2
    record = AuditRecord.objects.filter(action="bridge.dead_letter_retried").latest("id")
    assert (record.actor, record.channel) == (operators[0], "command")


@pytest.mark.bridge
def test_a_skip_takes_two_different_people(
    run: Terminal, dead: IncomingMessage, operators: tuple[User, User], effects: list[str]
) -> None:
    # Given that nobody has proposed it, then nobody can confirm it.
    assert run("confirm", dead.message_id, "--by", "sun") == (1, run("show", dead.message_id)[1] + "没有人提议跳过这封消息。\n")
    # When one proposes it, then the proposer cannot confirm it, nor anybody retry it; another reads who and why.
    assert run("propose", dead.message_id, "--by", "sun", "--reason", REASON)[0] == 0
    code, said = run("confirm", dead.message_id, "--by", "sun")
    assert (code, state(dead)) == (1, IncomingState.DEAD)
    assert "请另一位管理员确认" in said
    assert run("retry", dead.message_id, "--by", "fang", "--reason", REASON)[0] == 1
    # When another declines, it can be proposed anew; when another confirms, what waited behind it goes on.
    assert run("decline", dead.message_id, "--by", "fang")[0] == 0
    assert run("propose", dead.message_id, "--by", "fang", "--reason", REASON)[0] == 0
    assert "sun 甲" in run("show", dead.message_id)[1]
    assert run("confirm", dead.message_id, "--by", "sun")[0] == 0
    assert (state(dead), effects) == (IncomingState.SKIPPED, ["two"])
    names = [event.name for event in events_of(f"message:{dead.message_id}")]
    assert names == ["skip_proposed", "skip_declined", "skip_proposed", "skip_confirmed"]
    # What is settled is not settled again.
    assert run("confirm", dead.message_id, "--by", "sun")[0] == 1
    assert run("list") == (0, "没有死信。\n")


def test_wrong_passwords_count_and_lock_the_login_here(
    run: Terminal, dead: IncomingMessage, operators: tuple[User, User]
) -> None:
    asked = ("propose", dead.message_id, "--by", "sun", "--reason", REASON)
    for number in range(1, FAILURES):
        code, said = run(*asked, password="wrong")
        assert code == 1
        assert "账号或密码不正确" in said
        assert Lockout.objects.get().failures == number
    assert "以后再试" in run(*asked, password="wrong")[1]
    # The right one does not help now; nothing was done, and the audit log has it all.
    assert run(*asked)[0] == 1
    assert not Release.objects.exists()
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == [*["login.failed"] * FAILURES, "login.locked"]
    # Locked is the login at the console alone; the other operator comes in.
    assert Lockout.objects.get().network == "console"
    assert run("propose", dead.message_id, "--by", "fang", "--reason", REASON)[0] == 0
    assert run("decline", dead.message_id, "--by", "fang", password="")[0] == 1


@pytest.mark.parametrize("superuser", [False, True])
def test_whoever_may_not_operate_the_bridge_is_refused(
    run: Terminal, dead: IncomingMessage, operators: tuple[User, User], superuser: bool
) -> None:
    stranger = User.objects.create_user("stranger", password=PASSWORD, is_superuser=superuser)
    if HAS_DIRECTORY and superuser:
        # Neither does Django's own permission where a rule answers.
        stranger.user_permissions.add(Permission.objects.get(codename="operate_bridge"))
    # On the portal a superuser gives every right, to themselves too.
    may = superuser and not HAS_DIRECTORY
    assert can_operate_bridge(stranger) is may
    code, said = run("propose", dead.message_id, "--by", "stranger", "--reason", REASON)
    assert code == (0 if may else 1)
    assert Release.objects.exists() is may
    if not may:
        assert said.splitlines()[-1] == "您无权运行维护内外网交换。"
    User.objects.filter(username="sun").update(is_active=False)
    assert "账号或密码不正确" in run("propose", dead.message_id, "--by", "sun", "--reason", REASON)[1]


def test_what_is_typed_wrong_is_said_plainly(
    run: Terminal, dead: IncomingMessage, operators: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = ("--by", "sun", "--reason", REASON)
    assert run("show", "12") == (1, "这不是消息编号：12\n")
    unknown = uuid.uuid4()
    assert run("retry", unknown, *by) == (1, f"没有收到过这个编号的消息：{unknown}\n")
    for words in [
        ("--by", "sun", "--reason", "短"),
        (*by, "--key", "short"),
        (*by, "--seen", 7),
    ]:
        assert run("propose", dead.message_id, *words)[0] == 1
    # A password that an administrator gave opens no more here than on the pages.
    User.objects.filter(username="sun").update(must_change_password=True)
    assert run("propose", dead.message_id, *by)[0] == 1
    assert not Release.objects.exists()
    User.objects.filter(username="sun").update(must_change_password=False)
    # At a terminal the password is asked for, unseen; whoever gives none has done nothing.
    typed = iter([PASSWORD, ""])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    words = ["deadletters", "propose", str(dead.message_id), *by]
    call_command(*words, stdout=io.StringIO())
    with pytest.raises(SystemExit):
        call_command(*words, stdout=io.StringIO(), stderr=io.StringIO())
    assert Release.objects.get().proposed_by == operators[0]

"""A small world: two units, everybody who may ask, and one of each thing that not everybody may see."""

import contextlib
import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from core import keyring
from core.audit import acting, record_audit
from core.enums import Channel
from core.models import ApiToken, AuditRecord, Lockout, User
from core.sessions import SEEN, STARTED
from core.tokens import issue_token
from internal_bridge.casework.models import BulkOutcome, BulkRun, Case, SavedView
from internal_bridge.exchange import keys
from internal_bridge.exchange.enums import IncomingState, ReleaseAction
from internal_bridge.exchange.models import Alarm, IncomingMessage, PartyKey, Release
from internal_bridge.org.enums import ImportKind, ImportState, Role
from internal_bridge.org.models import Appointment, Department, Grant, ImportRun, Person, Post, Unit
from internal_bridge.org.querysets import today
from internal_bridge.policies.models import AnnouncedYear, CalendarDay, Policy
from internal_bridge.policies.services import draft_policy
from internal_bridge.routing.models import RoutingModel, RoutingRule
from internal_bridge.workflow.enums import ItemKind
from internal_bridge.workflow.models import Substitution, WorkItem
from internal_bridge.workflow.services import Source, ToRole, open_item
from tests.casework.cases import make_case
from tests.casework.files import make_file, register
from tests.exchange.peers import introduce_peer
from tests.isolation.actors import (
    AUDITORS,
    NOBODY,
    OF_CASE_A,
    OF_CASE_B,
    OF_MOBILE_A,
    OF_MOBILE_B,
    ROLES,
    SECADMINS,
    SYSADMINS,
    Actors,
    dispatchers,
)
from tests.org.people import LONG_AGO, appoint, grant, make_login, make_person, make_post, make_unit
from tests.workflow.sources import know_cases

BROWSER = {"accept-language": "zh-hans", "user-agent": "Mozilla/5.0"}
YESTERDAY = today() - datetime.timedelta(days=1)
PASSWORD = "demo"  # nosec B105


@dataclass(frozen=True)
class Secret:
    """A text that only some may come to see."""

    name: str
    text: str
    readers: Actors


@dataclass
class World:
    """What there is, by the names that the matrix uses."""

    folder: Path
    a: Unit
    b: Unit
    officer_a: Person
    officer_b: Person
    cases: dict[str, Case]
    message: IncomingMessage
    release: Release
    alarm: Alarm
    key: PartyKey
    session: UserSession
    token: ApiToken
    lockout: Lockout
    record: AuditRecord
    run: ImportRun
    right: Grant
    old_right: Grant
    appointment: Appointment
    old_appointment: Appointment
    # Nobody is there and nothing below: what is closed and merged.
    spare: Unit
    post: Post
    department: Department
    # Somebody without a login.
    unlisted: Person
    # To do and to read for the dispatchers of A, about a case of A.
    item: WorkItem
    notice: WorkItem
    substitution: Substitution
    rule: RoutingRule
    model: RoutingModel
    # The next version of a table of limits.
    draft: Policy
    # What the city has set in its calendar.
    calendar_day: CalendarDay
    calendar_year: AnnouncedYear
    # A view of A's dispatcher, one that was just deleted, and what was done to case A at once with others.
    queue: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    files: frozenset[Path] = frozenset()

    def remove_new_files(self) -> None:
        """What an answer has written besides rows, such as a private key, goes too."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in self.files:
                path.unlink()


@contextlib.contextmanager
def standing(folder: Path) -> Iterator[World]:
    """The world, in a transaction that leaves nothing behind."""
    places = {"KEYRING_DIR": folder / "keyring", "FILES_DIR": folder / "files", "EXCHANGE_KEYS_DIR": folder / "own"}
    keys._read_private_key.cache_clear()
    with override_settings(**places), transaction.atomic():
        keyring.make_keys()
        yield _build(folder)
        transaction.set_rollback(True)
    keys._read_private_key.cache_clear()


def _build(folder: Path) -> World:
    know_cases()
    peer = introduce_peer(settings, folder)
    over = make_unit("over")
    a, b = make_unit("unit-a", parent=over), make_unit("unit-b", parent=over)
    spare = make_unit("spare", parent=over)
    below = make_unit("below-a", parent=a)
    officer_a = make_person(None, a, username="officer.a", name="甲科员", mobile="13900001111", office_phone="0890-1310 2211")
    officer_b = make_person(None, b, username="officer.b", name="乙科员", mobile="13900002222", office_phone="0890-1310 2322")
    assert officer_a.user
    cases = {
        "a": register(peer, make_file(name="甲方案.pdf"), unit_code=a.code, title="甲地夜间施工", body="甲地连续一周施工。"),
        "b": register(peer, make_file(b"%PDF-1.7 other", name="乙方案.pdf"), unit_code=b.code, title="乙地道路积水"),
        "below": register(peer, unit_code=below.code, title="下级单位来件"),
        "nowhere": register(peer, unit_code="", title="没有写单位的来件"),
    }
    # Cases that tests make number themselves.
    Case.objects.update(register_number=F("register_number") + 900_000)
    peer.bring(peer.message("nonsense", type="petition.submitted.v1", stream="case:01900000-0000-7000-8000-0000000000aa"))
    peer.bring(peer.message("nonsense", type="petition.submitted.v1", stream="case:01900000-0000-7000-8000-0000000000bb"))
    message, other = IncomingMessage.objects.filter(state=IncomingState.DEAD).order_by("id")
    release = Release.objects.create(
        message=other, action=ReleaseAction.SKIP, reason="重复", proposed_by=officer_a.user, proposed_at=timezone.now()
    )
    # A second one of its kind: the last one cannot be revoked here.
    key = PartyKey.objects.get(party__code=peer.code, use="sign")
    key.pk, key.kid, key.public_key = None, "test-portal-sign-spare", bytes(32)
    key.save(force_insert=True)
    world = World(
        folder=folder, a=a, b=b, officer_a=officer_a, officer_b=officer_b, cases=cases, message=message, release=release,
        alarm=Alarm.objects.get(subject=str(message.message_id)), key=key,
        session=_session(officer_a.user, "198.51.100.77"),
        token=issue_token(user=officer_a.user, address="198.51.100.88")[1],
        lockout=_lockout(officer_a.user, "198.51.99.0/24"),
        record=_record(officer_a.user, "198.51.100.99"),
        run=_run(officer_a.user, "名册-甲.csv"),
        right=grant(officer_a, "handler", a, with_descendants=False, reason="授权理由之甲"),
        old_right=grant(officer_a, "secretary", a, valid_to=YESTERDAY),
        appointment=officer_a.appointments.get(),
        old_appointment=_ended(appoint(officer_a, a, post="旧岗")),
        spare=spare, post=make_post(spare, post="空岗"),
        department=Department.objects.create(unit=spare, name="空科"),
        unlisted=make_person(None, a, name="丙某", login=False),
        item=_item(cases["a"], a), notice=_item(cases["a"], a, ItemKind.READ),
        substitution=_substitution(officer_a, officer_b),
        rule=_rule(a),
        calendar_day=CalendarDay.objects.create(
            day=datetime.date(2026, 12, 1), works=False, reason="test", made_by=officer_a.user, made_at=timezone.now()
        ),
        calendar_year=AnnouncedYear.objects.create(year=2027, notice="test", made_by=officer_a.user, made_at=timezone.now()),
        # Its file is not there: then rules and duties are asked alone.
        model=RoutingModel.objects.create(
            number=1, trained_at=timezone.now(), examples=1, file_name="none.npz", digest="0" * 64, active=False
        ),
        draft=draft_policy(by=make_login("sysadmin"), code="hotline"),
    )  # fmt: skip
    _add_people(world, over)
    world.queue = _queue(world.users["dispatcher@a"], cases["a"])
    _log_in(world)
    world.secrets = _secrets(world)
    world.files = frozenset(folder.rglob("*"))
    return world


def _queue(owner: User, case: Case) -> dict[str, Any]:
    now = timezone.now()
    own = {"owner": owner, "query": "view=all&q=甲地", "created_at": now}
    run = BulkRun.objects.create(
        action="claim", by=owner, language="zh-hans", created_at=now, moved_at=now, finished_at=now, state="done"
    )
    BulkOutcome.objects.create(run=run, case=case, version=1, result="refused", reason="已被他人认领")
    deleted = SavedView.objects.create(name="甲的旧视图", deleted_at=now, **own)
    return {"view": SavedView.objects.create(name="甲的夜间施工", **own), "deleted": deleted, "run": run}


def _session(user: User, address: str) -> UserSession:
    return UserSession.objects.create(user=user, ip=address, session_key=f"key-{address}", user_agent="Mozilla/5.0")


def _ended(appointment: Appointment) -> Appointment:
    appointment.valid_to = YESTERDAY
    appointment.save()
    return appointment


def _lockout(user: User, network: str) -> Lockout:
    now = timezone.now()
    return Lockout.objects.create(
        login_hash=network, user=user, network=network, failures=5, last_at=now, locked_until=now + datetime.timedelta(hours=1)
    )


def _item(case: Case, unit: Unit, kind: ItemKind = ItemKind.DO, step: str = "handle") -> WorkItem:
    source = Source("casework", case.uid)
    return open_item(source=source, step=f"{step}-{kind}", to=ToRole(Role.DISPATCHER, unit), kind=kind, at=timezone.now())


def _substitution(person: Person, other: Person) -> Substitution:
    return Substitution.objects.create(
        person=person, substitute=other, valid_from=today(), valid_to=today(), reason="委托理由之甲", given_by=person.user,
        created_at=timezone.now(),
    )  # fmt: skip


def _record(user: User, address: str) -> AuditRecord:
    with acting(channel=Channel.PAGE, address=address, post=""):
        return record_audit(action="person.changed", subject="person:planted", actor=user)


def _rule(unit: Unit) -> RoutingRule:
    Unit.objects.filter(pk=unit.pk).update(accepts_petitions=True, duties="路灯维护")
    return RoutingRule.objects.create(unit=unit, any_words="路灯", changed_at=timezone.now())


def _run(user: User, file_name: str) -> ImportRun:
    content = "code,name,short_name,parent,kind,duties,accepts_petitions\n"
    return ImportRun.objects.create(
        kind=ImportKind.UNITS, state=ImportState.CHECKED, started_by=user, file_name=file_name, content=content
    )


def _add_people(world: World, over: Unit) -> None:
    """One for each actor."""

    def add(name: str, role: str | None, unit: Unit, *, with_descendants: bool = False) -> Person:
        person = make_person(role, unit, username=name, name=f"{name[:1]}某", with_descendants=with_descendants)
        assert person.user
        world.users[name] = person.user
        return person

    for place, unit in (("a", world.a), ("b", world.b)):
        for role in ROLES:
            add(f"{role}@{place}", role, unit)
    for role in ("leader", "head", "dispatcher"):
        add(f"{role}@over", role, over, with_descendants=True)
    add("dispatcher@city", "dispatcher", make_unit("yls"), with_descendants=True)
    add("nobody", None, world.b)
    ended = add("ended", None, world.a)
    appointment = appoint(ended, world.a, post="旧岗位")
    for role in ROLES:
        grant(ended, role, world.a, appointment=appointment)
    ended.appointments.update(valid_from=LONG_AGO, valid_to=YESTERDAY)
    world.users["bare"] = User.objects.create_user("bare", password=PASSWORD)
    world.users["superuser"] = User.objects.create_superuser("superuser", password=PASSWORD)


def _log_in(world: World) -> None:
    """A session and a token for each."""
    for name, user in world.users.items():
        client = Client(headers=BROWSER)
        client.force_login(user)
        session = client.session
        # As if each had just been seen: the tests are not about that a session notes its use.
        session[STARTED] = session[SEEN] = int(time.time()) + 600
        session.save()
        world.cookies[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
        world.bearers[name] = issue_token(user=user, address="")[0]


def _secrets(world: World) -> list[Secret]:
    case_a, case_b = world.cases["a"], world.cases["b"]
    return [
        Secret("number of A's case", case_a.number, OF_CASE_A),
        Secret("title of A's case", case_a.title, OF_CASE_A),
        Secret("text of A's case", case_a.body, OF_CASE_A),
        Secret("attachment of A's case", "甲方案", OF_CASE_A),
        Secret("title of B's case", case_b.title, OF_CASE_B),
        Secret("case below A", world.cases["below"].title, dispatchers("over", "city")),
        Secret("case without unit", world.cases["nowhere"].title, dispatchers("city")),
        Secret("petitioner's name", "韦国强", NOBODY),
        Secret("petitioner's phone", "13700003518", NOBODY),
        Secret("mobile at A", world.officer_a.mobile, OF_MOBILE_A),
        Secret("mobile at B", world.officer_b.mobile, OF_MOBILE_B),
        Secret("another's session", world.session.ip, SECADMINS),
        Secret("another's token", "198.51.100.88", SECADMINS),
        Secret("lockout", world.lockout.network, SECADMINS),
        Secret("audit record", world.record.address, AUDITORS),
        Secret("import", world.run.file_name, SYSADMINS),
        Secret("reason of a substitution", world.substitution.reason, SYSADMINS),
        Secret("reason of a grant", world.right.reason, SYSADMINS),
    ]


@contextlib.contextmanager
def changed(world: World, actor: str) -> Iterator[None]:
    """For a while there is more of everything at A that ``actor`` may not see: another case, session, record, number …"""
    user: Any = world.officer_a.user
    with transaction.atomic():
        if actor not in OF_CASE_A:
            for state in ("registered", "answered"):
                case = make_case(state=state, title="甲地又一来件")
                Case.objects.filter(pk=case.pk).update(unit_code=world.a.code)
            _item(world.cases["a"], world.a, step="another")
        if actor not in OF_MOBILE_A:
            Person.objects.filter(pk=world.officer_a.pk).update(mobile="13900009999")
        if actor not in SECADMINS:
            _session(user, "198.51.100.78")
            _lockout(user, "198.51.98.0/24")
            later = timezone.now() + datetime.timedelta(hours=1)
            ApiToken.objects.create(user=user, digest="0" * 64, created_at=timezone.now(), expires_at=later)
        if actor not in AUDITORS:
            _record(user, "198.51.100.98")
        if actor not in SYSADMINS:
            _run(user, "名册-又一.csv")
            Grant.objects.filter(pk=world.right.pk).update(reason="改过的理由")
        yield
        transaction.set_rollback(True)

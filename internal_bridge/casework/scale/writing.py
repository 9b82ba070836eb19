"""Many cases at once: ``seed --scale cases=N``. The same number gives the same cases, as far as the day is the same.

Nothing of them goes over the bridge: the portal does not know these cases, and nobody holds their receipt codes.
"""

import datetime
import functools
import json
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.enums import PetitionKind
from core.events import NewEvent, record_events
from core.identifiers import luhn_digit
from core.keyring import new_data_key, wrap
from core.models import User
from core.workdays import local_date
from internal_bridge.casework.identity import CaseKey
from internal_bridge.casework.life.waiting import wanted_from
from internal_bridge.casework.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CaseEntry,
    CaseExclusion,
    CaseExtension,
    CaseIdentity,
    CasePause,
    CaseReply,
    Register,
    ReplyDraft,
)
from internal_bridge.casework.scale.story import Desk, Story
from internal_bridge.org.services import all_people, all_units, root_unit
from internal_bridge.policies.services import Policy, policy_for
from internal_bridge.workflow.services import open_items

__all__ = ["NotSeeded", "read_letters", "write_cases"]

LETTERS = "tests/data/petitions.jsonl"
CHUNK = 1_000
# Over which time the cases have come in; the youngest of them are under way.
SPAN = datetime.timedelta(days=730)
FRESH, LATEST = datetime.timedelta(days=28), datetime.timedelta(days=120)
# (state, weight) of young cases, of older ones, of which some are late, and of old ones.
YOUNG = (
    ("registered", 8), ("accepted", 8), ("dispatched", 14), ("returning", 3), ("in_progress", 30), ("drafted", 6),
    ("checking", 6), ("answered", 20), ("refused", 2), ("redirected", 3),
)  # fmt: skip
LATE = (("closed", 86), ("answered", 4), ("in_progress", 4), ("refused", 3), ("redirected", 3))
OLD = (("closed", 94), ("refused", 3), ("redirected", 3))
PATH = ("registered", "accepted", "dispatched", "in_progress", "drafted", "checking", "answered", "closed")
# Hours after the registration at which a case that takes its time gets there.
HOURS = {"accepted": 3, "dispatched": 6, "in_progress": 20, "drafted": 70, "checking": 76, "answered": 80, "closed": 440}
PLACES = ("云溪区人民路", "左岭区滨河路", "右岭区解放路", "高新区科技大道", "岭北县石桥镇", "翠湖区环湖路", "经开区工业一路")
KINDS = ("complaint", "complaint", "complaint", "help", "consultation", "suggestion", "report")


class NotSeeded(Exception):
    """There are no people yet who could handle cases: ``seed`` comes first."""


def read_letters(path: Path | None = None) -> list[dict[str, Any]]:
    """The texts: JSON lines with kind, title, body, place and lead. Those that name people are left out."""
    lines = (path or Path(settings.BASE_DIR, LETTERS)).read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [letter for letter in found if not letter.get("personal")]


def write_cases(count: int, *, letters: list[dict[str, Any]], tell: Callable[[int], None] = lambda done: None) -> int:
    """Write ``count`` cases, in one transaction for each thousand; how many there are then. ``tell`` hears how far it is.

    Raises ``NotSeeded``.
    """
    before = Case.objects.count()
    draw = random.Random(f"{count} {before}")  # nosec B311  the same cases for the same number
    desks, dispatcher = _desks(), User.objects.filter(username="dispatcher").first()
    if dispatcher is None or not desks or root_unit() is None:
        raise NotSeeded
    now = timezone.now()
    taken = set(Case.objects.values_list("number", flat=True))
    sealed = X25519PrivateKey.from_private_bytes(draw.randbytes(32)).public_key().public_bytes_raw()
    begins = [now - SPAN * (1 - (index + 0.5) / count) for index in range(count)]
    # Which policy holds for a kind on a day does not change while this runs.
    policies = functools.cache(policy_for)
    done = 0
    while done < count:
        part = begins[done : done + CHUNK]
        stories = [_story(draw, letters, desks, dispatcher, at, now, taken, sealed, policies) for at in part]
        _write(stories, now, draw, desks)
        done += len(part)
        tell(done)
    return before + done


def _desks() -> list[Desk]:
    """The units whose demo logins can handle cases."""
    units = {unit.code: unit for unit in all_units().open().filter(accepts_petitions=True).order_by("code")}
    users = {user.username: user for user in User.objects.filter(username__regex=r"^(handler|head)\.")}
    people = {person.user_id: person for person in all_people().filter(user__in=list(users.values()))}
    found = []
    for code, unit in units.items():
        handler, head = users.get(f"handler.{code}"), users.get(f"head.{code}")
        if handler is not None and head is not None and handler.pk in people:
            found.append(Desk(unit, handler, head, people[handler.pk]))
    return found


def _story(
    draw: random.Random,
    letters: list[dict[str, Any]],
    desks: list[Desk],
    dispatcher: User,
    received_at: datetime.datetime,
    now: datetime.datetime,
    taken: set[str],
    sealed: bytes,
    policies: Callable[..., Policy],
) -> Story:
    letter = draw.choice(letters)
    uid = uuid.UUID(int=_version_7(received_at, draw))
    kind = letter["kind"] if letter["kind"] in PetitionKind.values else draw.choice(KINDS)
    registered_at = received_at + datetime.timedelta(minutes=1)
    case = Case(
        uid=uid,
        number=_number(draw, local_date(received_at), taken),
        kind=kind,
        policy=policies(kind=kind, on=local_date(received_at)),
        received_at=received_at,
        registered_at=registered_at,
        title=letter["title"],
        body=letter["body"],
        place=letter.get("place") or draw.choice(PLACES),
        urgent=draw.random() < 0.05,
        withhold_identity=kind == "report" or draw.random() < 0.2,
        allow_publication=kind != "report" and draw.random() < 0.6,
        source="portal",
        citizen_key=sealed,
        submission_box=draw.randbytes(64),
        submission_commitment=f"{draw.getrandbits(256):064x}",
        submission_info=b"scale",
    )
    story = Story(case, dispatcher)
    story.register(registered_at)
    age = now - received_at
    states = YOUNG if age < FRESH else LATE if age < LATEST else OLD
    [target] = draw.choices([state for state, _ in states], [weight for _, weight in states])
    _live(story, target, draw, _lead(draw, desks, letter), desks, registered_at, now)
    return story


def _live(
    story: Story,
    target: str,
    draw: random.Random,
    lead: Desk,
    desks: list[Desk],
    since: datetime.datetime,
    now: datetime.datetime,
) -> None:
    """Lead the case on to ``target``; what is young gets there faster."""
    age = (now - since).total_seconds() / 3_600
    last = HOURS.get(target, HOURS["in_progress"])
    pace = min(1.0, age / (last + 4)) * draw.uniform(0.6, 1.0)
    at = {state: since + datetime.timedelta(hours=hours * pace) for state, hours in HOURS.items()}
    if target in ("refused", "redirected"):
        (story.refuse if target == "refused" else story.redirect)(at["accepted"])
        return
    steps = PATH[1 : PATH.index("dispatched" if target == "returning" else target) + 1]
    other = draw.choice(desks) if draw.random() < 0.1 else lead
    helpers = [other] if other is not lead else []
    for step in steps:
        _step(story, step, at[step], draw, lead, helpers)
    late = at[steps[-1]] + datetime.timedelta(minutes=30) if steps else since
    _aftermath(story, target, late, draw, lead)


def _step(story: Story, step: str, at: datetime.datetime, draw: random.Random, lead: Desk, helpers: list[Desk]) -> None:
    investigation = story.case.kind == "complaint" and draw.random() < 0.3
    hurry, signs = draw.random() < 0.02, draw.random() < 0.5
    acts: dict[str, Callable[[], None]] = {
        "accepted": lambda: story.accept(at, complexity="investigation" if investigation else "simple", expedited=hurry),
        "dispatched": lambda: story.dispatch(at, lead, helpers),
        "in_progress": lambda: story.sign_all(at, [lead, *helpers] if signs else [lead]),
        "drafted": lambda: story.draft(at, lead),
        "checking": lambda: story.approve(at, lead),
        "answered": lambda: story.answer(at, lead),
        "closed": lambda: story.close(at),
    }
    acts[step]()


def _aftermath(story: Story, target: str, at: datetime.datetime, draw: random.Random, lead: Desk) -> None:
    """What happens to some of them besides: a return, more time, a pause, a wish to withdraw."""
    if target == "returning":
        story.ask_return(at, lead, story.assignments[0])
    elif target == "in_progress" and draw.random() < 0.06:
        story.extend(at, lead, 5)
    elif target == "in_progress" and draw.random() < 0.04:
        story.pause(at, lead)
    if story.case.state in PATH[:6] and draw.random() < 0.01:
        story.ask_withdrawal(at + datetime.timedelta(minutes=5))


def _lead(draw: random.Random, desks: list[Desk], letter: dict[str, Any]) -> Desk:
    named = next((desk for desk in desks if desk.unit.code == letter.get("lead")), None)
    return named if named is not None and draw.random() < 0.8 else draw.choice(desks)


def _write(stories: list[Story], now: datetime.datetime, draw: random.Random, desks: list[Desk]) -> None:
    with transaction.atomic():
        _give_register_numbers(stories)
        cases = [story.case for story in stories]
        Case.objects.bulk_create(cases, batch_size=200)
        CaseIdentity.objects.bulk_create((_identity(case, draw) for case in cases), batch_size=500)
        CaseAssignment.objects.bulk_create(_all(stories, "assignments"), batch_size=500)
        CaseClock.objects.bulk_create(_all(stories, "clocks"), batch_size=500)
        CaseEntry.objects.bulk_create(_all(stories, "entries"), batch_size=500)
        CaseExtension.objects.bulk_create(_all(stories, "extensions"), batch_size=500)
        CasePause.objects.bulk_create(_all(stories, "pauses"), batch_size=500)
        ReplyDraft.objects.bulk_create(_all(stories, "drafts"), batch_size=500)
        CaseReply.objects.bulk_create(_all(stories, "replies"), batch_size=500)
        _keep_somebody_out(stories, draw, desks)
        record_events(
            NewEvent(subject=story.case.subject, name=name, actor=actor, params=params, at=at)
            for story in stories
            for name, at, actor, params in story.events
        )
        root = root_unit()
        assert root is not None  # nosec B101  write_cases has asked
        items = [item for story in stories for item in wanted_from(story.case, story.facts(root))]
        open_items(items, at=now)


def _all(stories: list[Story], name: str) -> Iterator[Any]:
    return (row for story in stories for row in getattr(story, name))


def _keep_somebody_out(stories: list[Story], draw: random.Random, desks: list[Desk]) -> None:
    """Here and there a unit is complained of; it is none that has the case."""
    rows = []
    for story in stories:
        if draw.random() < 0.02:
            unit = draw.choice(desks).unit
            if all(not held.unit.path.startswith(unit.path) for held in story.assignments):
                rows.append(CaseExclusion(case=story.case, unit=unit, added_at=story.case.registered_at))
    CaseExclusion.objects.bulk_create(rows)


def _give_register_numbers(stories: list[Story]) -> None:
    """The next numbers of each year, without gaps, in the order of registration."""
    last: dict[int, Register] = {}
    for story in sorted(stories, key=lambda story: story.case.registered_at):
        year = local_date(story.case.registered_at).year
        if year not in last:
            Register.objects.get_or_create(year=year)
            last[year] = Register.objects.select_for_update().get(year=year)
        last[year].last += 1
        story.case.register_year, story.case.register_number = year, last[year].last
    for register in last.values():
        register.save(update_fields=["last"])


def _identity(case: Case, draw: random.Random) -> CaseIdentity:
    key = CaseKey(uid=case.uid, key=new_data_key())
    name = draw.choice("覃韦莫黄陆农梁蒙") + draw.choice(("建国", "秀英", "晓明", "丽萍"))
    plain: dict[str, Any] = {"name": name, "phone": "", "email": "", "representatives": [], "on_behalf_of": None}
    box = key.encrypt("identity", json.dumps(plain, ensure_ascii=False).encode())
    return CaseIdentity(case=case, wrapped_key=wrap(key.key), box=box)


def _number(draw: random.Random, day: datetime.date, taken: set[str]) -> str:
    """A number as the portal draws them, free, with its check digit."""
    while True:
        digits = f"{draw.randrange(800_000):06d}"
        number = f"{day:%Y%m%d}-{digits}-{luhn_digit(f'{day:%Y%m%d}{digits}')}"
        if number not in taken:
            taken.add(number)
            return number


def _version_7(at: datetime.datetime, draw: random.Random) -> int:
    """A UUID of version 7 for that moment (RFC 9562, section 5.7)."""
    value = (int(at.timestamp() * 1_000) << 80) | draw.getrandbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    return value & ~(0x3 << 62) | (0x2 << 62)

"""A case brought into any situation of the expected table, and one office for all tests of a module."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from core import keyring
from core.models import User
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import ask_review, ask_withdrawal, take_rating
from internal_bridge.exchange import keys
from internal_bridge.org.enums import Role
from tests.casework.expected import FIELDS, Situation
from tests.casework.office import ASSISTING, LEAD, Office
from tests.exchange.peers import Peer, introduce_peer
from tests.org.people import grant, make_person

# What an assisting unit, or the dispatcher about it, does until its assignment is in this state.
OWN_STEPS = {
    "": (),
    "waiting": (),
    "recalled": (),
    "signed": (("handler", "sign"),),
    "returning": (("handler", "return"),),
    "returned": (("handler", "return"), ("dispatcher", "agree_return")),
    "done": (("handler", "sign"), ("handler", "give_opinion")),
}
# What is done from the dispatch on until the case is in this state.
STEPS = {
    "dispatched": (),
    "returning": ("handler return",),
    "in_progress": ("handler sign",),
    "drafted": ("handler sign", "handler draft_reply"),
    "checking": ("handler sign", "handler draft_reply", "head approve"),
}
STEPS |= {
    "answered": (*STEPS["checking"], "dispatcher publish"),
    "closed": (*STEPS["checking"], "dispatcher publish", "dispatcher close"),
    "accepted": (*STEPS["returning"], "dispatcher agree_return"),
}
BEFORE_DISPATCH = {
    "registered": (),
    "accepted": ("accept",),
    "refused": ("refuse",),
    "redirected": ("redirect",),
}


@dataclass
class Standing:
    """The office with everybody in it, a registered complaint, and a consultation that a rule has dispatched."""

    office: Office
    peer: Peer
    complaint: Case
    by_rule: Case
    # Who dispatches these cases.
    dispatcher: str = "dispatcher"
    # Everybody as they are logged in all the time: what they may do is asked once.
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {username: self.office[username] for username in self.office.people}

    def about(self, code: str) -> "Standing":
        """The same with new cases, which complain of this unit."""
        letters = [{"about_unit_code": code}, {"kind": "consultation", "unit_code": LEAD, "about_unit_code": code}]
        cases = [self.office.register(self.peer, **letter) for letter in letters]
        dispatcher = "dispatcher.zfb" if code == "xfj" else "dispatcher"
        return Standing(self.office, self.peer, *cases, dispatcher=dispatcher)

    def do(self, username: str, action: str, case: Case, **fields: object) -> Case:
        """``username`` does it; who is called ``dispatcher`` is who dispatches."""
        username = self.dispatcher if username == "dispatcher" else username
        return self.office.do(username, action, case, **(fields or FIELDS.get(action, {})))

    def bring(self, situation: Situation) -> Case:
        """The case, walked there by its services; for who has opened a savepoint around it."""
        if situation.also == "by rule":
            return self.by_rule
        case = self._walk(situation)
        if situation.also == "withdrawal":
            self.ask_to_withdraw(case)
        elif situation.also == "extension":
            self.do(f"handler.{LEAD}", "request_extension", case)
        elif situation.also == "review":
            self.ask_for_review(case)
        elif situation.also == "low rating":
            self.rate(case, 1)
        elif situation.also == "paused":
            self.do(f"handler.{LEAD}", "pause", case)
        return Case.objects.get(pk=case.pk)

    def ask_to_withdraw(self, case: Case) -> None:
        """The petitioner asks for it."""
        ask_withdrawal(uid=str(case.uid), at=case.received_at, content={"reason": "问题已经解决"})

    def ask_for_review(self, case: Case) -> None:
        """The petitioner does not accept the latest answer."""
        answer = case.replies.count()
        ask_review(uid=str(case.uid), at=timezone.now(), answer=answer, content={"reason": "没有调查就答复了。"})

    def rate(self, case: Case, score: int) -> None:
        """The petitioner rates the latest answer."""
        content = {"score": score, "comment": "没有解决"}
        take_rating(uid=str(case.uid), at=timezone.now(), answer=case.replies.count(), by="code", content=content)

    def _walk(self, situation: Situation) -> Case:
        case, state = self.complaint, situation.state
        if state in BEFORE_DISPATCH and not situation.assisting:
            for action in BEFORE_DISPATCH[state]:
                case = self.do("dispatcher", action, case)
            return case
        if state == "withdrawn" and not situation.assisting:
            self.ask_to_withdraw(case)
            return self.do("dispatcher", "agree_withdrawal", case)
        case = self.do("dispatcher", "accept", case)
        helpers = [ASSISTING] if situation.assisting else []
        case = self.do("dispatcher", "dispatch", case, lead_unit=LEAD, assisting_units=helpers)
        for who, action in OWN_STEPS[situation.assisting]:
            case = self.do(f"handler.{ASSISTING}" if who == "handler" else who, action, case)
        if state == "withdrawn":
            self.ask_to_withdraw(case)
            return self.do("dispatcher", "agree_withdrawal", case)
        for step in STEPS[state]:
            who, _, action = step.partition(" ")
            if action == "publish" and situation.also == "private":
                action = "answer_privately"
            case = self.do(who if who == "dispatcher" else f"{who}.{LEAD}", action, case)
        return case


@contextlib.contextmanager
def standing(folder: Path) -> Iterator[Standing]:
    """All of it, in a transaction that leaves nothing behind."""
    places = {"KEYRING_DIR": folder / "keyring", "FILES_DIR": folder / "files", "EXCHANGE_KEYS_DIR": folder / "own"}
    keys._read_private_key.cache_clear()
    with override_settings(**places), transaction.atomic():
        keyring.make_keys()
        peer, office = introduce_peer(settings, folder), Office()
        for role, login in ((Role.LEADER, "leader"), (Role.SECRETARY, "secretary"), (Role.SYSADMIN, "sysadmin")):
            office.people[login] = _login(login, role)
        for role, login in ((Role.SECADMIN, "secadmin"), (Role.AUDITOR, "auditor"), (None, "nobody")):
            office.people[login] = _login(login, role)
        yield Standing(
            office=office,
            peer=peer,
            complaint=office.register(peer),
            by_rule=office.register(peer, kind="consultation", unit_code=LEAD),
        )
        transaction.set_rollback(True)
    keys._read_private_key.cache_clear()


def _login(username: str, role: Role | None) -> User:
    person = make_person(None, "zfb", username=username, name=f"{username}甲"[:20])
    if role is not None:
        grant(person, role, "yls")
    assert person.user is not None
    return person.user

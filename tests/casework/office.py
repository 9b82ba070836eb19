"""A small office for tests of a case's life: who works where, and a case brought to any state by its services."""

from typing import Any

from core.models import User
from internal_bridge.casework.enums import Action, CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import perform_action
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Unit
from tests.casework.letters import Letter
from tests.exchange.peers import Peer
from tests.org.people import grant, make_person, make_unit

LEAD, ASSISTING, OTHER = "cgj", "sthjj", "jyj"
REPLY = "您反映的施工噪声问题，我局已责令停工整改，夜间不再施工。"
OPENING = frozenset({CaseState.REGISTERED, CaseState.REFUSED, CaseState.REDIRECTED})


class Office:
    """Dispatcher and inspector of the city, their deputies, and handler and head of three units."""

    def __init__(self) -> None:
        self.root = make_unit()
        codes = ("xfj", "jjw", "zfb", "zjj", "gaj", LEAD, ASSISTING, OTHER)
        self.units: dict[str, Unit] = {code: make_unit(code, accepts_petitions=True) for code in codes}
        self.people: dict[str, User] = {}
        self._add("dispatcher", Role.DISPATCHER, "yls", at="xfj", name="陈立")
        self._add("dispatcher.zfb", Role.DISPATCHER, "xfj", at="zfb", name="覃雪梅", with_descendants=False)
        self._add("inspector", Role.INSPECTOR, "yls", at="jjw", name="韦志刚")
        self._add("inspector.zfb", Role.INSPECTOR, "jjw", at="zfb", name="莫海燕", with_descendants=False)
        for code in (LEAD, ASSISTING, OTHER):
            self._add(f"handler.{code}", Role.HANDLER, code, at=code, with_descendants=False)
            self._add(f"head.{code}", Role.HEAD, code, at=code, with_descendants=False)

    def _add(self, username: str, role: Role, over: str, *, at: str, name: str = "", with_descendants: bool = True) -> None:
        person = make_person(None, at, username=username, name=name or f"王{username}"[:20])
        grant(person, role, over, with_descendants=with_descendants)
        assert person.user is not None
        self.people[username] = person.user

    def __getitem__(self, username: str) -> User:
        """Somebody, as freshly logged in."""
        return User.objects.get(pk=self.people[username].pk)

    def register(self, peer: Peer, **changes: Any) -> Case:
        """A case that has come over the bridge: a complaint that names nobody, to be published."""
        kind = changes.pop("kind", "complaint")
        plain = {"unit_code": "", "about_unit_code": "", "withhold_identity": False, "allow_publication": True, "urgent": False}
        letter = Letter(**(plain | changes))
        letter.data["kind"] = kind
        return letter.registered(peer)

    def do(self, username: str, action: Action | str, case: Case, *, version: int | None = None, **fields: Any) -> Case:
        """``username`` does it, on the case as it is."""
        fresh = Case.objects.get(pk=case.pk)
        return perform_action(
            person=self[username],
            number=case.number,
            action=Action(action),
            version=fresh.version if version is None else version,
            fields=fields,
            key=None,
        )

    def bring(self, case: Case, state: CaseState | str, *, assisting: bool = False) -> Case:
        """Walk a registered case on to ``state``, with an assisting unit where wanted."""
        state = CaseState(state)
        if state == CaseState.REFUSED:
            return self.do("dispatcher", "refuse", case, reason="unclear", text="看不出您要求什么。")
        if state == CaseState.REDIRECTED:
            return self.do("dispatcher", "redirect", case, text="请向法院起诉。")
        if state == CaseState.WITHDRAWN:
            Case.objects.filter(pk=case.pk).update(withdrawal_asked_at=case.received_at)
            return self.do("dispatcher", "agree_withdrawal", case)
        for until, step in self._path(state, assisting):
            case = step(case)
            if until == state:
                break
        return case

    def _path(self, state: CaseState, assisting: bool) -> list[Any]:
        helpers = [ASSISTING] if assisting else []
        on = [
            (CaseState.REGISTERED, lambda case: case),
            (CaseState.ACCEPTED, lambda case: self.do("dispatcher", "accept", case)),
            (
                CaseState.DISPATCHED,
                lambda case: self.do("dispatcher", "dispatch", case, lead_unit=LEAD, assisting_units=helpers, note="请核实"),
            ),
        ]
        if state == CaseState.RETURNING:
            return [*on, (state, lambda case: self.do(f"handler.{LEAD}", "return", case, reason="不属我局职责"))]
        return [
            *on,
            (CaseState.IN_PROGRESS, lambda case: self.do(f"handler.{LEAD}", "sign", case)),
            (CaseState.DRAFTED, lambda case: self.do(f"handler.{LEAD}", "draft_reply", case, text=REPLY, public_text=REPLY)),
            (CaseState.CHECKING, lambda case: self.do(f"head.{LEAD}", "approve", case, opinion="同意。")),
            (CaseState.ANSWERED, lambda case: self.do("dispatcher", "publish", case, public_text=REPLY)),
            (CaseState.CLOSED, lambda case: self.do("dispatcher", "close", case)),
        ]

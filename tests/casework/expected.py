"""The table of actions of the contract (11) and the sentences around it, written down a second time, for tests alone.

Nothing here comes from ``casework.life``: what the two tables disagree about, a test tells.
"""

from dataclasses import dataclass, field

REGISTERED, ACCEPTED, DISPATCHED, RETURNING = "registered", "accepted", "dispatched", "returning"
IN_PROGRESS, DRAFTED, CHECKING, ANSWERED, CLOSED = "in_progress", "drafted", "checking", "answered", "closed"
REFUSED, REDIRECTED, WITHDRAWN = "refused", "redirected", "withdrawn"
BEFORE_ANSWERED = (REGISTERED, ACCEPTED, DISPATCHED, RETURNING, IN_PROGRESS, DRAFTED, CHECKING)
WITH_UNITS = (DISPATCHED, RETURNING, IN_PROGRESS, DRAFTED, CHECKING)
STATES = (*BEFORE_ANSWERED, ANSWERED, CLOSED, REFUSED, REDIRECTED, WITHDRAWN)
STAYS = ""

# action: by; from; to. "handler" and "head" are those of the lead unit.
TABLE: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "accept": (("dispatcher",), (REGISTERED,), ACCEPTED),
    "reclassify": (("dispatcher",), BEFORE_ANSWERED, STAYS),
    "refuse": (("dispatcher",), (REGISTERED,), REFUSED),
    "redirect": (("dispatcher",), (REGISTERED,), REDIRECTED),
    "dispatch": (("dispatcher",), (ACCEPTED,), DISPATCHED),
    "auto_dispatch": ((), (REGISTERED,), DISPATCHED),
    "recall": (("dispatcher",), (DISPATCHED,), ACCEPTED),
    "sign": (("handler", "head"), (DISPATCHED,), IN_PROGRESS),
    "return": (("handler", "head"), (DISPATCHED, IN_PROGRESS), RETURNING),
    "agree_return": (("dispatcher",), (RETURNING,), ACCEPTED),
    # Where the unit had it: these cases were returned before they were signed for.
    "decline_return": (("dispatcher",), (RETURNING,), DISPATCHED),
    "request_extension": (("handler",), (IN_PROGRESS,), STAYS),
    "grant_extension": (("head",), (IN_PROGRESS,), STAYS),
    "refuse_extension": (("head",), (IN_PROGRESS,), STAYS),
    "ask_petitioner": (("handler",), (IN_PROGRESS,), STAYS),
    "give_opinion": ((), (), STAYS),
    "pause": (("handler",), (IN_PROGRESS,), STAYS),
    "resume": (("handler",), (IN_PROGRESS,), STAYS),
    "draft_reply": (("handler",), (IN_PROGRESS,), DRAFTED),
    "approve": (("head",), (DRAFTED,), CHECKING),
    "reject": (("head",), (DRAFTED,), IN_PROGRESS),
    "publish": (("dispatcher",), (CHECKING,), ANSWERED),
    "answer_privately": (("dispatcher",), (CHECKING,), ANSWERED),
    "send_back": (("dispatcher",), (CHECKING,), IN_PROGRESS),
    "agree_withdrawal": (("dispatcher",), BEFORE_ANSWERED, WITHDRAWN),
    "decline_withdrawal": (("dispatcher",), BEFORE_ANSWERED, STAYS),
    "revise_publication": (("dispatcher",), (ANSWERED, CLOSED), STAYS),
    "withdraw_publication": (("dispatcher",), (ANSWERED, CLOSED), STAYS),
    "rehandle": (("dispatcher",), (ANSWERED, CLOSED), IN_PROGRESS),
    "answer_request": (("dispatcher",), (ANSWERED, CLOSED), STAYS),
    "close": (("dispatcher",), (ANSWERED,), CLOSED),
}
# An assisting unit acts on its own assignment and leaves the case as it is; the dispatcher answers to its wish to return.
# action: by; from which states of the assignment, while the units have the case; its state afterwards.
OF_ASSISTING: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "sign": (("assisting handler", "assisting head"), ("waiting",), "signed"),
    "return": (("assisting handler", "assisting head"), ("waiting", "signed"), "returning"),
    "give_opinion": (("assisting handler", "assisting head"), ("signed",), "done"),
    "agree_return": (("dispatcher",), ("returning",), "returned"),
    "decline_return": (("dispatcher",), ("returning",), "waiting"),
}
# What an opinion before signing, or a second one, is told.
OPINION_REFUSED = {"waiting": "sign_first", "done": "opinion_given"}

# Something good to fill in for each action.
FIELDS: dict[str, dict[str, object]] = {
    "accept": {"complexity": "investigation"},
    "reclassify": {"complexity": "investigation", "reason": "涉及多个部门，需要调查"},
    "refuse": {"reason": "unclear", "text": "看不出您要求什么。"},
    "redirect": {"text": "请向人民法院起诉。"},
    "dispatch": {"lead_unit": "cgj", "assisting_units": ["sthjj"], "note": "请核实"},
    "recall": {"reason": "应由别的单位办理"},
    "return": {"reason": "按职责分工不属我局"},
    "agree_return": {"text": "同意退回。"},
    "decline_return": {"text": "仍请你单位办理。"},
    "request_extension": {"days": 5, "reason": "需要现场检测"},
    "grant_extension": {"text": "同意延期。"},
    "refuse_extension": {"text": "请按期办结。"},
    "ask_petitioner": {"text": "请问具体在哪一栋楼？"},
    "give_opinion": {"text": "经监测，夜间噪声超标。"},
    "pause": {"reason": "expert_opinion", "text": "委托检测机构检测。"},
    "draft_reply": {"text": "已责令停工整改。", "public_text": "已责令停工整改。"},
    "approve": {"opinion": "同意。"},
    "reject": {"opinion": "请补充整改时限。"},
    "publish": {"public_text": "已责令停工整改。"},
    "send_back": {"reason": "没有回答全部问题"},
    "decline_withdrawal": {"text": "已经立案查处，继续办理。"},
    "revise_publication": {"public_text": "已于十月责令停工整改。", "reason": "补充时间"},
    "withdraw_publication": {"reason": "文中有个人信息"},
    "answer_request": {"text": "经核实，答复无误，理由如下。"},
    "rehandle": {"reason": "来信人不满意"},
}


@dataclass(frozen=True)
class Situation:
    """A case's state, that of an assisting unit, and what else is the matter with it."""

    state: str
    # State of the assisting unit's assignment; empty: there is none.
    assisting: str = ""
    # "" or one of: withdrawal, extension, paused, by rule, private, review, low rating
    also: str = ""
    refusals: dict[str, str] = field(init=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """The reasons for which an action that the state allows is refused all the same."""
        refusals = {"recall": "not_auto_dispatched", "resume": "not_paused"}
        refusals |= dict.fromkeys(("grant_extension", "refuse_extension"), "no_extension_pending")
        refusals["answer_request"] = "no_request"
        if self.also in ("review", "low rating"):
            del refusals["answer_request"]
        refusals |= dict.fromkeys(("agree_withdrawal", "decline_withdrawal"), "no_withdrawal_asked")
        if self.also == "withdrawal":
            del refusals["agree_withdrawal"], refusals["decline_withdrawal"]
        if self.also == "extension":
            del refusals["grant_extension"], refusals["refuse_extension"]
            refusals["request_extension"] = "extension_pending"
        if self.also == "paused":
            del refusals["resume"]
            refusals |= {"pause": "paused", "return": "resume_first", "draft_reply": "resume_first"}
        if self.also == "by rule":
            del refusals["recall"]
        if self.also == "private":
            refusals |= dict.fromkeys(("revise_publication", "withdraw_publication"), "not_published")
        object.__setattr__(self, "refusals", refusals)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.state, self.assisting and f"assisting {self.assisting}", self.also) if part)

    @property
    def lead_has_it(self) -> bool:
        return self.state in (*WITH_UNITS, ANSWERED, CLOSED)

    @property
    def assistant_has_it(self) -> bool:
        return self.lead_has_it and self.assisting in ("waiting", "signed", "returning", "done")


SITUATIONS = [
    *(Situation(state) for state in STATES),
    *(Situation(state, own) for state in WITH_UNITS for own in ("waiting", "signed", "returning", "done", "returned")),
    *(Situation(state, own) for state in (ANSWERED, CLOSED) for own in ("done", "recalled")),
    Situation(ACCEPTED, "recalled"),
    Situation(WITHDRAWN, "recalled"),
    *(Situation(state, also="withdrawal") for state in BEFORE_ANSWERED),
    Situation(IN_PROGRESS, also="extension"),
    Situation(IN_PROGRESS, also="paused"),
    Situation(DISPATCHED, also="by rule"),
    Situation(ANSWERED, also="private"),
    Situation(ANSWERED, also="low rating"),
    Situation(CLOSED, also="review"),
]
# Who they are to a case, by login.
PEOPLE = {
    "dispatcher": "dispatcher",
    "deputy dispatcher": "dispatcher.zfb",
    "handler": "handler.cgj",
    "head": "head.cgj",
    "assisting handler": "handler.sthjj",
    "assisting head": "head.sthjj",
    "handler elsewhere": "handler.jyj",
    "head elsewhere": "head.jyj",
    "inspector": "inspector",
    "deputy inspector": "inspector.zfb",
    "leader": "leader",
    "secretary": "secretary",
    "system administrator": "sysadmin",
    "security administrator": "secadmin",
    "auditor": "auditor",
    "nobody": "nobody",
}


def expected(situation: Situation, who: str, action: str) -> str:
    """``404`` (may not know of it), ``403`` (not theirs to do), ``state`` (not from here), ``done``, or why it is refused."""
    if not _knows_of_it(situation, who):
        return "404"
    by, sources, _to = TABLE[action]
    own_by, own_from, _own_to = OF_ASSISTING.get(action, ((), (), ""))
    if who not in (*by, *own_by):
        return "403"
    if who in by and situation.state in sources:
        return situation.refusals.get(action, "done")
    if who in own_by and situation.state in WITH_UNITS:
        if action == "give_opinion" and situation.assisting in OPINION_REFUSED:
            return OPINION_REFUSED[situation.assisting]
        if situation.assisting in own_from:
            return "done"
    return "state"


def afterwards(situation: Situation, who: str, action: str) -> tuple[str, str]:
    """The states of the case and of the assisting unit's assignment once ``who`` has done it."""
    by, sources, to = TABLE[action]
    if action in OF_ASSISTING and (who not in by or situation.state not in sources):
        return situation.state, OF_ASSISTING[action][2]
    own = situation.assisting
    ended = to in (ACCEPTED, WITHDRAWN) or (to == ANSWERED and own != "done")
    if ended and situation.assistant_has_it:
        own = "recalled"
    elif to == DISPATCHED and action == "dispatch":
        own = "waiting"
    return to or situation.state, own


def _knows_of_it(situation: Situation, who: str) -> bool:
    if who in ("dispatcher", "inspector"):
        return True
    if who in ("handler", "head"):
        return situation.lead_has_it
    return who in ("assisting handler", "assisting head") and situation.assistant_has_it

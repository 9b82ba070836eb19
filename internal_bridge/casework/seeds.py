"""Demo data of the office's side; everything goes through the services, so it obeys every rule."""

import time
from typing import Any

from core.models import User
from internal_bridge.casework.enums import Action, CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import perform_action

__all__ = ["answer_demo_case"]

TITLE = "外地媳妇户口迁入要哪些材料"
UNIT = "gaj"
REPLY = (
    "您好。户口迁入按“先迁入地、后迁出地”办理：请先向右岭区您爱人户口所在的派出所申请，凭双方身份证、户口簿、结婚证开具《准迁证》，"
    "再凭《准迁证》到娘家派出所办理迁出。夫妻投靠已可跨省通办：在右岭区派出所一次申请，由两地派出所在网上流转，您不用再跑外省。"
    "您行动不便，可由您爱人持委托书代办。如窗口再要求您先去外省开证，请拨打12345，我们即时协调。"
)
# From the register to the answer: who does what, with what.
STEPS: list[tuple[str, Action, dict[str, Any]]] = [
    ("dispatcher", Action.ACCEPT, {}),
    ("dispatcher", Action.DISPATCH, {"lead_unit": UNIT, "note": "请说明先后手续，写明能否网上办理。"}),
    (f"handler.{UNIT}", Action.SIGN, {}),
    (f"handler.{UNIT}", Action.DRAFT_REPLY, {"text": REPLY, "public_text": REPLY}),
    (f"head.{UNIT}", Action.APPROVE, {"opinion": "同意。"}),
    ("dispatcher", Action.ANSWER_PRIVATELY, {}),
]


def answer_demo_case(*, patience: float) -> Case | None:
    """Walk the demo petition through the office once it has crossed the bridge; None when it is answered or does not come.

    Waits at most ``patience`` seconds.
    """
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        case = Case.objects.filter(title=TITLE).first()
        if case is not None:
            return _walk(case) if case.state == CaseState.REGISTERED else None
        time.sleep(0.2)
    return None


def _walk(case: Case) -> Case:
    for username, action, fields in STEPS:
        person = User.objects.get(username=username)
        case = perform_action(person=person, number=case.number, action=action, version=case.version, fields=fields, key=None)
    return case

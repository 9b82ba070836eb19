"""Demo data of the office's side; everything goes through the services, so it obeys every rule."""

import time

from core.models import User
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import answer_case

__all__ = ["answer_demo_case"]

TITLE = "外地媳妇户口迁入要哪些材料"
REPLY = (
    "您好。户口迁入按“先迁入地、后迁出地”办理：请先向右岭区您爱人户口所在的派出所申请，凭双方身份证、户口簿、结婚证开具《准迁证》，"
    "再凭《准迁证》到娘家派出所办理迁出。夫妻投靠已可跨省通办：在右岭区派出所一次申请，由两地派出所在网上流转，您不用再跑外省。"
    "您行动不便，可由您爱人持委托书代办。如窗口再要求您先去外省开证，请拨打12345，我们即时协调。"
)


def answer_demo_case(*, person: User, patience: float) -> Case | None:
    """Answer the demo petition once it has crossed the bridge; None when it is answered already or does not come.

    Waits at most ``patience`` seconds.
    """
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        case = Case.objects.visible_to(person).filter(title=TITLE).first()
        if case is not None:
            if case.state != CaseState.REGISTERED:
                return None
            return answer_case(person=person, number=case.number, version=case.version, text=REPLY, key=None)
        time.sleep(0.2)
    return None

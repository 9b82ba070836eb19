"""The receipt of a case that was taken down by phone or at the counter."""

import dataclasses
import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from core.enums import PetitionKind
from core.models import User
from core.receipts import draw_receipt
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import Receipt

# Where the portal lets a petition be followed (11).
FOLLOW_PATH = "/petitions/follow/"


@dataclasses.dataclass(frozen=True)
class ReceiptPage:
    """What is read out, printed or handed over; shown once."""

    number: str
    code: str
    kind: str
    received_at: datetime.datetime
    follow_address: str
    drawing: SafeString
    # Nothing where the person who took it down must not know more of the case.
    url: str


def present_receipt(receipt: Receipt, *, person: User, portal: str) -> ReceiptPage:
    """``portal`` is the portal's address, without a slash at its end."""
    follow = portal.rstrip("/") + FOLLOW_PATH
    known = Case.objects.visible_to(person).filter(number=receipt.number).exists()
    return ReceiptPage(
        number=receipt.number,
        code=receipt.code,
        kind=str(PetitionKind(receipt.kind).label),
        received_at=receipt.received_at,
        follow_address=follow,
        drawing=draw_receipt(follow, number=receipt.number, code=receipt.code),
        url=reverse("casework:detail", args=[receipt.number]) if known else "",
    )

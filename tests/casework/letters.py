"""Letters that reach the office over the bridge, as the portal would send them."""

from typing import Any

from django.utils import timezone

from core.identifiers import PORTAL_FIRST_DIGITS, draw_number, uuid7
from core.vault import CitizenKey, citizen_key, new_receipt_code
from core.workdays import local_date
from internal_bridge.casework.models import Case
from internal_bridge.exchange.jws import Signed
from tests.exchange.peers import Peer

SUBMITTED = "petition.submitted.v1"


class Letter:
    """A petition of one citizen, who keeps number and receipt code."""

    def __init__(self, **changes: Any) -> None:
        now = timezone.now()
        self.uid = str(uuid7())
        self.number = draw_number(local_date(now), first_digits=PORTAL_FIRST_DIGITS)
        self.code = new_receipt_code()
        self.data = {"uid": self.uid, "number": self.number, "kind": "complaint", "received_at": now.isoformat()}
        self.content = {
            "title": "江滨路工地半夜三点还在打桩",
            "body": "连续一个星期夜里不停工，整栋楼都在抖。",
            "place": "江滨路",
            "unit_code": "gaj",
            "about_unit_code": "zjj",
            "about_person": "",
            "name": "韦国强",
            "phone": "13700003518",
            "email": "",
            "urgent": True,
            "representatives": [],
            "on_behalf_of": None,
            "privacy_version": "2026-11",
            "withhold_identity": True,
            "allow_publication": False,
            "attachments": [],
        } | changes

    @property
    def stream(self) -> str:
        return f"case:{self.uid}"

    @property
    def key(self) -> CitizenKey:
        """The key that the citizen derives from number and code."""
        return citizen_key(self.code, number=self.number)

    def message(self, peer: Peer, **changes: Any) -> Signed:
        """The letter as the portal signs it, with parts of its data changed."""
        sealed = peer.sealed(self.content, stream=self.stream, type=SUBMITTED)
        data = {**self.data, "citizen_key": self.key.public.hex(), "sealed": sealed} | changes
        return peer.message(stream=self.stream, type=SUBMITTED, data=data)

    def bring(self, peer: Peer, **changes: Any) -> bytes:
        """The portal hands the letter over; returns our receipt."""
        return peer.bring(self.message(peer, **changes))

    def registered(self, peer: Peer) -> Case:
        """The case that the letter has become."""
        self.bring(peer)
        return Case.objects.get(number=self.number)

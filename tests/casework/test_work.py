"""Cases in the inbox: whose work they are, how they look, and that nobody finds there what is kept from them."""

import pytest

from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.registry import present_sources, step_label
from tests.casework.office import LEAD, OTHER, Office
from tests.exchange.peers import Peer

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def box(town: Office, username: str) -> list[str]:
    """The steps of what somebody finds to do."""
    return list(WorkItem.objects.box(town[username], Box.TODO).values_list("step", flat=True))


def test_a_case_is_in_the_box_of_whoever_has_to_act(town: Office, peer: Peer) -> None:
    case = town.register(peer)
    assert box(town, "dispatcher") == ["decide"]
    assert box(town, f"handler.{LEAD}") == []

    town.bring(case, "dispatched")
    assert box(town, "dispatcher") == []
    assert box(town, f"handler.{LEAD}") == ["sign"]
    assert box(town, f"handler.{OTHER}") == []


def test_nobody_finds_a_case_that_is_kept_from_them(town: Office, peer: Peer) -> None:
    """04: a case about xfj is invisible to ``dispatcher`` and goes to the deputy in zfb."""
    town.register(peer, about_unit_code="xfj")
    assert box(town, "dispatcher") == []
    assert box(town, "dispatcher.zfb") == ["decide"]


def test_a_case_is_shown_with_its_title_number_and_unit(town: Office, peer: Peer) -> None:
    case = town.bring(town.register(peer), "dispatched")
    [shown] = present_sources([("casework", case.uid)], town[f"handler.{LEAD}"]).values()
    assert (shown.title, shown.number) == (case.title, case.number)
    assert shown.url == f"/cases/{case.number}/"
    assert case.lead_unit is not None
    assert (case.lead_unit.short_name or case.lead_unit.name) in shown.subtitle
    assert step_label("casework", "sign") != "sign"
    assert present_sources([("casework", case.uid)], town[f"handler.{OTHER}"]) == {}


def test_it_is_found_by_number_title_and_place_as_far_as_one_may_know(town: Office, peer: Peer) -> None:
    from internal_bridge.casework.work import CaseSource

    case = town.register(peer)
    for text in (case.number, case.title[:4], case.place[:3]):
        assert list(CaseSource().search(town["dispatcher"], text)) == [case], text
        assert list(CaseSource().search(town[f"handler.{OTHER}"], text)) == []

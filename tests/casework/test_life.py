"""A case's whole life by its services: from the register to the answer, over the state of each unit."""

import pytest

from internal_bridge.casework.enums import CaseState

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


@pytest.mark.parametrize("state", CaseState.values)
def test_a_case_reaches_every_state(peer, town, state):
    case = town.register(peer)

    case = town.bring(case, state, assisting=True)

    assert case.state == state

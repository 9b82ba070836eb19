"""Every action × everybody × every state: what may be done is done, what may not is refused with the right word.

What is expected comes from ``expected``, a second writing of the contract's table, not from the code's own.
"""

from typing import Any

import pytest

from internal_bridge.casework.enums import Action, AssignmentState, CaseState
from internal_bridge.casework.life.guards import WORDS
from tests.casework.expected import FIELDS, OF_ASSISTING, PEOPLE, SITUATIONS, STATES, TABLE, Situation
from tests.casework.situations import Standing
from tests.casework.trying import mismatches

pytestmark = pytest.mark.django_db

# Each way in which rows are found and locked.
ON_POSTGRESQL = {"registered", "in_progress assisting signed", "checking assisting returning", "answered", "dispatched by rule"}
# To a case about the dispatchers' own unit the deputy is what the dispatcher is to others, and the other way round.
ABOUT_DISPATCHERS = {"dispatcher": "dispatcher.zfb", "deputy dispatcher": "dispatcher"}
ABOUT_INSPECTORS = {"dispatcher": "dispatcher", "inspector": "inspector.zfb", "deputy inspector": "inspector"}

# A withdrawal is decided on in every state alike: once is enough there.
FOR_DEPUTIES = [each for each in SITUATIONS if not each.assisting and (each.also != "withdrawal" or each.state == "accepted")]


def of(situations: list[Situation]) -> list[Any]:
    return [
        pytest.param(situation, id=situation.name, marks=pytest.mark.db if situation.name in ON_POSTGRESQL else ())
        for situation in situations
    ]


def test_no_action_and_no_state_is_without_a_row():
    assert sorted(TABLE) == sorted(Action.values)
    assert sorted(STATES) == sorted(CaseState.values)
    assert {situation.state for situation in SITUATIONS} == set(STATES)
    assert {situation.assisting for situation in SITUATIONS if situation.assisting} == set(AssignmentState.values)
    assert {*OF_ASSISTING, *FIELDS} <= set(TABLE)


def test_what_is_refused_has_words():
    assert {reason for situation in SITUATIONS for reason in situation.refusals.values()} <= set(WORDS)


@pytest.mark.parametrize("situation", of(SITUATIONS))
def test_each_does_what_the_table_says_and_nothing_else(standing_office: Standing, situation: Situation) -> None:
    found = mismatches(standing_office, situation, PEOPLE)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("situation", of(FOR_DEPUTIES))
def test_a_case_about_the_dispatchers_is_for_their_deputy_in_all_and_for_them_in_nothing(
    standing_office: Standing, situation: Situation
) -> None:
    found = mismatches(standing_office.about("xfj"), situation, ABOUT_DISPATCHERS)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("situation", of([Situation(state) for state in ("registered", "in_progress", "answered")]))
def test_a_case_about_the_inspectors_is_shown_to_their_deputy_and_not_to_them(
    standing_office: Standing, situation: Situation
) -> None:
    found = mismatches(standing_office.about("jjw"), situation, ABOUT_INSPECTORS)
    assert not found, "\n".join(found)

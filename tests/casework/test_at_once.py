"""Two people press the same button at the same moment: one has done it, the other is told so, and it is written down once."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from core.events import events_of
from core.workdays import local_date, next_working_day
from internal_bridge.casework.enums import Action
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import StaleVersion, WrongState, perform_action
from internal_bridge.casework.tasks import sweep_clocks
from internal_bridge.workflow.models import WorkItem
from tests.casework.clocks import happened, moment, notices
from tests.casework.expected import FIELDS
from tests.casework.office import LEAD
from tests.org.people import grant, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

# An action that changes the state, and one after which it could be done again.
PAIRS = {
    "accept": ("registered", "dispatcher", "second dispatcher"),
    "ask_petitioner": ("in_progress", f"handler.{LEAD}", "second handler"),
}


@pytest.mark.parametrize("action", PAIRS)
def test_of_two_at_once_one_wins_and_the_other_is_told(peer, town, action):
    state, *people = PAIRS[action]
    for username, role, unit in (("second dispatcher", "dispatcher", "yls"), ("second handler", "handler", LEAD)):
        second = make_person(None, "xfj" if role == "dispatcher" else unit, username=username, name="另一人")
        grant(second, role, unit)
        town.people[username] = second.user
    case = town.bring(town.register(peer), state)
    events, together = events_of(case.subject).count(), threading.Barrier(2, timeout=60)
    said: list[str] = []

    def press(username: str) -> None:
        person = town[username]
        together.wait()
        try:
            perform_action(
                person=person,
                number=case.number,
                action=Action(action),
                version=case.version,
                fields=FIELDS.get(action, {}),
                key=None,
            )
            said.append("done")
        except (StaleVersion, WrongState):
            said.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(username,)) for username in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    after = Case.objects.get(pk=case.pk)
    assert sorted(said) == ["done", "told"]
    assert after.version == case.version + 1
    assert events_of(case.subject).count() == events + 1
    assert WorkItem.objects.open().filter(source=case.uid, kind="do").count() == 1


def test_of_two_sweeps_at_once_each_says_what_the_other_has_not(peer, town):
    cases = [town.register(peer) for _number in range(4)]
    answered = town.bring(town.register(peer), "answered")
    later = next_working_day(local_date(timezone.now()) + datetime.timedelta(days=30))
    together = threading.Barrier(2, timeout=60)
    done: list[dict[str, int]] = []

    def run() -> None:
        together.wait()
        try:
            done.append(sweep_clocks())
        finally:
            connection.close()

    # The limits of the answers have passed, and fifteen days since the one that was given.
    with moment(later.isoformat()):
        threads = [threading.Thread(target=run) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sweep_clocks()

    for case in cases:
        assert [(stage, kind) for stage, kind, _day in notices(case)] == [("dispatch", "urging"), ("answer", "urging")]
        assert happened(case, "limit_passed") == ["limit_passed"] * 2
    assert Case.objects.get(pk=answered.pk).state == "closed"
    assert happened(answered, "closed") == ["closed"]
    assert len(done) == 2

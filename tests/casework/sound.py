"""What must hold of a case after whatever has been done."""

from core.models import User
from internal_bridge.casework.enums import BY_CLOCK
from internal_bridge.casework.life.waiting import facts_of, still_true, wanted_items
from internal_bridge.casework.models import Case
from internal_bridge.workflow.models import WorkItem
from tests.casework.expected import ANSWERED, BEFORE_ANSWERED, CLOSED, OF_ASSISTING, RETURNING, TABLE, WITH_UNITS


def check_the_way(before: str, action: str, after: str) -> None:
    """It is one of the table's ways."""
    _by, sources, to = TABLE[action]
    ways = {(source, to or source) for source in sources}
    if action == "decline_return":
        ways |= {(RETURNING, "in_progress")}
    if action in OF_ASSISTING:
        ways |= {(state, state) for state in WITH_UNITS}
    assert (before, after) in ways, (before, action, after)


def check_the_rows(case: Case) -> None:
    """Units, times and limits agree with the state."""
    present = [row for row in case.assignments.all() if row.state in ("waiting", "signed", "returning", "done")]
    leads = [row for row in present if row.part == "lead"]
    with_units, answered = case.state in WITH_UNITS, case.state in (ANSWERED, CLOSED)
    assert len(leads) == (1 if with_units or answered else 0)
    assert [row.unit_id for row in leads] == ([case.lead_unit_id] if leads else [])
    assert (case.answered_at is not None) == answered
    assert case.paused_at is None or case.state == "in_progress"
    assert [pause.begun_at for pause in case.pauses.filter(ended_at=None)] == ([case.paused_at] if case.paused_at else [])
    assert case.withdrawal_asked_at is None or case.state in BEFORE_ANSWERED
    asks_more = case.review_asked_at is not None or case.low_rated_at is not None
    assert not asks_more or answered
    assert leads or not present
    if case.extensions.filter(state="pending").exists():
        assert case.state in ("in_progress", RETURNING)
    running = case.clocks.filter(stopped_at=None).values_list("stage", "assignment")
    assert len(running) == len(set(running))
    assert (case.due_on is not None) == (case.state in BEFORE_ANSWERED)


def check_the_work(case: Case, dispatchers: list[User]) -> None:
    """What is open is what is wanted, each once, and whoever is to dispatch finds it."""
    open_items = WorkItem.objects.open().filter(app="casework", source=case.uid, kind="do")
    there = sorted((item.step, item.role, item.unit_id, str(item.due_on), item.urgent) for item in open_items)
    wanted = {(item.step, item.to.role, item.to.unit.pk): item for item in wanted_items(case)}
    assert there == sorted(
        (str(step), str(role), unit, str(item.due_on), item.urgent) for (step, role, unit), item in wanted.items()
    )
    asks_more = case.review_asked_at is not None or case.low_rated_at is not None
    # What the clock has laid before people speaks of limits that run, to the day that they run to.
    facts = facts_of(case)
    said = WorkItem.objects.open().filter(app="casework", source=case.uid, step__in=BY_CLOCK)
    assert [item for item in said if not still_true(case, facts, item)] == []
    assert bool(there) == (case.state in BEFORE_ANSWERED or asks_more)
    # Whoever dispatches finds it in a box.
    if any(role == "dispatcher" for _step, role, *_rest in there):
        boxes = [WorkItem.objects.box(person, "todo") for person in dispatchers]
        assert any(box.filter(source=case.uid).exists() for box in boxes)


def check_who_knows(case: Case, homes: dict[User, str]) -> None:
    """Nobody who is kept out, by their unit or in person, finds the case or an item of it."""
    exclusions = case.exclusions.counting().select_related("unit", "person__user")
    units = {row.unit.code for row in exclusions if row.unit}
    names = {row.person.user.username for row in exclusions if row.person}
    for person, home in homes.items():
        if home in units or person.username in names:
            assert not Case.objects.visible_to(person).filter(pk=case.pk).exists(), person
            for box in ("todo", "toread", "done", "read"):
                assert not WorkItem.objects.box(person, box).filter(source=case.uid).exists(), (person, box)

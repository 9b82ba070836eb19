"""Whom a petition is about does not learn of it: the accused at once, others by hand, and work goes to deputies (04)."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from core.events import events_of
from core.idempotency import new_key
from core.models import AuditRecord, User
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import InvalidFields, Refused, StaleVersion, add_exclusion, lift_exclusion
from internal_bridge.org.models import Person, Unit, UnitSuccession
from internal_bridge.workflow.models import WorkItem
from tests.casework.office import ASSISTING, LEAD, Office
from tests.casework.situations import Standing
from tests.org.people import grant, make_person, make_unit

pytestmark = pytest.mark.django_db

YESTERDAY = datetime.date(2026, 1, 1)


@pytest.fixture
def town(standing_office: Standing) -> Standing:
    return standing_office


def register(town: Standing, **letter: object) -> Case:
    return town.office.register(town.peer, **letter)


def knows(person: User, case: Case) -> bool:
    return Case.objects.visible_to(User.objects.get(pk=person.pk)).filter(pk=case.pk).exists()


def who_knows(office: Office, case: Case, *among: str) -> set[str]:
    return {username for username in among or office.people if knows(office[username], case)}


def waiting(case: Case) -> list[tuple[str, str, str]]:
    """What the case waits for: step, role and unit of each open item."""
    items = WorkItem.objects.open().filter(source=case.uid, kind="do").order_by("pk")
    return [(item.step, item.role, item.unit.code) for item in items]


def keep_out(town: Standing, case: Case, by: str = "dispatcher", **whom: object) -> Case:
    fresh = Case.objects.get(pk=case.pk)
    reason = "当事人为承办人亲属"
    return add_exclusion(
        person=town.office[by], number=case.number, version=fresh.version, reason=reason, key=new_key(), **whom
    )


def let_in(town: Standing, case: Case, by: str, **whom: object) -> Case:
    fresh = Case.objects.get(pk=case.pk)
    exclusion = case.exclusions.counting().get().pk
    return lift_exclusion(
        person=town.office[by],
        number=case.number,
        version=fresh.version,
        exclusion_id=exclusion,
        reason="已经查明",
        key=new_key(),
        **whom,
    )


@pytest.mark.db
def test_a_case_about_the_dispatchers_waits_at_their_deputies_desk_all_its_life(town):
    about = town.about("xfj")
    case, seen = about.complaint, []
    for situation in ("accept", "dispatch"):
        seen += waiting(case)
        case = about.do("dispatcher", situation, case, **({"lead_unit": LEAD} if situation == "dispatch" else {}))
    case = about.do(f"handler.{LEAD}", "return", case)
    seen += waiting(case)
    case = about.do("dispatcher", "decline_return", case)
    about.ask_to_withdraw(case)
    seen += [item for item in waiting(case) if item[0] == "decide_withdrawal"]

    assert [(step, unit) for step, _role, unit in seen] == [
        ("decide", "xfj"), ("dispatch", "xfj"), ("decide_return", "xfj"), ("decide_withdrawal", "xfj"),
    ]  # fmt: skip
    assert who_knows(town.office, case) == {
        "dispatcher.zfb", "inspector", f"handler.{LEAD}", f"head.{LEAD}",
    }  # fmt: skip


@pytest.mark.db
def test_a_name_that_nobody_bears_keeps_nobody_out_until_somebody_of_that_name_comes(town):
    case = register(town, about_person="查无此人")
    assert who_knows(town.office, case) == {"dispatcher", "inspector"}

    late = make_person(None, "xfj", username="late", name="查无此人")
    grant(late, "dispatcher", "yls")

    assert not knows(late.user, case)


def test_a_handler_named_without_a_unit_keeps_out_alone_wherever_the_case_goes(town):
    name = Person.objects.get(user=town.office[f"handler.{LEAD}"]).name
    case = town.do("dispatcher", "accept", register(town, about_person=f"副局长{name}"))
    case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD)

    assert who_knows(town.office, case) == {"dispatcher", "inspector", f"head.{LEAD}"}


def test_everybody_of_a_name_keeps_out_until_the_dispatcher_names_the_one_who_is_meant(town):
    meant, other = (make_person("handler", LEAD, username=f"wang.{number}", name="王伟") for number in (1, 2))
    case = town.do("dispatcher", "accept", register(town, about_person="王伟科长"))
    case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD)
    assert (knows(meant.user, case), knows(other.user, case)) == (False, False)

    case = let_in(town, case, "dispatcher", staff_uid=meant.uid)

    assert (knows(meant.user, case), knows(other.user, case)) == (False, True)


def test_a_person_named_with_a_unit_keeps_out_with_the_whole_unit(town):
    below = make_person("dispatcher", make_unit("cgj-zd", parent=Unit.objects.get(code=LEAD)), username="below")
    grant(below, "dispatcher", "yls")
    case = register(town, about_unit_code=LEAD, about_person="王伟")

    assert not knows(below.user, case)
    case = town.do("dispatcher", "accept", case)
    with pytest.raises(InvalidFields) as refused:
        town.do("dispatcher", "dispatch", case, lead_unit=LEAD)
    assert list(refused.value.errors) == ["lead_unit"]
    with pytest.raises(InvalidFields) as refused:
        town.do("dispatcher", "dispatch", case, lead_unit="jyj", assisting_units=[ASSISTING, LEAD])
    assert list(refused.value.errors) == ["assisting_units"]


@pytest.mark.db
def test_a_dispatcher_named_without_a_unit_keeps_out_with_all_colleagues_and_the_deputy_has_it(town):
    colleague = make_person(None, "xfj", username="colleague", name="李四光")
    grant(colleague, "dispatcher", "yls")

    case = register(town, about_person="陈立")

    assert waiting(case) == [("decide", "dispatcher", "xfj")]
    assert not knows(colleague.user, case)
    assert who_knows(town.office, case) == {"dispatcher.zfb", "inspector"}
    assert town.do("dispatcher.zfb", "accept", case).state == "accepted"


def test_an_inspector_named_without_a_unit_keeps_out_with_all_colleagues(town):
    case = register(town, about_person="韦志刚")

    assert who_knows(town.office, case) == {"dispatcher", "inspector.zfb"}


def test_a_closed_unit_is_followed_by_its_successors(town):
    old = make_unit("old-cgj", valid_to=YESTERDAY)
    for code in (LEAD, "xfj"):
        UnitSuccession.objects.create(unit=old, successor=Unit.objects.get(code=code), on=YESTERDAY)

    case = register(town, about_unit_code="old-cgj")

    assert {row.unit.code for row in case.exclusions.counting()} == {LEAD, "xfj"}
    assert waiting(case) == [("decide", "dispatcher", "xfj")]


def test_a_unit_is_kept_out_by_hand_and_let_in_again_and_work_goes_to_the_deputies_and_back(town):
    case = register(town)
    assert waiting(case) == [("decide", "dispatcher", "yls")]

    case = keep_out(town, case, unit_code="xfj")
    assert (waiting(case), knows(town.office["dispatcher"], case)) == ([("decide", "dispatcher", "xfj")], False)

    case = let_in(town, case, "dispatcher.zfb")
    assert (waiting(case), knows(town.office["dispatcher"], case)) == ([("decide", "dispatcher", "yls")], True)
    assert [event.name for event in events_of(case.subject)][-2:] == ["excluded", "exclusion_lifted"]
    assert AuditRecord.objects.filter(subject=case.subject, action__in=("case.excluded", "case.exclusion_lifted")).count() == 2
    assert case.version == 3


def test_a_unit_that_has_the_case_or_is_below_who_has_it_is_not_kept_out_by_surprise(town):
    case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", register(town)), lead_unit=LEAD)

    with pytest.raises(Refused, match="unit_has_it"):
        keep_out(town, case, unit_code=LEAD)


@pytest.mark.parametrize("by", ["handler.cgj", "head.cgj", "inspector"])
def test_only_a_dispatcher_keeps_somebody_out(town, by):
    case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", register(town)), lead_unit=LEAD)

    with pytest.raises(PermissionDenied):
        keep_out(town, case, by=by, unit_code="jyj")


def test_who_may_not_know_of_the_case_does_not_learn_of_it_by_trying(town):
    case = register(town, about_unit_code="xfj")

    with pytest.raises(Case.DoesNotExist):
        keep_out(town, case, unit_code="jyj")
    with pytest.raises(Case.DoesNotExist):
        let_in(town, case, "dispatcher")


def test_keeping_out_wants_the_case_as_it_is_and_a_reason_and_somebody_there_is(town):
    case = register(town)
    given = {"person": town.office["dispatcher"], "number": case.number, "key": None}
    with pytest.raises(StaleVersion):
        add_exclusion(**given, version=case.version + 1, reason="亲属关系", unit_code="xfj")
    for wrong in ({"reason": " ", "unit_code": "xfj"}, {"reason": "亲属关系", "unit_code": "nowhere"}):
        with pytest.raises(InvalidFields):
            add_exclusion(**given, version=case.version, **wrong)
    assert not case.exclusions.exists()


def test_what_somebody_had_in_hand_is_free_again_when_they_are_kept_out(town):
    case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", register(town)), lead_unit=LEAD)
    case = town.do(f"handler.{LEAD}", "sign", case)
    item = WorkItem.objects.open().get(source=case.uid, step="handle")
    handler = Person.objects.get(user=town.office[f"handler.{LEAD}"])
    WorkItem.objects.filter(pk=item.pk).update(claimed_by=handler, claimed_at=case.registered_at)

    case = keep_out(town, case, staff_uid=handler.uid)

    item.refresh_from_db()
    assert (item.claimed_by, case.handler) == (None, None)
    assert waiting(case) == [("handle", "handler", LEAD)]


def test_a_petition_about_the_city_keeps_nobody_out_for_everybody_is_a_part_of_it(town):
    case = register(town, about_unit_code="yls")

    assert Case.objects.visible_to(town.office["dispatcher"]).get(pk=case.pk) == case
    with pytest.raises(InvalidFields):
        add_exclusion(
            person=town.office["dispatcher"],
            number=case.number,
            version=case.version,
            unit_code="yls",
            reason="全市",
            key=new_key(),
        )


def test_why_somebody_is_kept_out_is_read_by_dispatchers_alone(town):
    case = town.office.bring(register(town), "in_progress")
    case = add_exclusion(
        person=town.office["dispatcher"],
        number=case.number,
        version=case.version,
        unit_code="zjj",
        reason="来信提到住建局有人",
        key=None,
    )

    def read(username: str) -> list[str]:
        entries = case.entries.readable_by(town.office[username], case)
        return [entry.text for entry in entries if entry.kind == "exclusion"]

    assert read("dispatcher") == ["来信提到住建局有人"]
    assert read(f"handler.{LEAD}") == []

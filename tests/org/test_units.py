"""Units: made, changed, renamed, moved, merged and closed, with their history, and the portal told of each."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.events import events_of
from core.models import AuditRecord
from internal_bridge.org import services
from internal_bridge.org.models import Department, Unit
from internal_bridge.org.querysets import today
from internal_bridge.org.services import Conflict, StaleVersion
from tests.org.people import LONG_AGO, grant, make_login, make_person, make_post, make_unit
from tests.org.sent import announced

pytestmark = [pytest.mark.django_db, pytest.mark.db]

YESTERDAY = datetime.timedelta(days=1)


def create(by, code="xfj", **fields):
    values = {"name": "市信访局", "short_name": "信访局", "kind": "government_department", "parent": "yls"} | fields
    return services.create_unit(by=by, code=code, **values)


def test_a_new_unit_stands_below_its_superior_and_the_portal_hears_of_it(peer, sysadmin):
    unit = create(sysadmin, duties="来信来访", accepts_petitions=True, second_name="Sinfangjgiz")

    assert (unit.path, unit.version, unit.valid_from) == ("yls/xfj/", 1, today())
    ((type, data),) = announced()
    assert "unit_changed" in type
    assert data == {
        "code": "xfj",
        "name": "市信访局",
        "short_name": "信访局",
        "second_name": "Sinfangjgiz",
        "parent": "yls",
        "kind": "government_department",
        "duties": "来信来访",
        "accepts_petitions": True,
        "position": 0,
        "valid_from": today().isoformat(),
    }
    assert [event.name for event in events_of("unit:xfj")] == ["created"]
    record = AuditRecord.objects.get()
    assert (record.action, record.subject, record.actor) == ("unit.created", "unit:xfj", sysadmin)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "X"}, "code"),
        ({"code": "信访"}, "code"),
        ({"code": "a" * 33}, "code"),
        ({"code": "old"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"short_name": ""}, "short_name"),
        ({"kind": "club"}, "kind"),
        ({"duties": "长" * 2_001}, "duties"),
        ({"position": 100_001}, "position"),
    ],
)
def test_what_a_unit_cannot_be_is_refused_by_field(peer, sysadmin, fields, field):
    make_unit("old", valid_to=datetime.date(2021, 1, 1))

    with pytest.raises(ValidationError) as refused:
        create(sysadmin, **fields)

    assert list(refused.value.message_dict) == [field]
    assert Unit.objects.count() == 2
    assert announced() == []


def test_a_unit_is_changed_once_by_who_saw_its_present_version(peer, sysadmin):
    make_unit("xfj")

    changed = services.change_unit(by=sysadmin, code="xfj", version=1, changes={"duties": "信访", "duty_phone": "0788-1"})
    same = services.change_unit(by=sysadmin, code="xfj", version=2, changes={"duties": "信访"})

    assert (changed.version, same.version) == (2, 2)
    assert len(announced()) == 1
    assert AuditRecord.objects.get().params == {"fields": ["duties", "duty_phone"]}
    with pytest.raises(StaleVersion) as stale:
        services.change_unit(by=sysadmin, code="xfj", version=1, changes={"duties": "别的"})
    assert stale.value.version == 2
    with pytest.raises(TypeError, match="path"):
        services.change_unit(by=sysadmin, code="xfj", version=2, changes={"path": "xfj/"})


def test_a_renamed_unit_keeps_its_former_names_with_their_days(peer, sysadmin):
    make_unit("xfj", name="市信访办公室", short_name="信访办")
    first = services.rename_unit(by=sysadmin, code="xfj", version=1, name="市信访局", short_name="信访局")
    services.rename_unit(by=sysadmin, code="xfj", version=first.version, name="市信访工作局", short_name="信访局")

    former = list(Unit.objects.get(code="xfj").former_names.values_list("name", "valid_from", "valid_to"))
    assert former == [("市信访办公室", LONG_AGO, today() - YESTERDAY), ("市信访局", today(), today())]
    assert [data["name"] for _, data in announced()] == ["市信访局", "市信访工作局"]
    assert Unit.objects.search("信访办公室").get().code == "xfj"


def test_a_moved_unit_takes_all_below_along_and_never_below_itself(peer, sysadmin):
    for code, parent in [("a", "yls"), ("b", "a"), ("c", "b"), ("d", "yls"), ("bx", "a")]:
        make_unit(f"{code}1", parent="yls" if parent == "yls" else f"{parent}1")

    services.move_unit(by=sysadmin, code="b1", version=1, parent="d1")

    paths = dict(Unit.objects.values_list("code", "path"))
    assert paths["b1"] == "yls/d1/b1/"
    assert paths["c1"] == "yls/d1/b1/c1/"
    assert paths["bx1"] == "yls/a1/bx1/"
    with pytest.raises(Conflict) as refused:
        services.move_unit(by=sysadmin, code="d1", version=1, parent="c1")
    assert refused.value.code == "below_itself"


def test_merging_moves_people_and_units_below_and_keeps_history_but_no_right_grows(peer, sysadmin):
    make_unit("fgw", name="市发改委"), make_unit("lsj", name="市粮食局", short_name="市粮食局")
    make_unit("lsjzx", parent="lsj")
    make_post("fgw", department="办公室", post="主任")
    make_post("lsj", department="办公室", post="科员")
    worker = make_person("handler", "lsj")

    services.merge_units(by=sysadmin, codes=["lsj"], into="fgw", version=1)

    old, new = Unit.objects.get(code="lsj"), Unit.objects.get(code="fgw")
    assert old.valid_to == today() - YESTERDAY
    assert [succession.successor for succession in old.successions.all()] == [new]
    assert Unit.objects.get(code="lsjzx").path == "yls/fgw/lsjzx/"
    names = Department.objects.filter(unit=new, valid_to=None).values_list("name", flat=True)
    assert set(names) == {"办公室", "市粮食局办公室", "综合科"}
    assert worker.appointments.get().post.department.unit == new
    assert worker.grants.get().unit == old
    assert [type for type, _ in announced()] == ["directory.unit_changed.v1", "directory.unit_closed.v1"]
    assert announced()[1][1]["successors"] == ["fgw"]
    assert [event.name for event in events_of("unit:lsj")] == ["closed"]
    assert not Unit.objects.open().filter(code="lsj").exists()


def test_a_unit_may_merge_into_one_below_it(peer, sysadmin):
    make_unit("up"), make_unit("mid", parent="up"), make_unit("low", parent="mid")

    services.merge_units(by=sysadmin, codes=["up"], into="low", version=1)

    paths = dict(Unit.objects.filter(valid_to=None).values_list("code", "path"))
    assert paths == {"yls": "yls/", "low": "yls/low/", "mid": "yls/low/mid/"}


def test_a_unit_closes_when_nobody_and_nothing_stands_below(peer, sysadmin):
    make_unit("kjj"), make_unit("kjzx", parent="kjj"), make_unit("gxj")
    person = make_person(None, "kjj")

    def close(**changes):
        values = {"code": "kjj", "version": 1, "valid_to": today(), "successors": ["gxj"]} | changes
        return services.close_unit(by=sysadmin, **values)

    with pytest.raises(Conflict) as refused:
        close()
    assert refused.value.code == "units_below"
    close(code="kjzx", successors=[])
    with pytest.raises(Conflict) as refused:
        close()
    assert refused.value.code == "people_remain"
    services.end_appointment(by=sysadmin, appointment_id=person.appointments.get().pk)
    with pytest.raises(ValidationError):
        close(valid_to=datetime.date(2019, 1, 1))
    close()
    assert not Department.objects.filter(unit__code="kjj", valid_to=None).exists()
    with pytest.raises(Conflict) as refused:
        services.rename_unit(by=sysadmin, code="kjj", version=2, name="新名", short_name="新")
    assert refused.value.code == "closed"


def test_departments_and_posts_have_one_name_each_while_open(peer, sysadmin):
    make_unit("xfj")
    department = services.open_department(by=sysadmin, unit="xfj", name="受理科")
    post = services.create_post(by=sysadmin, department_id=department.pk, name="受理员", headcount=2)

    with pytest.raises(ValidationError):
        services.open_department(by=sysadmin, unit="xfj", name="受理科")
    with pytest.raises(ValidationError):
        services.create_post(by=sysadmin, department_id=department.pk, name="受理员")
    with pytest.raises(Conflict):
        services.close_department(by=sysadmin, department_id=department.pk)
    services.rename_department(by=sysadmin, department_id=department.pk, name="受理一科")
    services.change_post(by=sysadmin, post_id=post.pk, changes={"rank": "一级科员"})
    services.close_post(by=sysadmin, post_id=post.pk)
    services.close_department(by=sysadmin, department_id=department.pk)
    services.open_department(by=sysadmin, unit="xfj", name="受理一科")
    names = [event.name for event in events_of("unit:xfj")]
    assert names[:4] == ["department_opened", "post_created", "department_changed", "post_changed"]


@pytest.mark.parametrize("role", [None, "secadmin", "auditor", "dispatcher", "head"])
def test_only_the_system_administrator_administers(peer, city, role):
    other = make_login(*[role] if role else [])
    other.is_superuser = True
    person = make_person()
    right = grant(person, "handler")
    attempts = [
        lambda: create(other),
        lambda: services.change_unit(by=other, code="yls", version=1, changes={}),
        lambda: services.rename_unit(by=other, code="yls", version=1, name="x", short_name="x"),
        lambda: services.move_unit(by=other, code="yls", version=1, parent=None),
        lambda: services.close_unit(by=other, code="yls", version=1, valid_to=today()),
        lambda: services.merge_units(by=other, codes=["a"], into="yls", version=1),
        lambda: services.open_department(by=other, unit="yls", name="科"),
        lambda: services.rename_department(by=other, department_id=1, name="科"),
        lambda: services.close_department(by=other, department_id=1),
        lambda: services.create_post(by=other, department_id=1, name="员"),
        lambda: services.change_post(by=other, post_id=1, changes={}),
        lambda: services.close_post(by=other, post_id=1),
        lambda: services.create_person(by=other, staff_number="1", name="甲"),
        lambda: services.change_person(by=other, uid=person.uid, version=1, changes={}),
        lambda: services.appoint_person(by=other, uid=person.uid, post_id=1),
        lambda: services.end_appointment(by=other, appointment_id=1),
        lambda: services.let_person_leave(by=other, uid=person.uid, version=1),
        lambda: services.give_login(by=other, uid=person.uid, username="new"),
        lambda: services.reset_password(by=other, uid=person.uid),
        lambda: services.give_grant(by=other, uid=person.uid, role="sysadmin", unit="yls", reason="x"),
        lambda: services.end_grant(by=other, uid=right.uid),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()
    assert not AuditRecord.objects.exists()

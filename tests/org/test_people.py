"""People, their posts, logins and rights."""

import datetime

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.audit import origin, record_audit
from core.models import AuditRecord, User
from core.text import pinyin_of
from internal_bridge.org import services
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Appointment, Person
from internal_bridge.org.permissions import forget_roles, is_dispatcher, is_system_administrator, roles_of, units_of
from internal_bridge.org.querysets import today
from internal_bridge.org.services import Conflict
from tests.org.people import appoint, grant, make_login, make_person, make_post, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("覃晓明", "qin xiaoming", "qxm"),
        ("单雄信", "shan xiongxin", "sxx"),
        ("仇英", "qiu ying", "qy"),
        ("曾国藩", "zeng guofan", "zgf"),
        ("区小龙", "ou xiaolong", "oxl"),
        ("欧阳娜", "ouyang na", "oyn"),
        ("吕晟", "lv sheng", "ls"),
        ("朱镕堃", "zhu rongkun", "zrk"),
        ("Li Lei", "li lei", "ll"),
    ],
)
def test_a_name_is_read_as_its_bearer_reads_it(name, pinyin, initials):
    assert pinyin_of(name) == (pinyin, initials)


def found(text):
    return set(Person.objects.search(text).values_list("name", flat=True))


def test_people_are_found_by_what_one_remembers_of_them(city):
    qin = make_person(None, "yls", name="覃晓明", office_phone="0788-2234567")
    make_person(None, "yls", name="单雄信")
    appoint(qin, "yls", department="受理科", post="受理员")

    assert found("晓明") == found("qin") == found("qinxiao") == found("qin xiao") == found("QXM") == {"覃晓明"}
    assert found("4567") == found("受理员") == found(qin.staff_number) == {"覃晓明"}
    assert found("sxx") == {"单雄信"}
    assert found("dan") == found("%") == set()
    assert len(found("")) == 2


def test_a_person_has_one_main_post_and_may_have_others(peer, sysadmin):
    person = services.create_person(by=sysadmin, staff_number="YL1", name="仇英", mobile="139 0000 0001")
    posts = [make_post("xfj", post=name) for name in ("科员", "科长")]

    first = services.appoint_person(by=sysadmin, uid=person.uid, post_id=posts[0].pk)
    second = services.appoint_person(by=sysadmin, uid=person.uid, post_id=posts[1].pk, main=True, duties="全面工作")

    first.refresh_from_db()
    assert (first.main, second.main) == (False, True)
    with pytest.raises(ValidationError):
        services.appoint_person(by=sysadmin, uid=person.uid, post_id=posts[1].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(person=person, post=make_post("xfj", post="员"), main=True, valid_from=today())
    services.end_appointment(by=sysadmin, appointment_id=second.pk, valid_to=today())
    with pytest.raises(Conflict):
        services.end_appointment(by=sysadmin, appointment_id=second.pk)
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["person.created", "person.appointed", "person.appointed", "person.appointment_ended"]


def test_a_changed_name_is_read_anew_and_shown_by_the_login(peer, sysadmin):
    person = make_person(name="区明")

    services.change_person(by=sysadmin, uid=person.uid, version=1, changes={"name": "覃明", "place": "三楼"})

    person.refresh_from_db()
    assert (person.pinyin, person.version, person.user.display_name) == ("qin ming", 2, "覃明")
    with pytest.raises(services.StaleVersion):
        services.change_person(by=sysadmin, uid=person.uid, version=1, changes={"name": "甲"})
    with pytest.raises(ValidationError) as refused:
        services.change_person(by=sysadmin, uid=person.uid, version=2, changes={"email": "nonsense"})
    assert list(refused.value.message_dict) == ["email"]


def test_a_login_is_given_once_with_a_password_that_is_shown_once(peer, sysadmin):
    person = make_person(login=False)
    with pytest.raises(ValidationError) as refused:
        services.give_login(by=sysadmin, uid=person.uid, username="SysAdmin")
    assert list(refused.value.message_dict) == ["username"]

    person, password = services.give_login(by=sysadmin, uid=person.uid, username="qin.xm")

    assert authenticate(username="qin.xm", password=password) == person.user
    assert person.user.must_change_password
    assert password not in str(AuditRecord.objects.values_list("params", flat=True))
    with pytest.raises(Conflict):
        services.give_login(by=sysadmin, uid=person.uid, username="again")


def test_a_password_is_reset_for_others_but_for_no_administrator(peer, sysadmin, client):
    person = make_person("handler", username="qin")
    client.login(username="qin", password="demo")  # nosec B106

    _, password = services.reset_password(by=sysadmin, uid=person.uid)

    user = authenticate(username="qin", password=password)
    assert user.must_change_password
    assert client.get("/").status_code == 302
    refused = {
        make_person(login=False).uid: "no_login",
        sysadmin.person.uid: "own_rights",
        make_person("auditor").uid: "protected_login",
    }
    for uid, code in refused.items():
        with pytest.raises(Conflict) as conflict:
            services.reset_password(by=sysadmin, uid=uid)
        assert conflict.value.code == code


def test_who_leaves_loses_posts_rights_and_login_at_once(peer, sysadmin):
    person = make_person("dispatcher", "xfj")
    grant(person, "handler", "xfj", valid_from=today() + DAY)

    services.let_person_leave(by=sysadmin, uid=person.uid, version=1)

    person.refresh_from_db()
    user = User.objects.get(pk=person.user_id)
    assert (person.left_on, user.is_active) == (today(), False)
    assert not is_dispatcher(user)
    assert not person.appointments.filter(valid_to=None).exists()
    assert not person.grants.filter(ended_at=None).exists()
    for refused in (
        lambda: services.let_person_leave(by=sysadmin, uid=person.uid, version=2),
        lambda: services.let_person_leave(by=sysadmin, uid=sysadmin.person.uid, version=1),
    ):
        with pytest.raises(Conflict):
            refused()


def give(by, person, role, **fields):
    values = {"unit": "yls", "reason": "工作需要"} | fields
    return services.give_grant(by=by, uid=person.uid, role=role, **values)


def test_a_right_counts_from_its_first_to_its_last_day_and_ends_at_once(peer, sysadmin):
    person = make_person(None, "xfj")
    cases = {
        "now": ({}, True),
        "later": ({"valid_from": today() + DAY}, False),
        "its last day": ({"valid_from": today(), "valid_to": today()}, True),
        "until yesterday": ({"valid_from": today() - DAY, "valid_to": today() - DAY}, False),
    }
    for name, (days, counts) in cases.items():
        right = give(sysadmin, person, "dispatcher", with_descendants=True, **days)
        forget_roles(person.user)
        assert is_dispatcher(person.user) is counts, name
        if name != "until yesterday":
            services.end_grant(by=sysadmin, uid=right.uid)
        forget_roles(person.user)
        assert not is_dispatcher(person.user), name
    with pytest.raises(Conflict):
        services.end_grant(by=sysadmin, uid=right.uid)


def test_a_right_that_hangs_on_a_post_counts_while_the_post_is_held(peer, sysadmin):
    person = make_person(None, "xfj")
    held = person.appointments.get()
    give(sysadmin, person, "head", unit="xfj", appointment_id=held.pk)
    assert Role.HEAD in roles_of(person.user).roles

    Appointment.objects.filter(pk=held.pk).update(valid_to=today() - DAY)

    forget_roles(person.user)
    assert not roles_of(person.user).roles
    with pytest.raises(Conflict):
        give(sysadmin, person, "head", unit="xfj", appointment_id=held.pk)
    with pytest.raises(Conflict):
        give(sysadmin, person, "head", unit="xfj", appointment_id=sysadmin.person.appointments.get().pk)


@pytest.mark.parametrize("first", ["sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("second", ["sysadmin", "secadmin", "auditor"])
def test_nobody_is_two_of_the_three_administrators_now_or_later(peer, sysadmin, first, second):
    person = make_person()
    give(sysadmin, person, first, valid_from=today() + DAY)

    if first == second:
        give(sysadmin, person, second)
    else:
        with pytest.raises(Conflict) as refused:
            give(sysadmin, person, second)
        assert refused.value.code == "separated_roles"
        services.end_grant(by=sysadmin, uid=person.grants.get().uid)
        give(sysadmin, person, second)


def test_nobody_changes_their_own_rights_and_an_administrator_remains(peer, sysadmin):
    own = sysadmin.person.grants.get()
    other = make_login("sysadmin")
    for attempt in (
        lambda: give(sysadmin, sysadmin.person, "dispatcher"),
        lambda: services.end_grant(by=sysadmin, uid=own.uid),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "own_rights"
    services.end_grant(by=other, uid=own.uid)
    last = other.person.appointments.get()
    other.person.grants.update(appointment=last)
    with pytest.raises(Conflict) as refused:
        services.end_appointment(by=other, appointment_id=last.pk)
    assert refused.value.code == "last_administrator"
    with pytest.raises(ValidationError):
        give(other, make_person(login=False), "handler")


def test_access_is_the_union_of_grants_asked_for_once_a_request(city):
    person = make_person("handler", make_unit("a1"), with_descendants=False)
    make_unit("a11", parent="a1")
    make_unit("b11", parent=make_unit("b1"))
    grant(person, "handler", "b1")
    grant(person, "head", "a1")
    user = User.objects.get(pk=person.user_id)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        roles = roles_of(user)
        assert roles.roles == {Role.HANDLER, Role.HEAD}
        handled = {path for path in ("yls/", "yls/a1/", "yls/a1/a11/", "yls/b1/b11/") if roles.covers(Role.HANDLER, path)}
        assert handled == {"yls/a1/", "yls/b1/b11/"}
        assert roles.covers(Role.HEAD, "yls/a1/a11/")
        assert not is_system_administrator(user)
    assert len(asked) == 1
    assert set(units_of(user, Role.HANDLER).values_list("code", flat=True)) == {"a1", "b1", "b11"}
    assert not units_of(user, Role.LEADER).exists()


def test_a_mobile_number_is_for_the_unit_superiors_and_the_system_administrator(sysadmin):
    make_unit("a1"), make_unit("a11", parent="a1"), make_unit("b1")
    worker = make_person(None, "a11", name="甲")
    readers = {
        "colleague": (make_person(None, "a11"), True),
        "superior": (make_person("head", "a1"), True),
        "head of that unit alone": (make_person("head", "a1", with_descendants=False), False),
        "dispatcher of the city": (make_person("dispatcher"), False),
        "other": (make_person(None, "b1"), False),
        "leader": (make_person("leader"), True),
        "system administrator": (sysadmin.person, True),
        "security administrator": (make_person("secadmin"), False),
    }
    for name, (reader, may) in readers.items():
        shown = Person.objects.with_mobile_shown_to(reader.user).get(pk=worker.pk)
        assert shown.mobile_shown is may, name
        assert Person.objects.mobile_visible_to(reader.user).filter(pk=worker.pk).exists() is may, name


def test_lists_of_people_cost_the_same_for_few_and_many(city):
    user = make_login("head")
    counts = []
    for number in (3, 30):
        for _ in range(number):
            appoint(make_person(None, make_unit(f"u{number}"), login=False), "yls", post=f"岗位{number}")
        with CaptureQueriesContext(connection) as asked:
            rows = Person.objects.visible_to(user).in_office().in_unit(city).with_mobile_shown_to(user).with_appointments()
            assert all(person.present[0].post.department.unit.name for person in rows)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


def test_what_one_does_is_recorded_under_the_post_one_acts_under(client, peer, settings):
    person = make_person("handler", make_unit("xfj", short_name="信访局"), username="qin")
    further = appoint(person, make_unit("gaj", short_name="公安局"), department="法制科", post="顾问")
    seen = []

    def view(request):
        from django.http import HttpResponse

        with transaction.atomic():
            seen.append(record_audit(action="person.changed", subject="", actor=request.user).post)
        if request.GET:
            services.choose_post(request, appointment_id=int(request.GET["post"]))
        return HttpResponse("")

    from django.urls import path

    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("x/", view)]})
    client.force_login(person.user)
    for query in ("", f"?post={further.pk}", ""):
        client.get(f"/x/{query}")
    further.valid_to = today() - DAY
    further.save()
    client.get("/x/")

    assert seen == ["信访局 综合科 科员", "信访局 综合科 科员", "公安局 法制科 顾问", "信访局 综合科 科员"]
    assert origin().post == ""

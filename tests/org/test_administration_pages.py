"""The system administrator's pages: units, posts, people and rights; refused to everybody else."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from core.idempotency import new_key
from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Appointment, Grant, Person, Post, Unit
from tests.exchange.peers import Peer
from tests.org.town import make_administrator, make_grant, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

HEADERS = {"accept-language": "zh-hans"}
A = "/administration"


@pytest.fixture
def city() -> Unit:
    return make_unit("yls", "云岭市")


@pytest.fixture
def bureau(city: Unit) -> Unit:
    return make_unit("xfj", "云岭市信访局", short_name="市信访局", parent=city, duties="来信")


@pytest.fixture
def person(bureau: Unit) -> Person:
    return make_person("李萌", make_post(bureau, "受理科", "副科长"), login="limeng")


@pytest.fixture
def office(city: Unit, peer: Peer) -> Client:
    client = Client(headers=HEADERS)
    client.force_login(make_administrator(city))
    return client


def send(client: Client, address: str, **fields: Any) -> Any:
    return client.post(address, {"idempotency_key": new_key(), **fields})


def html_of(response: Any) -> str:
    return str(response.content.decode())


UNIT_FIELDS = {
    "short_name": "市信访局",
    "second_name": "",
    "kind": "government_department",
    "duties": "来信;来访",
    "position": "3",
}


def addresses(bureau: Unit, person: Person, grant: Grant) -> list[str]:
    """Every address of the administration, filled in."""
    post = Post.objects.get(name="副科长")
    values = {
        "code": bureau.code, "uid": str(person.uid), "department_id": str(post.department_id), "post_id": str(post.pk),
        "appointment_id": str(person.appointments.get().pk), "kind": "units",
    }  # fmt: skip
    found = []
    for pattern in get_resolver("internal_bridge.org.urls").url_patterns:
        route = str(pattern.pattern)
        if not route.startswith("administration/"):
            continue
        here = {**values, "uid": str(grant.uid)} if "/grants/<" in route else values
        found.append("/" + re.sub(r"<\w+:(\w+)>", lambda match, here=here: here[match[1]], route))
    return found


@pytest.mark.parametrize("role", [None, *(role for role in Role.values if role != Role.SYSADMIN)])
def test_all_others_are_refused_and_see_no_entry(city: Unit, bureau: Unit, person: Person, role: str | None) -> None:
    grant = make_grant(person, role or Role.HANDLER, city, with_descendants=True)
    if role is None:
        grant.delete()
    client = Client(headers=HEADERS)
    assert person.user
    client.force_login(person.user)
    for address in addresses(bureau, person, grant):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {}).status_code in (403, 405), address
    assert 'href="/administration/"' not in html_of(client.get("/directory/"))


def test_the_administrator_opens_every_page_and_sees_no_cases(office: Client, bureau: Unit, person: Person) -> None:
    grant = make_grant(person, Role.HANDLER, bureau)
    for address in addresses(bureau, person, grant):
        if "/imports/0" in address or "apply" in address:
            continue
        assert office.get(address).status_code in (200, 302), address
    html = html_of(office.get(f"{A}/units/"))
    assert 'href="/administration/"' in html
    assert 'href="/cases/"' not in html


def test_a_unit_is_made_changed_renamed_moved_and_closed(office: Client, city: Unit, bureau: Unit) -> None:
    other = make_unit("zfb", "市政府办", parent=city)
    answer = send(office, f"{A}/new-unit/", **UNIT_FIELDS, code="xfzx", name="信访中心", parent="xfj")
    assert (answer.status_code, answer.url) == (303, f"{A}/units/xfzx/")
    unit = Unit.objects.get(code="xfzx")
    assert (unit.path, unit.duties) == ("yls/xfj/xfzx/", "来信;来访")

    send(office, f"{A}/units/xfzx/rename/", version=unit.version, name="群众接待中心", short_name="接待中心")
    assert unit.former_names.get().name == "信访中心"
    unit.refresh_from_db()
    send(office, f"{A}/units/xfzx/move/", version=unit.version, parent="zfb")
    unit.refresh_from_db()
    assert unit.parent == other
    bad = send(office, f"{A}/units/zfb/close/", version=other.version, valid_to="2030-01-01")
    assert bad.status_code == 409
    assert "下级单位" in html_of(bad)
    done = send(office, f"{A}/units/xfzx/close/", version=unit.version, valid_to="2030-01-01", successors=["xfj", "zfb"])
    assert done.status_code == 303
    assert unit.successions.count() == 2
    assert "群众接待中心" in html_of(office.get(f"{A}/units/?q=信访中心"))
    assert "接待中心" not in html_of(office.get(f"{A}/units/?state=closed"))


def test_bad_input_is_told_beside_the_field_and_above_the_form(office: Client, bureau: Unit) -> None:
    answer = send(office, f"{A}/new-unit/", **{**UNIT_FIELDS, "short_name": ""}, code="xfj", name="又一个")
    html = html_of(answer)
    assert answer.status_code == 400
    assert 'value="又一个"' in html
    assert 'href="#id_short_name"' in html
    assert 'aria-describedby="id_short_name_error"' in html
    # What only the service can know stands beside its field too.
    taken = html_of(send(office, f"{A}/new-unit/", **UNIT_FIELDS, code="xfj", name="又一个"))
    assert 'id="id_code_error"' in taken


def test_two_administrators_do_not_overwrite_each_other(office: Client, bureau: Unit) -> None:
    Unit.objects.filter(pk=bureau.pk).update(duty_phone="110", version=2)
    answer = send(office, f"{A}/units/xfj/change/", **UNIT_FIELDS, version=1, duty_phone="120")
    html = html_of(answer)
    assert answer.status_code == 409
    assert 'value="120"' in html
    assert "现在是：110" in html
    assert 'name="version" value="2"' in html
    again = send(office, f"{A}/units/xfj/change/", **UNIT_FIELDS, version=2, duty_phone="120")
    assert again.status_code == 303


def test_what_is_sent_twice_is_done_once(office: Client, bureau: Unit) -> None:
    fields = {"idempotency_key": new_key(), "name": "督查科", "position": "1"}
    for _ in range(2):
        assert office.post(f"{A}/units/xfj/departments/new/", fields).status_code == 303
    assert bureau.departments.filter(name="督查科").count() == 1
    assert office.post(f"{A}/units/xfj/departments/new/", {**fields, "name": "别的"}).status_code == 409
    damaged = office.post(f"{A}/units/xfj/departments/new/", {"name": "丁科", "position": "1"})
    assert damaged.status_code == 400
    assert 'value="丁科"' in html_of(damaged)


def test_a_merger_shows_first_what_follows(office: Client, city: Unit, bureau: Unit, person: Person) -> None:
    into = make_unit("zfb", "市政府办", parent=city)
    make_unit("xfzx", "信访中心", parent=bureau)
    make_post(into, "受理科", "科长")
    Unit.objects.filter(pk=bureau.pk).update(accepts_petitions=True)
    assert 'name="preview"' in html_of(office.get(f"{A}/units/xfj/merge/"))
    shown = send(office, f"{A}/units/xfj/merge/", into="zfb", preview="1")
    html = html_of(shown)
    for words in ("1 个内设机构", "1 人", "1 个下级单位", "同名", "不能撤回"):
        assert words in html, words
    bureau.refresh_from_db()
    assert bureau.valid_to is None
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    done = send(office, f"{A}/units/xfj/merge/", into="zfb", version=version[1])
    assert done.url == f"{A}/units/zfb/"
    bureau.refresh_from_db()
    assert bureau.valid_to is not None
    assert Appointment.objects.get(person=person).post.department.unit == into
    # What is gone can neither be merged again nor written to.
    again = send(office, f"{A}/units/xfj/merge/", into="zfb", preview="1")
    assert again.status_code == 409
    assert "已经撤销" in html_of(again)
    assert "受理信访件" not in html_of(office.get("/directory/units/xfj/"))


def test_departments_and_posts(office: Client, bureau: Unit, person: Person) -> None:
    department = bureau.departments.get()
    send(office, f"{A}/departments/{department.pk}/posts/new/", name="科长", rank="正科", headcount="1", position="0")
    post = Post.objects.get(name="科长")
    send(office, f"{A}/posts/{post.pk}/change/", name="科长", rank="正科级", headcount="2", position="0")
    post.refresh_from_db()
    assert (post.rank, post.headcount) == ("正科级", 2)
    html = html_of(office.get(f"{A}/units/xfj/"))
    assert "正科级" in html
    held = send(office, f"{A}/posts/{person.appointments.get().post_id}/close/")
    assert held.status_code == 409
    assert send(office, f"{A}/posts/{post.pk}/close/").status_code == 303


PERSON_FIELDS = {
    "staff_number": "YL1",
    "name": "覃晓",
    "office_phone": "2201",
    "mobile": "",
    "email": "",
    "place": "",
    "joined_on": "",
}


def test_a_person_comes_is_appointed_gets_a_login_and_leaves(office: Client, bureau: Unit) -> None:
    answer = send(office, f"{A}/people/new/", **PERSON_FIELDS)
    person = Person.objects.get(staff_number="YL1")
    assert answer.url == f"{A}/people/{person.uid}/"
    here = answer.url
    post = make_post(bureau, "受理科", "科员")
    assert "哪个单位" in html_of(office.get(f"{here}appoint/"))
    send(office, f"{here}appoint/?unit=xfj", post=post.pk, duties="受理")
    appointment = person.appointments.get()
    assert appointment.main

    made = send(office, f"{here}login/", username="qinxiao")
    password = re.search(r'class="zq-secret">([^<]+)<', html_of(made))
    assert password
    person.refresh_from_db()
    assert person.user
    assert person.user.check_password(password[1])
    assert password[1] not in html_of(office.get(here))
    assert send(office, f"{here}login/", username="again").status_code == 409
    fresh = send(office, f"{here}password/")
    assert 'class="zq-secret">' in html_of(fresh)

    end = send(office, f"{A}/appointments/{appointment.pk}/end/")
    assert end.status_code == 303
    assert "今天结束" in html_of(office.get(here))
    send(office, f"{A}/appointments/{appointment.pk}/restore/")
    assert person.appointments.filter(valid_to=None, post=post).count() == 1
    # Ended and taken up again on one day: one post.
    assert "2 岗" not in html_of(office.get("/directory/?unit=xfj"))

    person.refresh_from_db()
    send(office, f"{here}leave/", version=person.version)
    person.user.refresh_from_db()
    assert not person.user.is_active
    assert "覃晓" in html_of(office.get(f"{A}/people/?state=left"))
    assert "覃晓" not in html_of(office.get(f"{A}/people/"))


def test_a_right_is_given_after_a_preview_ended_and_restored(office: Client, bureau: Unit, person: Person) -> None:
    make_unit("xfzx", "信访中心", parent=bureau)
    here = f"{A}/people/{person.uid}/"
    fields = {"role": "handler", "unit": "xfj", "with_descendants": "on", "reason": "接替陈立"}
    shown = html_of(send(office, f"{here}grants/new/", **fields, preview="1"))
    assert "2 个单位" in shown
    assert "信访中心" in shown
    assert not person.grants.exists()
    assert 'value="接替陈立"' in shown
    assert send(office, f"{here}grants/new/", **fields).status_code == 303
    grant = person.grants.get()
    assert grant.granted_by == User.objects.get(username="sysadmin")
    listed = html_of(office.get(f"{A}/grants/?role=handler&unit=xfj&q=lm"))
    assert "接替陈立" in listed
    assert "李萌" not in html_of(office.get(f"{A}/grants/?role=head"))
    send(office, f"{A}/grants/{grant.uid}/end/")
    assert not Grant.objects.counting().filter(person=person).exists()
    send(office, f"{A}/grants/{grant.uid}/restore/")
    assert Grant.objects.counting().filter(person=person, role="handler", with_descendants=True).count() == 1
    without = send(office, f"{here}grants/new/", **{**fields, "reason": ""})
    assert without.status_code == 400


def test_nobody_gives_themselves_a_right(office: Client, city: Unit) -> None:
    me = Person.objects.get(user__username="sysadmin")
    answer = send(office, f"{A}/people/{me.uid}/grants/new/", role="handler", unit="yls", reason="为了自己")
    assert answer.status_code == 409
    assert "自己" in html_of(answer)


@pytest.mark.parametrize("path", ["units/?state=all", "people/", "grants/?state=all", "people/?q=li"])
def test_the_lists_ask_the_same_number_of_questions_for_10_and_600(office: Client, bureau: Unit, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(f"{A}/{path}").status_code == 200
        return len(captured)

    def grow(first: int, many: int) -> None:
        post = make_post(bureau, "办公室", "科员")
        numbers = range(first, first + many)
        Unit.objects.bulk_create(
            Unit(code=f"u{n}", name=f"单位{n}", short_name=f"单位{n}", parent=bureau, path=f"yls/xfj/u{n}/",
                 kind="institution", valid_from="2020-01-01") for n in numbers
        )  # fmt: skip
        users = User.objects.bulk_create(User(username=f"p{n}", display_name=f"李{n}") for n in numbers)
        people = Person.objects.bulk_create(
            Person(staff_number=f"P{n}", name=f"李{n}", pinyin=f"li {n}", initials="l", user=user)
            for n, user in zip(numbers, users, strict=True)
        )
        Appointment.objects.bulk_create(
            Appointment(person=each, post=post, main=True, valid_from="2020-01-01") for each in people
        )
        Grant.objects.bulk_create(
            Grant(person=each, role="handler", unit=bureau, valid_from="2020-01-01", reason="x") for each in people
        )

    grow(0, 10)
    queries()
    few = queries()
    grow(10, 590)
    assert queries() == few
    assert few <= 20


def test_somebody_chooses_the_post_to_act_under(bureau: Unit, city: Unit) -> None:
    other = make_unit("lxb", "联席办", parent=city)
    me = make_person("李萌", make_post(bureau, "受理科", "副科长"), make_post(other, "办公室", "联络员"), login="lm")
    assert me.user
    client = Client(headers=HEADERS)
    client.force_login(me.user)
    html = html_of(client.get("/directory/"))
    assert "<small>市信访局 受理科 副科长</small>" in html
    second = me.appointments.get(main=False)
    assert f'name="appointment" value="{second.pk}"' in html
    answer = client.post("/post/", {"appointment": second.pk, "next": "/directory/"})
    assert (answer.status_code, answer.url) == (303, "/directory/")
    after = html_of(client.get("/directory/"))
    assert "<small>联席办 办公室 联络员</small>" in after
    assert 'aria-current="page">本单位<b>1</b>' in after
    assert client.post("/post/", {"appointment": second.pk, "next": "//evil.example/"}).url == "/"
    stranger = make_person("龙飞", make_post(bureau)).appointments.get()
    assert client.post("/post/", {"appointment": stranger.pk}).status_code == 404

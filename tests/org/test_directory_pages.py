"""机构与通讯录: the tree, the list, a person, a unit, and cards to take along."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditRecord, User
from internal_bridge.org.enums import Role, UnitKind
from internal_bridge.org.models import Appointment, Person, Unit
from tests.org.town import make_grant, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db

HEADERS = {"accept-language": "zh-hans"}


@pytest.fixture
def city() -> Unit:
    return make_unit("yls", "云岭市")


@pytest.fixture
def bureau(city: Unit) -> Unit:
    return make_unit("xfj", "云岭市信访局", short_name="市信访局", parent=city, duties="来信;来访", duty_phone="0890-13102000")


@pytest.fixture
def me(bureau: Unit) -> Person:
    return make_person("陈立", make_post(bureau, "受理科", "科员", 2), login="me")


@pytest.fixture
def office(me: Person) -> Client:
    assert me.user
    client = Client(headers=HEADERS)
    client.force_login(me.user)
    return client


def names_in(html: str) -> list[str]:
    return re.findall(r"data-row>([^<]+)</a>", html)


def test_at_first_one_sees_ones_own_unit_in_the_order_of_its_posts(office: Client, bureau: Unit) -> None:
    make_person("高远", make_post(bureau, "受理科", "科长", 1), office_phone="0890-13102201")
    elsewhere = make_unit("gaj", "市公安局", parent=bureau.parent)
    make_person("龙飞", make_post(elsewhere))
    html = office.get("/directory/").content.decode()
    assert names_in(html) == ["高远", "陈立"]
    assert "0890-13102201" in html
    assert 'aria-current="page">本单位<b>2</b>' in html
    assert "全市<b>3</b>" in html


@pytest.mark.parametrize("text", ["李萌", "萌", "lm", "limeng", "li meng", "2202", "副科长"])
def test_people_are_found_in_the_whole_city(office: Client, city: Unit, text: str) -> None:
    other = make_unit("gaj", "市公安局", parent=city)
    make_person("李萌", make_post(other, "办公室", "副科长"), office_phone="0890-1310 2202")
    assert names_in(office.get("/directory/", {"q": text}).content.decode()) == ["李萌"]


@pytest.mark.parametrize("text", ["信访局", "xfj", "xinfang", "云岭市信访"])
def test_units_are_found_too(office: Client, text: str) -> None:
    assert 'href="/directory/units/xfj/"' in office.get("/directory/", {"q": text}).content.decode()


def test_nobody_found_says_what_to_try(office: Client) -> None:
    html = office.get("/directory/", {"q": "查无此人"}).content.decode()
    assert "没有找到人" in html
    assert "首字母" in html


def test_a_department_and_the_units_below(office: Client, bureau: Unit) -> None:
    make_person("高远", make_post(bureau, "局领导", "局长"))
    below = make_unit("xfzx", "信访中心", parent=bureau, kind=UnitKind.INSTITUTION)
    make_person("田甜", make_post(below))
    department = bureau.departments.get(name="局领导")
    assert names_in(office.get(f"/directory/?unit=xfj&department={department.pk}").content.decode()) == ["高远"]
    assert "含下级单位" in office.get("/directory/?unit=xfj").content.decode()
    assert set(names_in(office.get("/directory/?unit=xfj&below=1").content.decode())) == {"高远", "陈立", "田甜"}
    # A department of another unit is none of this one.
    for query in ("unit=nowhere", f"unit=xfzx&department={department.pk}", "unit=xfj&department=abc"):
        assert office.get(f"/directory/?{query}").status_code == 404


def test_whoever_holds_several_posts_has_a_view(office: Client, bureau: Unit, city: Unit) -> None:
    other = make_unit("lxb", "联席办", parent=city)
    make_person("李萌", make_post(bureau, "受理科", "副科长"), make_post(other, "办公室", "联络员"))
    html = office.get("/directory/?view=several").content.decode()
    assert names_in(html) == ["李萌"]
    assert "2 岗" in html


def test_the_tree_groups_units_and_folds_long_groups(office: Client, city: Unit) -> None:
    make_unit("zfb", "市政府办", parent=city, kind=UnitKind.LEADING_OFFICE)
    county = make_unit("ysx", "云山县", parent=city, kind=UnitKind.COUNTY)
    make_unit("ysxz", "城关镇", parent=county, kind=UnitKind.TOWNSHIP)
    for number in range(20):
        make_unit(f"b{number}", f"单位{number}", parent=city, position=number + 1)
    html = office.get("/directory/").content.decode()
    tree = html[html.index('id="tree"') : html.index('id="people"')]
    assert "市直单位<b>21 个单位</b>" in tree
    assert "其余 15 个单位" in tree
    assert tree.index("市政府办") < tree.index("市直单位") < tree.index("云山县") < tree.index("城关镇")
    # The unit that is shown stands in sight, opened to its departments.
    assert tree.index("受理科") < tree.index("其余 15 个单位")


@pytest.mark.parametrize("query", ["", "?view=all", "?unit=xfj", "?q=li"])
def test_the_number_of_queries_does_not_grow_with_the_people(office: Client, bureau: Unit, query: str) -> None:
    post, other = make_post(bureau, "受理科", "科员"), make_post(bureau, "督查科", "科员")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert office.get(f"/directory/{query}").status_code == 200
        return len(captured)

    for number in range(10):
        make_person(f"李{number}", post, other)
    # The first request of a session writes down that it is in use.
    office.get("/")
    few = queries()
    Person.objects.bulk_create(
        Person(staff_number=f"B{number}", name=f"李B{number}", pinyin=f"li b{number}", initials="lb") for number in range(590)
    )
    crowd = Person.objects.filter(staff_number__startswith="B")
    Appointment.objects.bulk_create(
        Appointment(person=person, post=post, main=True, valid_from="2020-01-01") for person in crowd
    )
    assert queries() == few
    assert few <= 28


def test_a_person_has_a_page_and_a_pane(office: Client, bureau: Unit) -> None:
    make_person("高远", make_post(bureau, "受理科", "科长", 1))
    person = make_person(
        "李萌", make_post(bureau, "受理科", "副科长", 2), mobile="13900007745", place="3 号楼 512", login="lm"
    )  # fmt: skip
    make_grant(person, Role.DISPATCHER, bureau)
    page = office.get(f"/directory/people/{person.uid}/").content.decode()
    assert "<h1>李萌</h1>" in page
    for words in ("受理科 副科长", "受理员", "13900007745", "同单位", "3 号楼 512", "高远"):
        assert words in page, words
    pane = office.get(f"/directory/people/{person.uid}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in pane
    assert "<h2>李萌</h2>" in pane
    assert office.get("/directory/people/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_mobile_of_another_unit_is_hidden_and_the_page_says_why(office: Client, city: Unit, me: Person) -> None:
    other = make_unit("gaj", "市公安局", parent=city)
    person = make_person("李萌", make_post(other), mobile="13900007745")
    for address in (f"/directory/people/{person.uid}/", "/directory/?unit=gaj", "/directory/people.vcf?unit=gaj"):
        assert "13900007745" not in office.get(address).content.decode()
    assert "只对本单位人员" in office.get(f"/directory/people/{person.uid}/").content.decode()
    make_grant(me, Role.LEADER, city, with_descendants=True)
    assert "您是上级" in office.get(f"/directory/people/{person.uid}/").content.decode()


def test_cards_of_the_list_can_be_taken_along_and_that_is_audited(office: Client, bureau: Unit) -> None:
    make_person(
        "高远", make_post(bureau, "受理科", "科长;代", 1), office_phone="2201", mobile="13900000001", email="gy@a.cn"
    )  # fmt: skip
    response = office.get("/directory/people.vcf?unit=xfj")
    text = response.content.decode()
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert text.count("BEGIN:VCARD\r\nVERSION:4.0\r\n") == 2
    for line in (
        "FN:高远",
        "ORG:云岭市信访局;受理科",
        "TITLE:科长\\;代",
        "TEL;TYPE=work,cell:13900000001",
        "EMAIL;TYPE=work:gy@a.cn",
    ):
        assert line in text, line
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    record = AuditRecord.objects.get(action="directory.exported")
    assert (record.subject, record.params) == ("unit:xfj", {"format": "vcard", "people": 2})


def test_the_page_of_a_unit(office: Client, bureau: Unit, me: Person) -> None:
    make_grant(me, Role.HEAD, bureau)
    make_unit("xfzx", "信访中心", parent=bureau)
    bureau.former_names.create(
        name="市委群众来信来访办公室", short_name="来信办", valid_from="2001-01-01", valid_to="2019-12-31"
    )
    closed = make_unit("old", "接访中心", parent=bureau.parent, valid_to="2021-05-31")
    closed.successions.create(successor=bureau, on="2021-06-01")
    html = office.get("/directory/units/xfj/").content.decode()
    for words in ("来信", "0890-13102000", "信访中心", "陈立", "市委群众来信来访办公室", "2019-12-31", "接访中心", "受理科"):
        assert words in html, words
    gone = office.get("/directory/units/old/").content.decode()
    assert "2021-05-31" in gone
    assert "云岭市信访局" in gone
    assert office.get("/directory/units/nowhere/").status_code == 404


def test_without_a_post_the_directory_opens_with_the_city(bureau: Unit, me: Person) -> None:
    client = Client(headers=HEADERS)
    client.force_login(User.objects.create_user("nobody"))
    html: Any = client.get("/directory/").content.decode()
    assert "本单位" not in html[html.index("zq-views") : html.index("zq-bar")]
    assert names_in(html) == ["陈立"]

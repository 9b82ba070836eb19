"""The portal's directory follows the office's by signed messages: new, renamed, moved, merged, split and closed units."""

import datetime

import pytest

from core.idempotency import new_key
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.models import IncomingMessage
from internal_bridge.exchange.validation import validate_data
from petitions.models import Petition, Unit, UnitFormerName
from petitions.querysets import today
from petitions.services import close_unit, followers, note_unit
from tests.contract.words import example, story
from tests.petitions.directory import CLOSED, FOUNDED, note_dozen, row, tell, unit
from tests.petitions.letters import API, FORM, form_of, letter, post, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

DAY = datetime.timedelta(days=1)


def codes(units) -> set[str]:
    return set(units.values_list("code", flat=True))


def close(code: str, *, on: datetime.date | None = None, successors: list[str] | None = None) -> Unit:
    """Close a unit, yesterday being its last day."""
    return close_unit(code=code, valid_to=on or today() - DAY, successors=successors or [])


def test_what_the_contract_says_of_a_unit_is_what_the_mirror_holds(peer):
    """The same schema at both ends: the committed example, signed by the office, field by field."""
    said = example("directory.unit_changed", 1)["data"]
    validate_data("directory.unit_changed", 1, said)

    tell(peer)

    held = row(said["code"])
    assert IncomingMessage.objects.get().state == IncomingState.APPLIED
    assert held.pop("parent_code") == said.pop("parent")
    assert str(held.pop("valid_from")) == said.pop("valid_from")
    assert {name: held[name] for name in said} == said
    assert (held["valid_to"], held["successors"], held["former"]) == (None, [], [])


def test_a_closing_as_the_contract_says_it(peer):
    said = example(CLOSED, 1)["data"]
    for code in (said["code"], *said["successors"]):
        tell(peer, code=code)

    tell(peer, CLOSED)

    held = row(said["code"])
    assert (str(held["valid_to"]), held["successors"]) == (said["valid_to"], said["successors"])


def test_the_story_that_the_office_tells_is_the_story_that_the_portal_takes(peer):
    """tests/org holds the office's verbs to the same file: two units, one renamed, the other merged into it."""
    for type, data in story("directory"):
        validate_data(type, 1, data)
        peer.bring(peer.message(stream="directory", type=f"{type}.v1", data=data))

    assert set(IncomingMessage.objects.values_list("state", flat=True)) == {IncomingState.APPLIED}
    kept, gone, moved = (row(code) for code in ("scjg", "zjj2", "jys"))
    assert (kept["name"], kept["valid_from"]) == ("云岭市市场监督管理局", datetime.date(2024, 1, 1))
    assert kept["former"] == [("云岭市工商行政管理局", datetime.date(2024, 1, 1), datetime.date(2025, 2, 28))]
    assert (gone["valid_to"], gone["successors"]) == (datetime.date(2025, 5, 31), ["scjg"])
    assert moved["parent_code"] == "scjg"
    assert codes(Unit.objects.open()) == {"scjg", "jys"}
    assert [one.code for one in followers(Unit.objects.get(code="zjj2"))] == ["scjg"]


def test_a_repeat_changes_nothing(peer):
    def everything():
        return list(Unit.objects.values()), list(UnitFormerName.objects.values())

    tell(peer)
    tell(peer, name="云岭市城市管理和综合执法局", valid_from="2026-03-01")
    tell(peer, CLOSED, code="cgj", successors=["zjj"])
    before = everything()
    again = peer.message(
        stream="directory", type="directory.unit_changed.v1", data=example("directory.unit_changed", 1)["data"]
    )
    assert peer.bring(again) == peer.bring(again)
    tell(peer, name="云岭市城市管理和综合执法局", valid_from="2026-03-01")

    # The older name came once more in between, and is a name of its day again; nothing else has changed.
    units, former = everything()
    assert units == before[0]
    assert former[: len(before[1])] == before[1]

    same = everything()
    tell(peer, name="云岭市城市管理和综合执法局", valid_from="2026-03-01")
    tell(peer, CLOSED, code="cgj", successors=["zjj"])
    assert everything() == same


def test_a_renamed_unit_keeps_its_former_names_with_their_days(peer):
    tell(peer, name="云岭市市容管理局", valid_from="2015-05-01")
    tell(peer, name="云岭市城市管理局", valid_from="2019-07-01")
    tell(peer, name="云岭市城市管理和综合执法局", valid_from="2026-03-01", duties="市容")
    tell(peer, name="云岭市城市管理和综合执法局", valid_from="2026-03-01", duties="市容;噪声")

    held = row("cgj")
    assert held["name"] == "云岭市城市管理和综合执法局"
    assert held["valid_from"] == datetime.date(2015, 5, 1)
    assert held["former"] == [
        ("云岭市市容管理局", datetime.date(2015, 5, 1), datetime.date(2019, 6, 30)),
        ("云岭市城市管理局", datetime.date(2019, 7, 1), datetime.date(2026, 2, 28)),
    ]


def test_a_name_that_is_told_without_a_day_of_its_own_is_new_since_it_was_told(peer):
    """The office may send the unit's own first day each time; then the day of the message counts."""
    for name in ("甲局", "乙局", "丙局"):
        tell(peer, name=name, valid_from="2015-05-01")

    told = today()
    assert row("cgj")["former"] == [
        ("甲局", datetime.date(2015, 5, 1), told - DAY),
        # A name of some hours counts a day: nothing that was said is lost.
        ("乙局", told, told),
    ]


def test_what_was_there_before_the_directory_came_is_nobodys_former_name():
    Unit.objects.create(code="gaj", name="公安局（旧数据）", short_name="公安局", kind="bureau")

    note_dozen()

    assert row("gaj")["name"] == "云岭市公安局"
    assert row("gaj")["former"] == []


def test_superior_and_successor_may_be_told_of_later(peer):
    tell(peer, code="zjj", parent="yls")
    tell(peer, CLOSED, code="zjj", valid_to="2026-01-31", successors=["zcj"])
    tell(peer, code="zcj", parent=None)
    tell(peer, code="yls", parent=None)

    assert set(IncomingMessage.objects.values_list("state", flat=True)) == {IncomingState.APPLIED}
    assert [one.code for one in followers(Unit.objects.get(code="zjj"))] == ["zcj"]


def test_a_closing_that_comes_before_its_unit_is_kept_for_it(peer):
    tell(peer, CLOSED, code="zjj", valid_to="2026-01-31", successors=["zcj"])
    tell(peer, code="zjj", name="云岭市住建局")

    held = row("zjj")
    assert (held["name"], str(held["valid_to"]), held["former"]) == ("云岭市住建局", "2026-01-31", [])


@pytest.mark.parametrize("planted", [{"code": "Gaj"}, {"kind": "Büro"}, {"valid_from": "gestern"}, {"extra": "x"}])
def test_what_does_not_fit_the_schema_changes_nothing(peer, planted):
    tell(peer, **planted)

    assert IncomingMessage.objects.get().state == IncomingState.DEAD
    assert not Unit.objects.exists()


def test_open_and_closed_go_by_the_day():
    note_dozen()
    close("gaj", on=today() - DAY)
    close("zjj", on=today())
    note_unit(**unit("xin", "新局", "新局", "yls", "institution", True, 20) | {"valid_from": today() + DAY}, told_on=today())

    assert {"gaj", "xin"}.isdisjoint(codes(Unit.objects.open()))
    assert {"zjj", "xfj"} <= codes(Unit.objects.open())
    assert codes(Unit.objects.closed()) == {"gaj"}
    assert {"gaj", "zjj"} <= codes(Unit.objects.open(today() - DAY))
    assert {"gaj", "zjj"}.isdisjoint(codes(Unit.objects.open(today() + DAY)))
    assert "xin" in codes(Unit.objects.open(today() + DAY))
    assert not codes(Unit.objects.open(FOUNDED - DAY))
    for one in Unit.objects.all():
        assert one.is_open() == (one.code in codes(Unit.objects.open()))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("公安", {"gaj"}),
        ("gongan", {"gaj"}),
        ("GONG AN", {"gaj"}),
        ("ylsgaj", {"gaj"}),
        ("ｇａｊ", {"gaj"}),
        ("市 税务", {"swj"}),
        ("zhujian", {"zjj"}),
        ("没有这个局", set()),
        ("%", set()),
        ("   ", {"gaj", "swj", "zjj"}),
    ],
)
def test_a_unit_is_found_by_name_pinyin_and_initials(asked, found):
    note_dozen()

    assert codes(Unit.objects.search(asked)) & {"gaj", "swj", "zjj"} == found


def test_a_unit_is_found_by_a_name_that_it_had():
    note_dozen()
    note_unit(
        **unit("cgj", "云岭市综合执法局", "市执法局", "yls", "government_department", True, 5) | {"valid_from": today()},
        told_on=today(),
    )

    assert codes(Unit.objects.search("城市管理")) == codes(Unit.objects.search("chengguanju")) == {"cgj"}


def test_followers_are_the_open_ones_at_the_end_of_the_way():
    note_dozen()
    close("gaj", successors=["zjj", "xfj", "nowhere"])
    close("zjj", successors=["cgj", "gaj"])

    assert [one.code for one in followers(Unit.objects.get(code="gaj"))] == ["xfj", "cgj"]


def test_form_and_api_offer_open_units_that_take_petitions(client):
    note_dozen()
    close("gaj", successors=["xfj"])

    page = client.get(FORM, {"unit": "xfj"}).content.decode()

    assert '<option value="xfj" selected>' in page
    assert 'value="gaj"' not in page
    assert 'value="rsks"' not in page
    nothing_chosen = client.get(FORM, {"unit": "gaj"}).content.decode()
    assert "selected" not in nothing_chosen.split('name="unit_code"')[1].split("</select>")[0].replace('value="" selected', "")


@pytest.mark.parametrize("field", ["unit_code", "about_unit_code"])
@pytest.mark.parametrize(
    ("successors", "says"),
    [(["zjj", "xfj"], ["云岭市住房和城乡建设局、云岭市信访局"]), ([], ["不确定"])],
    ids=["merged", "abolished"],
)
def test_a_unit_that_was_closed_meanwhile_is_refused_beside_its_field_with_who_follows_it(
    client, peer, field, successors, says
):
    note_dozen()
    key = new_key()
    close("gaj", successors=successors)

    page = client.post(FORM, form_of(letter(**{field: "gaj"}), idempotency_key=key))
    answer = post(client, letter(**{field: "gaj"}), key=new_key())

    assert page.status_code == 400
    text = visible_text(page.content.decode())
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}
    (message,) = answer.json()["errors"][field]
    for part in ["云岭市公安局", str(today() - DAY), *says]:
        assert part in message
    assert text.count(message) == 2, "once in the summary, once beside the field"
    # What was typed is there still.
    assert letter()["body"] in page.content.decode()
    assert not Petition.objects.exists()


def test_the_api_lists_the_directory(client, django_assert_num_queries):
    note_dozen()
    close("gaj", successors=["xfj"])

    with django_assert_num_queries(2):
        first = client.get("/api/v1/units/", {"page_size": 5}).json()
    assert (first["count"], first["previous"], len(first["results"])) == (11, None, 5)
    assert first["next"].endswith("/api/v1/units/?page=2&page_size=5")
    assert first["results"][1] == {
        "code": "zfb",
        "name": "市人民政府办公室",
        "short_name": "市政府办",
        "second_name": "",
        "parent": "yls",
        "kind": "leading_office",
        "duties": "市政府办的职责一;市政府办的职责二",
        "accepts_petitions": True,
        "valid_from": "2020-01-01",
        "valid_to": None,
        "successors": [],
    }
    (closed,) = client.get("/api/v1/units/", {"state": "closed"}).json()["results"]
    assert (closed["code"], closed["valid_to"], closed["successors"]) == ("gaj", str(today() - DAY), ["xfj"])
    assert client.get("/api/v1/units/", {"state": "all"}).json()["count"] == 12


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"page": "0"}, 400, "page"),
        ({"page": "x"}, 400, "page"),
        ({"page": "9" * 5000}, 400, "page"),
        ({"page": "99"}, 404, None),
        ({"page_size": "101"}, 400, "page_size"),
        ({"state": "lost"}, 400, "state"),
        ({"unit": "gaj"}, 400, "unit"),
    ],
)
def test_the_api_refuses_what_it_does_not_know(client, query, status, field):
    note_dozen()

    answer = client.get("/api/v1/units/", query)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.json().get("errors", {})) == ({field} if field else set())


def test_a_petition_of_before_names_the_unit_still(client, peer):
    """What a citizen wrote to a unit that is closed by now is shown with its name."""
    note_dozen()
    receipt = post(client, letter(unit_code="gaj"), key=new_key()).json()
    close("gaj", successors=["xfj"])

    page = client.post("/petitions/follow/", {"number": receipt["number"], "code": receipt["receipt_code"]})

    assert "云岭市公安局" in visible_text(page.content.decode())
    assert client.get(f"{API}{receipt['number']}/", headers={"x-receipt-code": receipt["receipt_code"]}).status_code == 200

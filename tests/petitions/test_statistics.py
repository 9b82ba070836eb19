"""The public statistics: figures of days added up, the page, the table, the drawing and the API."""

import csv
import datetime
import io
import xml.etree.ElementTree as ElementTree  # nosec B405  our own drawing

import pytest

from petitions import charts
from petitions.models import Chart, DayFigures, Unit
from petitions.querysets import today
from petitions.statistics import report
from petitions.tasks import draw_charts
from tests.petitions.letters import visible_text

pytestmark = [pytest.mark.django_db]

KINDS = ("consultation", "complaint", "report", "suggestion", "help")
TODAY = today()
YESTERDAY = TODAY - datetime.timedelta(days=1)


def unit(code, name, days, **counts):
    plain = dict.fromkeys(("received", "on_time", "rehandled", "rated", "satisfied"), 0)
    answered = sum(days.values())
    spread = [{"days": used, "n": n} for used, n in days.items()]
    return {"unit": {"code": code, "name": name}, "answered": answered} | plain | counts | {"days": spread}


def tell(peer, date, units, received=None, as_of="2026-11-24T08:00:00+08:00"):
    """The office tells a day."""
    kinds = [{"kind": kind, "received": (received or {}).get(kind, 0), "answered": 0} for kind in KINDS]
    data = {"date": date.isoformat(), "as_of": as_of, "kinds": kinds, "units": units}
    peer.bring(peer.message(stream="stats", type="statistics.daily.v1", data=data))


@pytest.fixture
def told(peer):
    Unit.objects.create(code="gaj", name="云岭市公安局", short_name="市公安局", kind="government_department")
    tell(
        peer,
        YESTERDAY,
        [
            unit("gaj", "云岭市公安局", {1: 6, 3: 5}, received=12, on_time=11, rated=4, satisfied=3),
            unit("cgj", "云岭市城管局", {2: 10}, received=9, on_time=9, rehandled=1),
        ],
        {"complaint": 20, "help": 5},
    )
    tell(peer, TODAY, [unit("gaj", "云岭市公安局", {9: 1}, on_time=0), unit("sthjj", "云岭市生态环境局", {4: 2}, on_time=2)])


def ask(client, **query):
    return client.get("/api/v1/statistics/", query, headers={"accept-language": "en"})


@pytest.mark.bridge
def test_days_add_up_to_shares_and_a_median(client, told):
    answer = ask(client).json()
    assert (answer["received"], answer["answered"]) == (25, 24)
    assert (answer["on_time_share"], answer["satisfaction"], answer["rehandled_share"]) == (0.9167, 0.75, 0.0417)
    # 6 of 1 day, 10 of 2, 5 of 3, 2 of 4, 1 of 9: the twelfth and the thirteenth took 2.
    assert answer["median_days"] == 2
    assert answer["as_of"].startswith("2026-11-24T08:00")
    assert [one["unit"] for one in answer["units"]] == ["cgj", "gaj", "sthjj"]

    one = ask(client, unit="gaj").json()
    assert (one["received"], one["answered"], one["median_days"], len(one["units"])) == (12, 12, 2, 1)
    assert (one["rehandled_share"], one["on_time_share"]) == (0.0, 0.9167)
    day = ask(client, **{"from": TODAY.isoformat(), "to": TODAY.isoformat()}).json()
    assert (day["received"], day["answered"], day["satisfaction"]) == (0, 3, None)


@pytest.mark.db
def test_a_day_is_told_again_and_what_is_older_changes_nothing(peer, told):
    tell(peer, TODAY, [unit("gaj", "云岭市公安局", {9: 2})], as_of="2026-11-24T09:00:00+08:00")
    tell(peer, TODAY, [], as_of="2026-11-24T08:30:00+08:00")
    assert report(TODAY, TODAY).city.counts["answered"] == 2
    assert DayFigures.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-13-01"}, "from"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"unit": "nowhere"}, "unit"),
        ({"unit": "x" * 40}, "unit"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(client, query, field):
    response = ask(client, **query)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


def test_before_anything_is_told_page_and_api_say_so(client):
    assert ask(client).json() | {"from": "", "to": ""} == {
        "from": "", "to": "", "received": 0, "answered": 0, "on_time_share": None, "median_days": None,
        "satisfaction": None, "rehandled_share": None, "as_of": None, "units": [],
    }  # fmt: skip
    assert "没有单位的答复达到10件" in visible_text(client.get("/petitions/statistics/").content.decode())


def test_the_league_stands_in_its_order_and_who_answered_little_has_no_place(client, told, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = client.get("/petitions/statistics/")
    html = page.content.decode()
    ranked, _sep, others = html.partition("个单位未排名")
    assert ranked.index("云岭市公安局") < ranked.index("云岭市城管局")
    assert "云岭市生态环境局" not in ranked
    assert "云岭市生态环境局" in others
    text = visible_text(html)
    for said in ("91.7%", "75%", "这些数字是怎么算的", "截至"):
        assert said in text, said
    assert client.get("/petitions/statistics/?from=2026-02-02&to=2026-02-01").status_code == 200
    assert client.get("/en/petitions/statistics/").status_code == 200


def test_the_table_for_programs_has_the_same_figures_and_no_formula(client, peer, told):
    tell(peer, TODAY, [unit("evil", "=1+1", {1: 1})], as_of="2026-11-24T09:00:00+08:00")
    response = client.get("/petitions/statistics/units.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["unit_code"] for row in rows] == ["gaj", "cgj", "evil"]
    assert (rows[0]["answered"], rows[0]["on_time_share"], rows[2]["unit"]) == ("11", "1.0", "'=1+1")
    assert response["Content-Disposition"].endswith('.csv"')


def test_the_chart_is_drawn_by_the_worker_once_for_what_it_shows(client, told):
    page = client.get("/petitions/statistics/").content.decode()
    assert "<picture>" not in page
    assert draw_charts() == 4
    assert draw_charts() == 0

    page = client.get("/petitions/statistics/").content.decode()
    assert 'alt="近十二个月每月收到的信件' in page
    key = charts.key_of(charts.bars_shown(), "zh-hans", "wide")
    drawing = client.get(f"/petitions/statistics/chart/{key}.svg")
    assert (drawing.status_code, drawing["Content-Type"]) == (200, "image/svg+xml")
    assert "immutable" in drawing["Cache-Control"]
    assert ElementTree.fromstring(drawing.content).tag.endswith("svg")  # nosec B314
    assert b"<script" not in drawing.content
    assert client.get(f"/petitions/statistics/chart/{'0' * 64}.svg").status_code == 404

    DayFigures.objects.all().delete()
    assert draw_charts() == 4
    assert Chart.objects.count() == 8

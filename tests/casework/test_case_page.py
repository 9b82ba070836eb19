"""The page of a case: what each who has a part in it reads there, and what it costs to ask for it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.events import record_event
from internal_bridge.casework.enums import CaseState, EntryKind
from internal_bridge.casework.models import CaseEntry
from internal_bridge.casework.services import add_note

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HEADERS = {"accept-language": "zh-hans"}


def browser(town, username):
    client = Client(headers=HEADERS)
    client.force_login(town[username])
    return client


def page(town, username, case, **query):
    response = browser(town, username).get(f"/cases/{case.number}/", query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def test_the_page_stands_in_every_state(peer, town):
    for state in CaseState:
        case = town.bring(town.register(peer), state, assisting=True)
        for username in ("dispatcher", "inspector"):
            html = page(town, username, case, course="all")
            assert case.title in html
            assert ('aria-current="step"' in html) is (state != CaseState.CLOSED), state


def test_who_has_a_part_reads_letter_limits_units_and_words(peer, town):
    case = town.bring(town.register(peer), "in_progress", assisting=True)
    town.do("handler.sthjj", "sign", case)
    town.do("handler.sthjj", "give_opinion", case, text="夜间等效声级 61 分贝，超过限值。")
    town.do("handler.cgj", "ask_petitioner", case, text="请问噪声从几点开始？")
    add_note(person=town["handler.cgj"], number=case.number, text="已到现场查看。", key=None)

    for username in ("dispatcher", "handler.cgj", "head.cgj", "handler.sthjj"):
        html = page(town, username, case)
        text = text_of(html)
        assert "连续一个星期夜里不停工" in text
        assert "次日起算" in text
        assert "市cgj" in text
        assert "市sthjj" in text
        assert "超过限值" in text
        assert "请问噪声从几点开始" in text
        assert "已到现场查看" in text
        # The unit stands before the person.
        assert html.index("<b>市sthjj</b><span>王handler.sthjj") > 0


def test_the_limit_that_binds_is_drawn_day_by_day(peer, town):
    case = town.bring(town.register(peer), "in_progress")

    html = page(town, "handler.cgj", case)

    strip = re.search(r'<div class="zq-ruler[^>]*aria-label="([^"]+)">(.*?)</div>', html)
    assert strip
    clock = case.clocks.get(stage="answer", dropped=False)
    assert f"至 {clock.due_on.isoformat()} 逐日计算：5 个工作日" in strip[1]
    numbers = [int(box) for box in re.findall(r"<b>(\d+)</b>", strip[2])]
    assert numbers == [1, 2, 3, 4, 5]
    assert strip[2].count('class="end"') == 1
    # What has ended binds nobody: nothing is drawn.
    done = town.bring(town.register(peer), "closed")
    assert "zq-ruler" not in page(town, "handler.cgj", done)


def test_the_petitioner_is_masked_and_where_withheld_not_even_that(peer, town):
    for withheld, readers in (
        (False, {"dispatcher", "handler.cgj", "head.cgj", "handler.sthjj", "inspector"}),
        (True, set()),
    ):
        case = town.bring(town.register(peer, withhold_identity=withheld), "in_progress", assisting=True)
        for username in ("dispatcher", "handler.cgj", "head.cgj", "handler.sthjj", "inspector"):
            html = page(town, username, case, course="all")
            assert ("韦**" in html) is (username in readers), username
            assert ("137****3518" in html) is (username in readers), username
            assert "韦国强" not in html
            assert "13700003518" not in html


def test_now_it_is_your_turn_names_one_thing_first_and_says_why_not(peer, town):
    case = town.bring(town.register(peer), "dispatched")
    html = page(town, "handler.cgj", case)
    assert re.search(r'btn-primary btn-block" href="/cases/[^"]+/actions/sign/"', html)
    assert "withdraw" not in html[html.index('id="act"') :].split("</section>")[0]

    town.do("handler.cgj", "sign", case)
    town.do("handler.cgj", "request_extension", case, days=3, reason="需要检测")
    html = page(town, "handler.cgj", case)
    assert re.search(r'btn-primary btn-block" href="/cases/[^"]+/actions/draft_reply/"', html)
    assert "is-off" in html
    html = page(town, "head.cgj", case)
    assert re.search(r'btn-primary btn-block" href="/cases/[^"]+/actions/grant_extension/"', html)


def test_the_course_shows_its_main_points_or_everything(peer, town):
    case = town.bring(town.register(peer), "in_progress")
    add_note(person=town["handler.cgj"], number=case.number, text="已到现场查看。", key=None)
    few, all_of_it = page(town, "handler.cgj", case), page(town, "handler.cgj", case, course="all")
    course = re.compile(r'<ol class="zq-time">(.*?)</ol>', re.S)
    assert len(re.findall("<li", course.search(few)[1])) < len(re.findall("<li", course.search(all_of_it)[1]))


def test_why_somebody_keeps_out_is_read_by_dispatchers_alone(peer, town):
    case = town.bring(town.register(peer, about_person="王伟"), "in_progress")
    entry = CaseEntry.objects.create(case=case, kind=EntryKind.EXCLUSION, text="与被投诉人有亲属关系", at=timezone.now())
    record_event(subject=case.subject, name="excluded", at=timezone.now(), params={"entry": entry.pk})
    assert "亲属关系" in page(town, "dispatcher", case, course="all")
    assert "亲属关系" not in page(town, "handler.cgj", case, course="all")


def test_the_page_asks_equally_often_whatever_there_is(peer, town):
    case = town.bring(town.register(peer), "in_progress", assisting=True)
    client = browser(town, "handler.cgj")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/cases/{case.number}/?course=all").status_code == 200
        return len(captured)

    queries()
    add_note(person=town["handler.cgj"], number=case.number, text="第一条。", key=None)
    few = queries()
    for index in range(12):
        author = town["handler.sthjj" if index % 2 else "head.cgj"]
        add_note(person=author, number=case.number, text=f"又一条 {index}。", key=None)
        clock = case.clocks.first()
        clock.pk = None
        clock.save(force_insert=True)
    assert queries() == few
    assert few <= 75

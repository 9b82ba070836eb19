"""期限用语: every look of a limit in both languages, and the markup that the style sheet knows."""

import datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from internal_bridge.policies.enums import Light
from internal_bridge.policies.presenters import due_words

day = datetime.date.fromisoformat
WORKING, CALENDAR = "working", "calendar"

# due on, today, day kind, what besides: look, icon, Chinese, small, English, small
LOOKS = [
    # past: calendar days, whatever the limit was counted in
    (
        *("2026-10-12", "2026-10-14", WORKING, {}),
        *("over", "alert-circle-filled", "已超期 2 天", "10-12 周一", "2 days overdue", "10-12 Mon"),
    ),
    (
        *("2026-10-13", "2026-10-14", CALENDAR, {}),
        *("over", "alert-circle-filled", "已超期 1 天", "10-13 周二", "1 day overdue", "10-13 Tue"),
    ),
    (
        *("2025-12-31", "2026-01-04", WORKING, {}),
        *("over", "alert-circle-filled", "已超期 4 天", "2025-12-31", "4 days overdue", "2025-12-31"),
    ),
    # the last day
    ("2026-10-14", "2026-10-14", WORKING, {}, "today", "clock-exclamation", "今天到期", "24:00", "Due today", "24:00"),
    (
        *("2026-10-14", "2026-10-14", WORKING, {"extended": True}),
        *("today", "clock-exclamation", "今天到期", "24:00", "Due today", "24:00"),
    ),
    # the next working day
    (
        "2026-10-15",
        "2026-10-14",
        WORKING,
        {},
        "soon",
        "clock",
        "剩 1 个工作日",
        "10-15 周四",
        "1 working day left",
        "10-15 Thu",
    ),
    (
        "2026-10-19",
        "2026-10-16",
        CALENDAR,
        {},
        "soon",
        "clock",
        "剩 1 个工作日",
        "10-19 周一",
        "1 working day left",
        "10-19 Mon",
    ),
    ("2026-10-04", "2026-10-02", CALENDAR, {}, "soon", "clock", "剩 2 天", "10-04 周日", "2 days left", "10-04 Sun"),
    # later
    ("2026-10-19", "2026-10-14", WORKING, {}, "norm", "", "剩 3 个工作日", "10-19 周一", "3 working days left", "10-19 Mon"),
    ("2026-11-13", "2026-10-14", CALENDAR, {}, "norm", "", "剩 30 天", "11-13 周五", "30 days left", "11-13 Fri"),
    (None, "2026-10-14", WORKING, {}, "norm", "", "无期限", "", "No limit", ""),
    # stopped
    (
        *("2026-10-12", "2026-10-14", WORKING, {"paused_since": day("2026-10-09"), "pause_reason": "…"}),
        *("pause", "player-pause-filled", "暂停 · …", "10-09 起", "Paused · …", "since 10-09"),
    ),
    (
        *("2026-10-12", "2026-10-14", WORKING, {"paused_since": day("2026-10-09")}),
        *("pause", "player-pause-filled", "暂停", "10-09 起", "Paused", "since 10-09"),
    ),
    # extended: not overdue before the new date, and overdue after it like any other
    (
        *("2026-10-22", "2026-10-14", WORKING, {"extended": True}),
        *("ext", "calendar-plus", "已延期，剩 6 个工作日", "10-22 周四", "Extended, 6 working days left", "10-22 Thu"),
    ),
    (
        *("2026-10-15", "2026-10-14", CALENDAR, {"extended": True}),
        *("ext", "calendar-plus", "已延期，剩 1 天", "10-15 周四", "Extended, 1 day left", "10-15 Thu"),
    ),
    (
        *("2026-10-13", "2026-10-14", WORKING, {"extended": True}),
        *("over", "alert-circle-filled", "已超期 1 天", "10-13 周二", "1 day overdue", "10-13 Tue"),
    ),
    # done
    (
        *("2026-10-12", "2026-10-14", WORKING, {"ended_on": day("2026-10-10")}),
        *("done", "circle-check", "按时办结", "10-10", "Done in time", "10-10"),
    ),
    (
        *("2026-10-12", "2026-10-20", WORKING, {"ended_on": day("2026-10-12"), "paused_since": day("2026-10-01")}),
        *("done", "circle-check", "按时办结", "10-12", "Done in time", "10-12"),
    ),
    (
        *("2026-10-12", "2026-10-20", WORKING, {"ended_on": day("2026-10-14")}),
        *("late", "circle-check", "超期 2 天办结", "10-14", "Done 2 days late", "10-14"),
    ),
    (None, "2026-10-14", WORKING, {"ended_on": day("2026-10-10")}, "done", "circle-check", "已办结", "10-10", "Done", "10-10"),
    # rests on a year that is not announced
    (
        *("2027-01-06", "2026-10-14", WORKING, {"provisional": True}),
        *("norm", "", "剩 60 个工作日", "2027-01-06 暂定", "60 working days left", "2027-01-06, provisional"),
    ),
]


@pytest.mark.parametrize("line", LOOKS, ids=lambda line: f"{line[4]} {line[8]} {line[9]}")
def test_a_limit_is_spoken_of_in_one_way(line):
    due_on, today, day_kind, besides, look, icon, chinese, small, english, small_english = line
    for language, text, date in (("zh-hans", chinese, small), ("en", english, small_english)):
        with translation.override(language):
            due = due_words(due_on and day(due_on), today=day(today), day_kind=day_kind, **besides)

            assert (due.look, due.icon, due.text, due.date) == (look, icon, text, date)


@pytest.mark.parametrize("line", LOOKS, ids=lambda line: f"{line[4]} {line[8]} {line[9]}")
def test_the_page_shows_the_words_with_their_look(line):
    due_on, today, day_kind, besides, look, icon, _chinese, _small, english, small = line
    with translation.override("en"):
        due = due_words(due_on and day(due_on), today=day(today), day_kind=day_kind, **besides)
        html = render_to_string("policies/includes/due.html", {"due": due})

    assert f'<span class="zq-due zq-due--{look}">' in html
    assert (f"icons.svg#{icon}" in html) if icon else ("<svg" not in html)
    assert f"<b>{english}</b>" in html
    assert (f"<small>{small}</small>" in html) == bool(small)


def test_the_head_of_a_page_shows_it_bigger():
    due = due_words(None, today=day("2026-10-14"), day_kind=WORKING)

    assert "zq-due--norm zq-due--big" in render_to_string("policies/includes/due.html", {"due": due, "big": True})


@pytest.mark.parametrize(
    ("light", "look", "chinese", "english"),
    [
        (Light.RED, "r", "红灯", "Red light"),
        (Light.YELLOW, "y", "黄灯", "Yellow light"),
        (Light.GREEN, "g", "绿灯", "Green light"),
        (Light.NONE, "0", "未亮灯", "No light"),
    ],
)
def test_a_light_has_place_colour_and_word(light, look, chinese, english):
    for language, word in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            html = render_to_string("policies/includes/light.html", {"light": light})

        assert html == f'<span class="zq-sig zq-sig--{look}"><i aria-hidden="true"><span></span></i>{word}</span>\n'

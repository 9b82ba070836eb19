"""Which unit is suggested for a letter, and why: by rules and duties, and with a model."""

import logging
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from internal_bridge.org.models import Unit, UnitSuccession
from internal_bridge.org.querysets import today
from internal_bridge.routing.artefact import DamagedArtefact, from_bytes
from internal_bridge.routing.enums import ReasonCode
from internal_bridge.routing.examples import Example
from internal_bridge.routing.matching import Letter
from internal_bridge.routing.models import RoutingModel
from internal_bridge.routing.presenters import reason_words
from internal_bridge.routing.services import activate_model, change_rule, suggest_units, train_model

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LAMP = {"kind": "complaint", "title": "门口路灯不亮", "body": "红绿灯旁边的路灯一个月没有亮了，晚上看不见。"}
LETTERS = {
    "szzx": ["路灯坏了一排", "井盖不见了", "路面全是坑", "灯杆歪了"],
    "jgzd": ["红绿灯时间太短", "车子乱停挡路", "路口标线看不清", "驾照怎么换"],
    "rsj": ["老板不发钱", "干完活拿不到钱", "受伤了怎么认定", "合同没有签"],
    "jyj": ["孩子上哪个小学", "转学要什么材料", "老师收钱补课", "学区怎么划"],
}


def letter(text):
    return Letter("complaint", text, f"{text}，请处理。")


def examples():
    return [Example(letter(text), unit, f"{unit}:{n}") for unit, texts in LETTERS.items() for n, text in enumerate(texts)]


def codes(found):
    return [suggestion.unit.code for suggestion in found]


def test_rules_and_duties_are_enough_before_the_first_training(rules):
    found = suggest_units(**LAMP)

    assert codes(found)[:2] == ["szzx", "jgzd"]
    assert len(found) == 5
    assert 1 >= found[0].score > found[1].score > 0
    first = found[0].why[0]
    assert first.code == ReasonCode.RULE
    assert first.params == {"rule": rules["lamps"].pk, "note": "路灯", "words": ["路灯"]}
    assert ReasonCode.DUTIES in {reason.code for reason in found[0].why}
    with override("zh-hans"):
        assert reason_words(first) == f"R-{rules['lamps'].pk:03d}（路灯）：来件中有“路灯”"
    with override("en"):
        assert reason_words(first) == f"R-{rules['lamps'].pk:03d} (路灯): the letter has “路灯”"


def test_every_suggestion_has_a_reason_in_both_languages(rules):
    for language in ("zh-hans", "en"):
        with override(language):
            assert all(reason_words(reason) for found in suggest_units(**LAMP, limit=7) for reason in found.why)
            assert all(found.why for found in suggest_units(**LAMP, limit=7))


def test_who_is_complained_about_is_never_named_nor_who_takes_no_petitions(rules):
    Unit.objects.filter(code="jgzd").update(accepts_petitions=False, version=2)

    found = suggest_units(**LAMP, excluded=["szzx"], limit=10)

    assert not {"szzx", "jgzd", "yls"} & set(codes(found))
    assert len(found) == 5


def test_for_a_closed_unit_comes_who_follows_it(town, rules):
    Unit.objects.filter(code="szzx").update(valid_to=today().replace(year=2021), version=2)
    UnitSuccession.objects.create(unit=town["szzx"], successor=town["cgj"], on=today())

    letter = {**LAMP, "body": "路灯一个月没有亮了，晚上看不见。"}
    found = suggest_units(**letter, named_unit_code="szzx", limit=10)

    assert codes(found)[0] == "cgj"
    assert "szzx" not in codes(found)
    assert {ReasonCode.RULE, ReasonCode.SUCCEEDS, ReasonCode.NAMED} <= {reason.code for reason in found[0].why}
    # To exclude who has closed is to exclude who follows.
    assert "cgj" not in codes(suggest_units(**LAMP, excluded=["szzx"], limit=10))


def test_whom_the_petitioner_asks_for_gains_but_does_not_win_against_the_words(rules):
    before = {found.unit.code: found.score for found in suggest_units(**LAMP, limit=10)}
    found = suggest_units(**LAMP, named_unit_code="rxzx", limit=10)

    assert codes(found)[0] == "szzx"
    assert next(each.score for each in found if each.unit.code == "rxzx") > before["rxzx"]


def test_a_changed_rule_counts_at_once(rules, dispatcher):
    suggest_units(**LAMP)

    change_rule(by=dispatcher, uid=rules["lamps"].uid, version=1, unit="jyj", any_words="路灯", weight=9.0)

    assert codes(suggest_units(**LAMP))[0] == "jyj"


def test_a_model_learns_words_that_no_rule_and_no_duty_has(rules, models_dir):
    unheard = {"kind": "help", "title": "干完活拿不到钱", "body": "干完活拿不到钱，请处理。"}

    model = train_model(by=None, examples=examples())

    assert model.active
    assert (models_dir / model.file_name).stat().st_mode & 0o777 == 0o600
    found = suggest_units(**unheard)
    assert codes(found)[0] == "rsj"
    assert {ReasonCode.WORDS, ReasonCode.SIMILAR} <= {reason.code for reason in found[0].why}
    similar = next(reason for reason in found[0].why if reason.code == ReasonCode.SIMILAR)
    assert similar.params["count"] >= 1


def test_what_a_single_citizen_wrote_is_not_in_the_file(rules, models_dir):
    named = Example(Letter("complaint", "路灯坏了", "我叫欧阳锦绣，路灯坏了。"), "szzx", "named")

    model = train_model(by=None, examples=[*examples(), named])

    artefact = from_bytes((models_dir / model.file_name).read_bytes(), digest=model.digest)
    assert not [piece for piece in artefact.lexicon.pieces if "欧阳" in piece or "锦绣" in piece]
    assert "w:路灯" in artefact.lexicon.pieces


def test_an_earlier_model_can_be_used_again_and_a_damaged_file_is_not_read(rules, models_dir, caplog):
    first = train_model(by=None, examples=examples())
    second = train_model(by=None, examples=examples()[:8])
    assert [RoutingModel.objects.in_use(), second.number] == [second, 2]

    activate_model(by=None, number=1)

    assert RoutingModel.objects.in_use() == first
    content = (models_dir / first.file_name).read_bytes()
    with pytest.raises(DamagedArtefact):
        from_bytes(content[:-1] + b"x", digest=first.digest)
    (models_dir / first.file_name).write_bytes(content + b" ")
    activate_model(by=None, number=2)
    suggest_units(**LAMP)
    activate_model(by=None, number=1)
    with caplog.at_level(logging.CRITICAL):
        found = suggest_units(**LAMP)
    # Rules and duties still answer.
    assert codes(found)[0] == "szzx"
    assert ReasonCode.WORDS not in {reason.code for reason in found[0].why}


def test_a_suggestion_takes_few_queries_and_little_time(rules, reached):
    train_model(by=None, examples=examples())
    suggest_units(**LAMP)

    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        suggest_units(**LAMP)
    took = time.perf_counter() - begun

    assert len(queries) == 4
    reached(f"a suggestion among {len(LETTERS)} learnt units in {took * 1000:.1f} ms")

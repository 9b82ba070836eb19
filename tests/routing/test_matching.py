"""When a rule holds, and what its vote weighs."""

import pytest

from internal_bridge.routing.matching import CompiledRule, Letter, votes_on


def rule(**given):
    names = {"any_words": (), "all_groups": (), "not_words": (), "kinds": frozenset(), "place": "", "weight": 1.0, "note": ""}
    return CompiledRule(pk=1, unit_code="u", unit_name="U", **{**names, **given})


def found(a_rule, title="来信", body="", kind="complaint", place=""):
    votes = votes_on(Letter(kind, title, body, place), [a_rule])
    return votes["u"][0] if votes else None


@pytest.mark.parametrize(
    ("given", "letter", "holds"),
    [
        ({"any_words": ("路灯", "井盖")}, {"body": "门口路灯不亮"}, True),
        ({"any_words": ("路灯", "井盖")}, {"body": "门口没有光"}, False),
        ({"all_groups": (("夜间", "半夜"), ("施工",))}, {"body": "半夜还在施工"}, True),
        ({"all_groups": (("夜间", "半夜"), ("施工",))}, {"body": "白天施工"}, False),
        ({"any_words": ("噪音",), "all_groups": (("半夜",),)}, {"body": "半夜很吵"}, False),
        ({"any_words": ("路灯",), "not_words": ("高速",)}, {"body": "高速路灯不亮"}, False),
        ({"any_words": ("路灯",), "kinds": frozenset({"report"})}, {"body": "路灯不亮"}, False),
        ({"any_words": ("路灯",), "kinds": frozenset({"report"})}, {"body": "路灯不亮", "kind": "report"}, True),
        ({"any_words": ("路灯",), "place": "右岭区"}, {"body": "路灯不亮"}, False),
        ({"any_words": ("路灯",), "place": "右岭区"}, {"body": "路灯不亮", "place": "右岭区中山路"}, True),
        # Full-width and capital letters are read as the narrow and small ones.
        ({"any_words": ("ktv",)}, {"body": "楼下ＫＴＶ太吵"}, True),
    ],
)
def test_a_rule_holds_where_its_words_stand(given, letter, holds):
    assert (found(rule(**given), **letter) is not None) is holds


def test_a_word_of_the_title_weighs_more_and_a_part_of_another_word_nothing():
    in_text = found(rule(any_words=("公交", "公交车")), body="公交车没来")
    in_title = found(rule(any_words=("公交", "公交车")), title="公交车没来")

    assert in_text.words == in_title.words == ("公交车",)
    assert in_text.score == 1.0
    assert in_title.score == pytest.approx(3**0.7)


def test_a_rule_cannot_shout_down_all_others_by_many_words():
    words = tuple("甲乙丙丁戊己庚辛")

    assert found(rule(any_words=words), body="甲乙丙丁戊己庚辛").score == found(rule(any_words=words), body="甲乙丙丁戊").score

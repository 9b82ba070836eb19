"""The pages: rules are found, tried, written and changed; models are looked at and used again; others are refused."""

import pytest
from django.urls import reverse

from core.idempotency import new_key
from core.models import AuditRecord
from internal_bridge.org.enums import Role
from internal_bridge.routing.models import RoutingModel, RoutingRule

pytestmark = pytest.mark.django_db


def typed(**given):
    return {"unit": "jyj", "any_words": "学区、 划片", "weight": "2", "active": "on", "idempotency_key": new_key(), **given}


def test_a_rule_is_tried_before_it_is_written(office, rules):
    sample = "九小的学区\n学区怎么划，路灯也不亮。"
    page = office.post(reverse("routing:rule_new"), typed(sample=sample, preview="1"))

    assert page.status_code == 200
    assert RoutingRule.objects.count() == 3
    preview = page.context["preview"]
    assert any("正在编辑的规则" in words for words in preview.after[0].why)
    assert preview.after[0].name == "教育局"
    assert "学区怎么划" in page.content.decode()

    written = office.post(reverse("routing:rule_new"), typed(sample=sample), follow=True)

    rule = RoutingRule.objects.get(unit__code="jyj")
    assert (rule.any_words, rule.version) == ("学区 划片", 1)
    assert "规则从下一次建议起生效" in written.content.decode()
    record = AuditRecord.objects.get(action="routing.rule_created", actor__isnull=False)
    assert record.params == {"rule": rule.label, "unit": "jyj"}


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(office, rules):
    page = office.post(
        reverse("routing:rule_new"),
        typed(any_words=" ，", weight="11", valid_from="2026-02-01", valid_to="2026-01-01", note="写好的说明"),
    )

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"any_words", "weight", "valid_to"}
    assert "写好的说明" in page.content.decode()
    assert 'id="id_any_words_error"' in page.content.decode()


def test_a_change_under_way_elsewhere_is_not_overwritten(office, rules, dispatcher):
    address = reverse("routing:rule", args=[rules["lamps"].uid])
    assert office.post(address, typed(version=1, any_words="路灯")).status_code == 303

    page = office.post(address, typed(version=1, any_words="井盖"))

    assert page.status_code == 409
    assert "井盖" in page.content.decode()
    rule = RoutingRule.objects.get(pk=rules["lamps"].pk)
    assert (rule.any_words, rule.version, rule.changed_by) == ("路灯", 2, dispatcher)
    params = AuditRecord.objects.get(action="routing.rule_changed").params
    assert params["fields"] == ["any_words", "unit", "note"]


@pytest.mark.parametrize(("text", "count"), [("信号灯", 1), ("城管局", 1), ("没有这样的词", 0), ("", 3)])
def test_rules_are_found_by_word_and_unit(office, rules, text, count):
    page = office.get(reverse("routing:rules"), {"q": text})

    assert len(page.context["rows"]) == count


def test_a_text_is_tried_by_post_alone(office, rules):
    page = office.post(reverse("routing:try"), {"kind": "complaint", "title": "路灯不亮", "body": "红绿灯旁边的路灯。"})

    assert page.status_code == 200
    assert page.context["suggestions"][0].name == "市政中心"
    assert "%" in page.context["suggestions"][0].share
    assert office.post(reverse("routing:try"), {"kind": "complaint", "title": "", "body": ""}).status_code == 400
    assert office.get(reverse("routing:try"), {"title": "路灯"}).context["suggestions"] == []


def test_a_model_is_used_again_by_a_button(office, rules, dispatcher):
    from django.utils import timezone

    metrics = {"held-out": {"both": {"top1": 0.8, "top3": 0.9, "cases": 82}}}
    for number, active in ((1, False), (2, True)):
        RoutingModel.objects.create(
            number=number, trained_at=timezone.now(), examples=3, file_name="x", digest="0" * 64, active=active, metrics=metrics
        )
    assert "前三位含正确 90.0%" in office.get(reverse("routing:models")).content.decode()

    assert office.post(reverse("routing:activate_model", args=[1])).status_code == 303

    assert RoutingModel.objects.get(active=True).number == 1
    assert AuditRecord.objects.get(action="routing.model_activated").params == {"model": 1}
    assert office.post(reverse("routing:activate_model", args=[9])).status_code == 404


def test_only_who_dispatches_for_the_city_and_the_administrator_come_in(client, official, rules):
    expected = [
        (official(Role.DISPATCHER, "cgj", over_all=False), 403),
        (official(Role.HANDLER), 403),
        (official(Role.SYSADMIN), 200),
        (official(Role.DISPATCHER), 200),
    ]
    for user, status in expected:
        client.force_login(user)
        assert client.get(reverse("routing:rules")).status_code == status, user
        assert client.post(reverse("routing:rule_new"), typed()).status_code in (status, 303), user

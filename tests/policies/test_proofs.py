"""The page of the rules is generated: what it says of tests is gathered from them, and no rule is without one."""

import pytest

from internal_bridge.policies.management.commands.prove_rules import DOCUMENT, document, proofs, table_text
from internal_bridge.policies.models import PolicyRule
from internal_bridge.policies.proofs import TABLE, proofs_of

pytestmark = pytest.mark.django_db


def test_the_table_and_the_document_are_fresh():
    hint = "run: manage.py office prove_rules"
    assert TABLE.read_text("utf-8") == table_text(), hint
    assert DOCUMENT.read_text("utf-8") == document(), hint


def test_every_rule_of_the_platform_has_a_test_of_its_figures():
    rules = list(PolicyRule.objects.filter(policy__version=1).select_related("policy"))

    unproved = [str(rule) for rule in rules if not any(each.figures for each in proofs_of(rule.policy.code, rule.stage, 1))]
    assert rules
    assert unproved == []


def test_tests_prove_rules_that_there_are():
    known = set(PolicyRule.objects.values_list("policy__code", "stage"))

    assert {(policy, stage) for policy, stage, _version, _test in proofs()} <= known


def test_a_later_version_is_not_proved_by_the_figures_of_the_first():
    assert all(not proof.figures for proof in proofs_of("hotline", "answer", 2))
    assert proofs_of("hotline", "answer", 2)
    assert len(proofs_of("hotline", "answer", 1)) > len(proofs_of("hotline", "answer", 2))

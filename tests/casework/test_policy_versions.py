"""A case keeps the version of its policy; one that is received under the next has that. (Issue 7, done when 3.)"""

import datetime

import pytest
import time_machine
from django.utils import timezone

from core.enums import PetitionKind
from core.workdays import BEIJING, local_date
from internal_bridge.casework.models import Case
from internal_bridge.policies.models import Policy
from internal_bridge.policies.registry import open_cases
from internal_bridge.policies.services import change_rule, draft_policy, due_of, policy_for, publish_policy, rules_of
from tests.casework.office import LEAD
from tests.org.people import make_login
from tests.proofs import proves

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def answer_of(case):
    return case.clocks.get(stage="answer", dropped=False)


def under_new_limit(days, valid_from):
    """A version in which a complaint is answered within ``days``."""
    sysadmin = make_login("sysadmin")
    draft = draft_policy(by=sysadmin, code="hotline")
    rule = draft.rules.get(kind=PetitionKind.COMPLAINT, complexity="simple")
    change_rule(by=sysadmin, draft=draft, revision=1, rule=rule, days=days)
    return publish_policy(by=sysadmin, draft=draft, revision=2, valid_from=valid_from, reason="提速")


@proves("hotline", "answer")
def test_a_case_that_crosses_the_first_day_of_a_new_version_keeps_its_own(town, peer):
    now = timezone.now().astimezone(BEIJING).replace(hour=10)
    first = local_date(now) + datetime.timedelta(days=1)
    with time_machine.travel(now, tick=False) as clock:
        old = town.register(peer)
        late = town.register(peer)
        before = (old.policy, answer_of(old).due_on, answer_of(old).explanation)
        new_version = under_new_limit(days=2, valid_from=first)
        assert open_cases(Policy.objects.values_list("pk", flat=True))[old.policy_id] == 2

        clock.shift(datetime.timedelta(days=1))
        # What is done with it from now on counts by the version that it was received under.
        town.do("dispatcher", "accept", old)
        town.do("dispatcher", "reclassify", late, complexity="investigation", reason="需要调查")
        town.do("dispatcher", "reclassify", late, complexity="simple", reason="不需要调查")
        town.do("dispatcher", "dispatch", old, lead_unit=LEAD)
        new = town.register(peer)

    old, late = Case.objects.get(pk=old.pk), Case.objects.get(pk=late.pk)
    assert (old.policy, answer_of(old).due_on, answer_of(old).explanation) == before
    assert (late.policy, answer_of(late).due_on) == before[:2]
    assert (old.policy.version, new.policy) == (1, new_version)
    rule = rules_of(policy_for(kind="complaint", on=first), kind="complaint")["answer"]
    assert answer_of(new).days == rule.days == 2
    assert answer_of(new).due_on == due_of(rule, start=first).due
    assert open_cases([old.policy_id, new.policy_id]) == {old.policy_id: 2, new.policy_id: 1}

"""The portal's words and those of the bridge are the same, but for what is said on the portal alone."""

import json
import re

import pytest
from django.utils import translation

from core.enums import PetitionKind, PetitionStatus
from internal_bridge.exchange.validation import SCHEMAS
from petitions.enums import MessageKind, TimelineEvent
from petitions.presenters import timeline_text
from petitions.submission_presenters import KIND_HINTS

# The citizen says these on the portal itself.
SAID_HERE = {
    MessageKind.ANSWER,
    TimelineEvent.SUBMITTED,
    TimelineEvent.SUPPLEMENTED,
    TimelineEvent.WITHDRAWAL_REQUESTED,
    TimelineEvent.RATED,
    TimelineEvent.REVIEW_REQUESTED,
    TimelineEvent.CONSENT_WITHDRAWAL_SENT,
}


def enum(type: str, member: str) -> set[str]:
    schema = json.loads((SCHEMAS / type / "1.json").read_text(encoding="utf-8"))
    return set(schema["properties"][member]["enum"])


def test_the_office_may_say_every_kind_of_message_but_the_citizens():
    assert enum("case.message", "kind") == set(MessageKind) - SAID_HERE


def test_the_office_may_tell_every_step_but_the_citizens_own():
    assert enum("case.status", "event") == set(TimelineEvent) - SAID_HERE


def test_every_step_has_its_sentence_and_every_kind_its_hint():
    assert len({timeline_text(event, {}) for event in TimelineEvent}) == len(TimelineEvent)
    assert set(KIND_HINTS) == set(PetitionKind)


@pytest.mark.parametrize(
    ("language", "event", "params", "text"),
    [
        ("zh-hans", "extended", {"days": 5, "due": "2026-10-16"}, "办理期限延长，理由请看本页说明。新的期限是2026-10-16。"),
        ("zh-hans", "reclassified", {"kind": "help"}, "受理中心重新认定了信件类型。现在的类型：求助。"),
        ("zh-hans", "resumed", {"days": 4}, "暂停结束，继续办理。"),
        ("en", "extended", {"due": "2026-10-16"}, "The time limit was extended. … The new limit is 2026-10-16."),
    ],
)
def test_a_step_is_told_with_what_it_brings(language, event, params, text):
    first, _, last = text.partition(" … ")
    with translation.override(language):
        told = timeline_text(event, params)
    assert told.startswith(first)
    assert told.endswith(last)


def test_every_step_and_its_sentence_is_said_in_chinese():
    for event in TimelineEvent:
        with translation.override("zh-hans"):
            assert not re.search("[A-Za-z]", f"{event.label}{timeline_text(event, {})}"), event


def test_a_states_name_is_ours_whatever_else_the_site_calls_so():
    with translation.override("zh-hans"):
        assert [str(status.label) for status in (PetitionStatus.IN_PROGRESS, PetitionStatus.ANSWERED)] == ["办理中", "已答复"]

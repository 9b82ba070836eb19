"""The portal's words and those of the bridge are the same, but for what is said on the portal alone."""

import json

from core.enums import PetitionKind
from internal_bridge.exchange.validation import SCHEMAS
from petitions.enums import MessageKind, TimelineEvent
from petitions.presenters import KIND_HINTS, timeline_text

# The citizen says these on the portal itself.
SAID_HERE = {MessageKind.ANSWER, TimelineEvent.SUBMITTED}


def enum(type: str, member: str) -> set[str]:
    schema = json.loads((SCHEMAS / type / "1.json").read_text(encoding="utf-8"))
    return set(schema["properties"][member]["enum"])


def test_the_office_may_say_every_kind_of_message_but_the_citizens():
    assert enum("case.message", "kind") == set(MessageKind) - SAID_HERE


def test_the_office_may_tell_every_step_but_the_submission():
    assert enum("case.status", "event") == set(TimelineEvent) - SAID_HERE


def test_every_step_has_its_sentence_and_every_kind_its_hint():
    assert len({timeline_text(event, {}) for event in TimelineEvent}) == len(TimelineEvent)
    assert set(KIND_HINTS) == set(PetitionKind)

"""What the subjects of events and audit records are called."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from internal_bridge.org.models import Person, Unit


@dataclass(frozen=True)
class SubjectName:
    """A subject's name, and where it is shown."""

    label: str
    url: str


def subject_names(subjects: Iterable[str]) -> dict[str, SubjectName]:
    """The names of those subjects that are units (``unit:<code>``) or people (``person:<uid>``). Two queries at most."""
    wanted = set(subjects)
    codes = {subject.partition(":")[2] for subject in wanted if subject.startswith("unit:")}
    uids = {uid for subject in wanted if subject.startswith("person:") and (uid := _uid(subject.partition(":")[2]))}
    names: dict[str, SubjectName] = {}
    if codes:
        for unit in Unit.objects.filter(code__in=codes).only("code", "short_name"):
            names[unit.subject] = SubjectName(unit.short_name, reverse("org:unit", args=[unit.code]))
    if uids:
        for person in Person.objects.filter(uid__in=uids).only("uid", "name"):
            names[person.subject] = SubjectName(person.name, reverse("org:person", args=[person.uid]))
    return names


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

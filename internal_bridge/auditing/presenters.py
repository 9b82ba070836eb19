"""What the auditor's pages show."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit import audit_leaf
from core.enums import Channel
from core.leaves import leaf_hash
from core.models import AuditRecord, User
from core.presenters import Count
from internal_bridge.auditing.enums import Group
from internal_bridge.auditing.filters import AuditFilter
from internal_bridge.auditing.wording import ACTIONS, SUBJECTS, action_words, param_words
from internal_bridge.org.presenters.subjects import SubjectName, subject_names

UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOWHERE = SubjectName("", "")


@dataclass(frozen=True)
class View:
    """A group of actions, as a view of the list."""

    label: str
    url: str
    count: Count
    current: bool


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class RecordRow:
    """A record in the list."""

    url: str
    at: datetime.datetime
    action: str
    who: str
    login: str
    post: str
    subject_kind: str
    subject: str
    address: str
    channel: str
    refused: bool
    intact: bool

    @classmethod
    def of(cls, record: AuditRecord, names: dict[str, SubjectName]) -> "RecordRow":
        kind, label = _subject(record.subject, names)
        return cls(
            url=reverse("auditing:record", args=[record.uid]),
            at=record.at,
            action=action_words(record.action),
            who=record.actor.get_full_name() if record.actor else "",
            login=record.login,
            post=record.post,
            subject_kind=kind,
            subject=str(record.params.get("number") or label),
            address=record.address,
            channel=str(Channel(record.channel).label),
            refused=record.action in ("login.failed", "login.locked"),
            intact=is_intact(record),
        )


@dataclass(frozen=True)
class RecordPage:
    """One record, all of it."""

    row: RecordRow
    uid: str
    action: str
    group: str
    subject: str
    subject_url: str
    params: list[tuple[str, str]]
    leaf_hash: str
    computed: str
    same: list[tuple[str, str]]

    @classmethod
    def of(cls, record: AuditRecord) -> "RecordPage":
        names = _names_of({record.subject})
        words = ACTIONS.get(record.action)
        return cls(
            row=RecordRow.of(record, names),
            uid=str(record.uid),
            action=record.action,
            group=str(Group(words.group).label) if words else "",
            subject=record.subject,
            subject_url=names.get(record.subject, NOWHERE).url,
            params=param_words(record.params),
            leaf_hash=record.leaf_hash,
            computed=leaf_hash(audit_leaf(record)),
            same=_same(record),
        )


def rows_of(records: Iterable[AuditRecord]) -> list[RecordRow]:
    """The rows of a page; three queries at most, for the names of their subjects."""
    found = list(records)
    names = _names_of({record.subject for record in found})
    return [RecordRow.of(record, names) for record in found]


def views_of(filtered: QuerySet[AuditRecord], query: QueryDict, asked: AuditFilter) -> list[View]:
    """All, then each group, with their counts under the other filters; one query each. ``filtered`` is by all but the group."""
    chosen = asked.form.cleaned_data.get("group") or ""
    return [
        View(
            label=str(label),
            url=_address(query, group=group),
            count=Count.of(asked.by_group(filtered, "group", group) if group else filtered),
            current=group == chosen,
        )
        for group, label in [("", _("All")), *Group.choices]
    ]


def chips_of(asked: AuditFilter, query: QueryDict) -> list[Chip]:
    """The filters that are set, but for the group: that is the view."""
    fields = asked.form.fields
    return [
        Chip(label=str(fields[name].label), value=value, url=_address(query, **{name: ""}))
        for name, value in asked.used().items()
        if name != "group"
    ]


def is_intact(record: AuditRecord) -> bool:
    """Whether the row still fits the hash that it stored about itself. Its actor must be loaded."""
    return leaf_hash(audit_leaf(record)) == record.leaf_hash


def _names_of(subjects: set[str]) -> dict[str, SubjectName]:
    """What the directory calls these subjects, and whose logins they are."""
    uids = {uid for subject in subjects if subject.startswith("user:") and UID.fullmatch(uid := subject.partition(":")[2])}
    users = User.objects.filter(uid__in=uids).only("uid", "username") if uids else []
    return subject_names(subjects) | {f"user:{user.uid}": SubjectName(user.username, "") for user in users}


def _subject(subject: str, names: dict[str, SubjectName]) -> tuple[str, str]:
    """The kind of a subject in words, and its name: as the directory knows it, else its short id."""
    kind, _colon, key = subject.partition(":")
    words = str(SUBJECTS.get(kind, kind))
    return words, names[subject].label if subject in names else key[-12:]


def _same(record: AuditRecord) -> list[tuple[str, str]]:
    """Where the list shows what else there is of the same person, subject and address."""
    address = reverse("auditing:list")
    asked = [(_("By the same login"), "who", record.login), (_("About the same subject"), "subject", record.subject)]
    asked.append((_("From the same address"), "address", record.address))
    return [(label, f"{address}{_address(QueryDict(), **{name: value})}") for label, name, value in asked if value]


def _address(query: QueryDict, **changes: str) -> str:
    """The query of the list with these changes, back at its first page."""
    wanted = query.copy()
    for name, value in {"before": "", "after": "", **changes}.items():
        wanted[name] = value
        if not value:
            del wanted[name]
    return f"?{wanted.urlencode()}"

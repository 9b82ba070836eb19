"""Every action that the audit log knows, in words. An action without words fails a test."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from internal_bridge.auditing.enums import Group
from internal_bridge.org.enums import ImportKind, ImportMode, Role

Text = Any  # a lazy translation


@dataclasses.dataclass(frozen=True)
class Words:
    """What an action is called, and among which others it stands."""

    text: Text
    group: Group


def _of(group: Group, **actions: Text) -> dict[str, Words]:
    return {name.replace("__", "."): Words(text, group) for name, text in actions.items()}


ACTIONS: dict[str, Words] = {
    **_of(
        Group.LOGINS,
        login__succeeded=gettext_lazy("Logged in"),
        login__failed=gettext_lazy("Login failed"),
        login__locked=gettext_lazy("Login locked after wrong passwords"),
        lockout__released=gettext_lazy("Released a locked login"),
        logout=gettext_lazy("Logged out"),
        password__changed=gettext_lazy("Changed the password"),
        session__revoked=gettext_lazy("Ended sessions"),
        token__issued=gettext_lazy("API token issued"),
        token__revoked=gettext_lazy("API token revoked"),
    ),
    **_of(
        Group.RIGHTS,
        grant__given=gettext_lazy("Gave a right"),
        grant__ended=gettext_lazy("Ended a right"),
        login__given=gettext_lazy("Gave a login"),
        login__password_reset=gettext_lazy("Gave a new one-time password"),
        substitution__given=gettext_lazy("Let somebody stand in"),
        substitution__ended=gettext_lazy("Ended a substitution"),
    ),
    **_of(
        Group.DIRECTORY,
        unit__created=gettext_lazy("Entered a unit"),
        unit__changed=gettext_lazy("Changed a unit"),
        unit__renamed=gettext_lazy("Renamed a unit"),
        unit__moved=gettext_lazy("Put a unit under another"),
        unit__merged=gettext_lazy("Merged units"),
        unit__closed=gettext_lazy("Closed a unit"),
        unit__department_opened=gettext_lazy("Opened a department"),
        unit__department_changed=gettext_lazy("Changed a department"),
        unit__department_closed=gettext_lazy("Closed a department"),
        unit__post_created=gettext_lazy("Created a post"),
        unit__post_changed=gettext_lazy("Changed a post"),
        unit__post_closed=gettext_lazy("Closed a post"),
        person__created=gettext_lazy("Entered a person"),
        person__changed=gettext_lazy("Changed a person"),
        person__appointed=gettext_lazy("Appointed a person"),
        person__appointment_ended=gettext_lazy("Ended an appointment"),
        person__left=gettext_lazy("Let a person leave"),
        directory__imported=gettext_lazy("Imported a list"),
        directory__exported=gettext_lazy("Exported a list"),
    ),
    **_of(
        Group.CASES,
        case__read=gettext_lazy("Opened a case"),
        case__bulk_started=gettext_lazy("Did something with many cases at once"),
        case__exported=gettext_lazy("Exported a list of cases"),
        case__template_kept=gettext_lazy("Kept a template of notes or replies"),
        case__earlier_looked_up=gettext_lazy("Looked for earlier cases by phone number"),
        case__printed=gettext_lazy("Printed a case"),
        case__reply_printed=gettext_lazy("Printed a reply"),
        case__taken_down=gettext_lazy("Took down a petition"),
        case__attachment_opened=gettext_lazy("Downloaded an attachment"),
        case__notice_addressed=gettext_lazy("The system opened a petitioner's number or address to send a notice"),
        case__identity_opened=gettext_lazy("Opened a petitioner's identity"),
        case__excluded=gettext_lazy("Kept somebody out of a case"),
        case__exclusion_lifted=gettext_lazy("Let somebody into a case again"),
        routing__rule_created=gettext_lazy("Wrote a routing rule"),
        routing__rule_changed=gettext_lazy("Changed a routing rule"),
        routing__model_trained=gettext_lazy("Trained a routing model"),
        routing__model_activated=gettext_lazy("Took a routing model into use"),
    ),
    **_of(
        Group.LIMITS,
        policy__drafted=gettext_lazy("Began a new version of limits"),
        policy__changed=gettext_lazy("Changed a draft of limits"),
        policy__rule_added=gettext_lazy("Added a limit to a draft"),
        policy__rule_changed=gettext_lazy("Changed a limit of a draft"),
        policy__rule_dropped=gettext_lazy("Took a limit out of a draft"),
        policy__rule_confirmed=gettext_lazy("Confirmed a limit from the text"),
        policy__published=gettext_lazy("Published a version of limits"),
        policy__discarded=gettext_lazy("Discarded a draft of limits"),
        calendar__announced=gettext_lazy("Newly announced holidays arrived"),
        calendar__day_set=gettext_lazy("Set a day of the work calendar otherwise"),
        calendar__day_ended=gettext_lazy("Took back a day set in the work calendar"),
        calendar__year_entered=gettext_lazy("Entered a year's announced holidays"),
        calendar__recounted=gettext_lazy("Limits counted again by a new work calendar"),
        calendar__year_ended=gettext_lazy("Took back a year's holidays entered by hand"),
    ),
    **_of(
        Group.BRIDGE,
        bridge__dead_letter_retried=gettext_lazy("Had a message tried again"),
        bridge__skip_proposed=gettext_lazy("Proposed to skip a message"),
        bridge__skip_confirmed=gettext_lazy("Confirmed skipping a message"),
        bridge__skip_declined=gettext_lazy("Declined skipping a message"),
        bridge__alarm_cleared=gettext_lazy("Closed an alarm"),
        key__made=gettext_lazy("Made a key"),
        key__revoked=gettext_lazy("Revoked a key"),
    ),
    **_of(
        Group.AUDIT,
        audit__read=gettext_lazy("Opened the audit log"),
        audit__record_read=gettext_lazy("Opened an audit record"),
        audit__exported=gettext_lazy("Exported the audit log"),
    ),
}

# What a parameter is called. One that is not here is shown by its name.
PARAMS: dict[str, Text] = {
    "action": gettext_lazy("Action"),
    "address": gettext_lazy("Address"),
    "alarm": gettext_lazy("Alarm"),
    "answer": gettext_lazy("Reply no."),
    "attachment": gettext_lazy("Attachment"),
    "cases": gettext_lazy("Cases"),
    "changed": gettext_lazy("Lines changed"),
    "channel": gettext_lazy("Channel"),
    "created": gettext_lazy("Lines added"),
    "days": gettext_lazy("Days"),
    "department": gettext_lazy("Department no."),
    "errors": gettext_lazy("Lines refused"),
    "examples": gettext_lazy("Cases learnt from"),
    "fields": gettext_lazy("Fields"),
    "filters": gettext_lazy("Filters"),
    "format": gettext_lazy("Format"),
    "found": gettext_lazy("Found"),
    "moved": gettext_lazy("With another date"),
    "overtaken": gettext_lazy("Overtaken by another edition"),
    "grant": gettext_lazy("Number of the right"),
    "day": gettext_lazy("Day"),
    "kind": gettext_lazy("List"),
    "left_on": gettext_lazy("Last day"),
    "limit": gettext_lazy("At most"),
    "main": gettext_lazy("Main post"),
    "merged": gettext_lazy("Units merged into it"),
    "mode": gettext_lazy("Which lines"),
    "model": gettext_lazy("Model"),
    "narrowed": gettext_lazy("Filters"),
    "network": gettext_lazy("Network"),
    "note": gettext_lazy("Note"),
    "notice": gettext_lazy("Number of the notice"),
    "number": gettext_lazy("Number"),
    "on": gettext_lazy("From"),
    "parent": gettext_lazy("Superior unit"),
    "people": gettext_lazy("People"),
    "person": gettext_lazy("Person"),
    "post": gettext_lazy("Post no."),
    "reason": gettext_lazy("Reason"),
    "role": gettext_lazy("Role"),
    "rule": gettext_lazy("Rule"),
    "sessions": gettext_lazy("Sessions ended"),
    "stream": gettext_lazy("Stream"),
    "substitute": gettext_lazy("Substitute"),
    "successors": gettext_lazy("Successors"),
    "token": gettext_lazy("Token no."),
    "total": gettext_lazy("Lines"),
    "unchanged": gettext_lazy("Lines unchanged"),
    "unit": gettext_lazy("Unit"),
    "until": gettext_lazy("Until"),
    "use": gettext_lazy("Use"),
    "user": gettext_lazy("Login"),
    "valid_from": gettext_lazy("From"),
    "valid_to": gettext_lazy("Until"),
    "version": gettext_lazy("Version"),
    "view": gettext_lazy("View"),
    "what": gettext_lazy("What"),
    "why": gettext_lazy("Why"),
    "with_descendants": gettext_lazy("With the units below"),
    "works": gettext_lazy("Offices work"),
    "year": gettext_lazy("Year"),
}

WHY = {
    "idle": gettext_lazy("away too long"),
    "absolute": gettext_lazy("logged in too long"),
    "gone": gettext_lazy("ended from elsewhere"),
}
KINDS = {**dict(ImportKind.choices), "demo": gettext_lazy("Demo data")}
# What the filters of a recorded reading are called.
FILTERS: dict[str, Text] = {
    "who": gettext_lazy("Who"),
    "group": gettext_lazy("Kind of action"),
    "subject": gettext_lazy("Subject"),
    "address": gettext_lazy("Address"),
    "post": gettext_lazy("Post"),
    "first": gettext_lazy("First day"),
    "last": gettext_lazy("Last day"),
}
# How the codes of a parameter are said.
VALUES: dict[str, dict[str, Text]] = {
    "role": dict(Role.choices),
    "kind": KINDS,
    "group": dict(Group.choices),
    "mode": dict(ImportMode.choices),
    "why": WHY,
}

SUBJECTS: dict[str, Text] = {
    "alarm": gettext_lazy("Alarm"),
    "audit": gettext_lazy("Audit record"),
    "bulk": gettext_lazy("Many cases"),
    "calendar": gettext_lazy("Work calendar"),
    "calendar-day": gettext_lazy("Day of the work calendar"),
    "calendar-year": gettext_lazy("Year of the work calendar"),
    "case": gettext_lazy("Case"),
    "directory": gettext_lazy("Directory"),
    "import": gettext_lazy("Import"),
    "key": gettext_lazy("Key"),
    "login": gettext_lazy("Unknown login"),
    "message": gettext_lazy("Bridge message"),
    "person": gettext_lazy("Person"),
    "policy": gettext_lazy("Limits"),
    "substitution": gettext_lazy("Substitution"),
    "routing-model": gettext_lazy("Routing model"),
    "routing-rule": gettext_lazy("Routing rule"),
    "unit": gettext_lazy("Unit"),
    "user": pgettext_lazy("subject", "Login"),
}


def action_words(action: str) -> str:
    """What ``action`` is called; one that this version does not know is shown as it stands."""
    words = ACTIONS.get(action)
    return str(words.text) if words else action


def actions_of(group: str) -> list[str]:
    """The actions of a group."""
    return [action for action, words in ACTIONS.items() if words.group == group]


def param_words(params: dict[str, Any]) -> list[tuple[str, str]]:
    """Each parameter's name and value as a reader takes them."""
    return [(str(PARAMS.get(name, name)), value_words(name, value)) for name, value in params.items()]


def value_words(name: str, value: Any) -> str:
    """A value in words: codes as they are called, truth as yes and no, lists and tables one after the other."""
    if isinstance(value, str) and name in VALUES:
        return str(VALUES[name].get(value, value))
    return next((say(value) for kind, say in _SAYINGS if isinstance(value, kind)), str(value))


def _list(values: list[Any]) -> str:
    return _(", ").join(str(value) for value in values) or "–"


def _table(values: dict[str, Any]) -> str:
    words = [
        _("%(name)s: %(value)s") % {"name": FILTERS.get(name, name), "value": value_words(name, value)}
        for name, value in values.items()
    ]
    return _("; ").join(words) or "–"


# bool before int, of which it is a kind.
_SAYINGS: list[tuple[type, Callable[[Any], str]]] = [
    (type(None), lambda _value: "–"),
    (bool, lambda value: _("yes") if value else _("no")),
    (list, _list),
    (dict, _table),
]

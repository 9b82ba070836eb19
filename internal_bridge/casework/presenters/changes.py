"""What has happened to a case since somebody opened a form about it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.events import events_of
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.timeline import event_words

MOST = 10


def last_seen(case: Case) -> int:
    """The number of the last event, for the form to remember."""
    return events_of(case.subject).values_list("pk", flat=True).last() or 0


def changes_since(case: Case, seen: int | None) -> list[str]:
    """One line for each event after ``seen``."""
    if not seen:
        return []
    lines = []
    for event in events_of(case.subject).filter(pk__gt=seen)[:MOST]:
        at = timezone.localtime(event.at).strftime("%m-%d %H:%M")
        who = event.actor.get_full_name() if event.actor else ""
        lines.append(_("%(at)s %(who)s %(what)s") % {"at": at, "who": who, "what": event_words(event, case)})
    return lines

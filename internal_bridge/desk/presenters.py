"""What the page shell shows."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.models import User
from core.presenters import Count, ago
from internal_bridge.auditing.permissions import can_read_audit
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.presenters.rows import case_count
from internal_bridge.desk.demo_roles import DemoRole, demo_roles
from internal_bridge.exchange.public import SILENCE, bridge_health, can_operate_bridge
from internal_bridge.org.permissions import can_administer_directory
from internal_bridge.org.services import acting_appointment, own_appointments, post_label
from internal_bridge.routing.permissions import can_edit_rules
from internal_bridge.security.permissions import can_watch_logins
from internal_bridge.workflow.presenters import todo_count

# On a phone of 360 px.
MOST_TABS = 5


@dataclass(frozen=True)
class NavigationEntry:
    """A place in the office."""

    label: str
    url: str
    icon: str
    current: bool
    count: Count | None = None
    # For the bar of a phone, where the label is too long for it.
    short: str = ""
    # After G it leads there by keyboard.
    key: str = ""


@dataclass(frozen=True)
class BridgeState:
    """Whether the two networks are exchanging, in words. ``look`` is empty, 'soon' or 'over'."""

    look: str
    text: str
    last_contact: datetime.datetime | None
    waiting: int
    dead: int

    @classmethod
    def now(cls) -> "BridgeState":
        health = bridge_health()
        look, text = _judge(health.last_contact, health.dead)
        return cls(look=look, text=text, last_contact=health.last_contact, waiting=health.waiting, dead=health.dead)


def _judge(last_contact: datetime.datetime | None, dead: int) -> tuple[str, str]:
    if last_contact is None:
        return "soon", _("The portal has not been reached yet")
    silence = timezone.now() - last_contact
    if silence > SILENCE:
        return "over", _("Bridge interrupted · last contact %(ago)s") % {"ago": ago(silence)}
    if dead:
        words = ngettext("%(count)d message cannot be processed", "%(count)d messages cannot be processed", dead)
        return "over", words % {"count": dead}
    return "", _("Bridge working · %(ago)s") % {"ago": ago(silence)}


@dataclass(frozen=True)
class PostChoice:
    """A post under which the person may act."""

    pk: int
    label: str


class Shell:
    """The frame of a page. Asks the database only for what its template shows: nothing before somebody has logged in."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> User | None:
        """Who is logged in; nobody on error pages that come before the session is known."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def navigation(self) -> list[NavigationEntry]:
        if self.person is None:
            return []
        match = self.request.resolver_match
        place = match.namespace if match else ""
        entries = [
            NavigationEntry(_("Desk"), reverse("desk:home"), "home", place == "desk", key="h"),
            NavigationEntry(
                _("Work items"), reverse("workflow:inbox"), "inbox", place == "workflow", todo_count(self.person), key="i"
            ),
        ]
        if can_see_cases(self.person):
            count = case_count(self.person)
            entries.append(
                NavigationEntry(_("Cases"), reverse("casework:list"), "messages", place == "casework", count, key="x")
            )
        if can_edit_rules(self.person):
            entries.append(NavigationEntry(_("Suggested units"), reverse("routing:rules"), "send", place == "routing"))
        if self.operates_bridge:
            count, here = Count(self.bridge.dead), place == "exchange"
            entries.append(NavigationEntry(_("Bridge"), reverse("exchange:bridge"), "arrows-exchange", here, count))
        if can_read_audit(self.person):
            entries.append(NavigationEntry(_("Audit log"), reverse("auditing:list"), "report-search", place == "auditing"))
        if can_watch_logins(self.person):
            entries.append(
                NavigationEntry(_("Login security"), reverse("security:sessions"), "shield-lock", place == "security")
            )
        entries.append(NavigationEntry(_("Rules and limits"), reverse("policies:rules"), "scale", place == "policies"))
        return [*entries, *self._directory(place)]

    @property
    def tabs(self) -> list[NavigationEntry]:
        """What fits into the bar of a phone: everything, or the first places beside a way to the others."""
        return self.navigation if len(self.navigation) <= MOST_TABS else self.navigation[: MOST_TABS - 1]

    @property
    def beyond_tabs(self) -> list[NavigationEntry]:
        """The places that the bar of a phone has no room for."""
        return self.navigation[len(self.tabs) :]

    def _directory(self, place: str) -> list[NavigationEntry]:
        """The directory and the work calendar for everybody; the administration for the system administrator."""
        match = self.request.resolver_match
        administers = place == "org" and match is not None and match.route.startswith("administration/")
        reads = place == "org" and not administers
        entries = [
            NavigationEntry(
                _("Units and people"), reverse("org:directory"), "sitemap", reads, short=pgettext("place", "Directory")
            )
        ]
        calendar = NavigationEntry(_("Work calendar"), reverse("workcalendar:year"), "calendar-event", place == "workcalendar")
        entries.append(calendar)
        if can_administer_directory(self.person):
            entries.append(NavigationEntry(_("Administration"), reverse("org:administration"), "settings", administers))
        return entries

    @cached_property
    def post(self) -> str:
        """The post under which the person acts, as it stands under the name; empty without one."""
        return post_label(acting_appointment(self.request))

    @cached_property
    def other_posts(self) -> list[PostChoice]:
        """The posts that may be chosen instead; nothing to choose for who holds one."""
        acting = acting_appointment(self.request)
        return [PostChoice(held.pk, post_label(held)) for held in own_appointments(self.request) if held != acting]

    @cached_property
    def operates_bridge(self) -> bool:
        return self.person is not None and can_operate_bridge(self.person)

    @cached_property
    def bridge(self) -> BridgeState:
        return BridgeState.now()

    @cached_property
    def demo_roles(self) -> list[DemoRole]:
        """For the login page of a demo."""
        return demo_roles()

    @property
    def return_to(self) -> str:
        """Where a change of language leads back to. An address that was posted to shows its page when it is opened."""
        return self.request.get_full_path()

"""Published replies to subscribe to: RSS and Atom, for the same filters as the list."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from petitions.filters import ReplyFilter
from petitions.models import PublishedReply
from petitions.querysets import PublishedReplyQuerySet

LATEST = 30


class ReplyFeed(Feed):
    """The latest replies; a withdrawn one is gone from it, a corrected one says so."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> PublishedReplyQuerySet:
        """What the address asks for; what cannot be read narrows nothing, as on the page."""
        asked = ReplyFilter(request.GET, queryset=PublishedReply.objects.public())
        found: PublishedReplyQuerySet = asked.qs
        return found

    def title(self) -> str:
        return _("Published replies")

    def description(self) -> str:
        return _("What others asked the city and what they were answered.")

    subtitle = description

    def link(self) -> str:
        return reverse("petitions:replies")

    def items(self, found: PublishedReplyQuerySet) -> Any:
        return found.order_by("-published_at", "-id")[:LATEST]

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        correction = _("Correction: %(text)s") % {"text": item.correction} + "\n\n" if item.correction else ""
        return correction + str(item.text)

    def item_link(self, item: Any) -> str:
        return reverse("petitions:reply", args=[item.uid])

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.uid}"

    item_guid_is_permalink = False

    def item_author_name(self, item: Any) -> str:
        return str(item.unit_name)

    def item_pubdate(self, item: Any) -> datetime.datetime | None:
        return item.published_at or item.revised_at

    def item_updateddate(self, item: Any) -> datetime.datetime | None:
        return item.revised_at or item.published_at


class ReplyAtomFeed(ReplyFeed):
    """The same as Atom."""

    feed_type = Atom1Feed

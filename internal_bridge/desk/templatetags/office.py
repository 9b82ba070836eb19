"""What templates of the office draw and write with."""

import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite (frontend/icons.txt), hidden from screen readers: words stand beside it."""
    look = "zq-i zq-i--fill" if name.endswith("-filled") else "zq-i"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', look, static("img/icons.svg"), name)


@register.simple_tag
def moment(at: datetime.datetime) -> SafeString:
    """A time as officials write it, in Beijing time: 2026-10-14 09:42."""
    return _time(at, "%Y-%m-%d %H:%M")


@register.simple_tag
def second(at: datetime.datetime) -> SafeString:
    """A time to the second, in Beijing time: 2026-10-14 09:42:07."""
    return _time(at, "%Y-%m-%d %H:%M:%S")


def _time(at: datetime.datetime, shown: str) -> SafeString:
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), local.strftime(shown))


@register.filter
def long_date(day: datetime.date) -> str:
    """A date in words, with its weekday."""
    return format_date(day, pgettext("date format", "l, j F"))

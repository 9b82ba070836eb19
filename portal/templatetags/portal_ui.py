"""What the portal's templates need to say often: icons, form controls, navigation, the other language, times."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info, override
from wagtail.models import Page

from portal.context_processors import HTML_LANGUAGES
from portal.navigation import Item, main_navigation

register = template.Library()

CONTROL_CLASSES = {"textarea": "govuk-textarea", "select": "govuk-select", "checkbox": "govuk-checkboxes__input"}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of our sprite; decoration only, so hidden from assistive technology."""
    return format_html(
        '<svg class="zq-icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def control(field: BoundField, width: str = "") -> SafeString:
    """A form field's own widget with govuk's classes; ``width`` is ``s`` or ``m``. Django links hint and error by id."""
    base = CONTROL_CLASSES.get(field.widget_type, "govuk-input")
    # The label says it, and stays when something is typed.
    field.field.widget.attrs.pop("placeholder", None)
    classes = [base, *([f"zq-w-{width}"] if width else []), *([f"{base}--error"] if field.errors else [])]
    return field.as_widget(attrs={"class": " ".join(classes)})


@register.filter
def first_control(field: BoundField) -> str:
    """The id that a link to this field must name: of a group of radios that of the first."""
    return f"{field.auto_id}_0" if field.widget_type == "radioselect" else field.auto_id


@register.simple_tag
def stamp(moment: datetime) -> SafeString:
    """A moment as ``YYYY-MM-DD HH:MM``, Beijing time, as the norms for government sites ask."""
    local = localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), local.strftime("%Y-%m-%d %H:%M"))


@register.simple_tag
def day(when: datetime | date) -> SafeString:
    """A day, or that of a moment in Beijing, as ``YYYY-MM-DD``."""
    text = (localtime(when) if isinstance(when, datetime) else when).strftime("%Y-%m-%d")
    return format_html('<time datetime="{}">{}</time>', text, text)


@register.simple_tag
def unit_url(code: str) -> str:
    """The page of a unit of the directory, for templates of apps that do not know this one."""
    return reverse("portal:unit", args=[code])


@register.simple_tag
def city_names() -> dict[str, Any]:
    """The city, for pages that are rendered without context processors (500)."""
    return settings.CITY


@register.simple_tag(takes_context=True)
def navigation_items(context: RequestContext) -> list[Item]:
    return main_navigation(context["request"], context.get("page"))


@register.simple_tag(takes_context=True)
def other_language(context: RequestContext) -> dict[str, str]:
    """The language that this page is not in: ``code``, ``name`` in that language, and the ``url`` of its counterpart there.

    A page without a translation leads to the home page of the other language.
    """
    here = get_language() or settings.LANGUAGE_CODE
    code = next(code for code, _ in settings.LANGUAGES if code != here)
    name = get_language_info(code)["name_local"]
    return {"code": HTML_LANGUAGES.get(code, code), "name": name, "url": _counterpart(context, code)}


def _counterpart(context: RequestContext, code: str) -> str:
    request = context.get("request")
    page = context.get("page")
    if isinstance(page, Page):
        translation = page.get_translations().live().filter(locale__language_code=code).first()
        if translation is not None:
            return translation.get_url(request)
    elif request is not None and (match := request.resolver_match) is not None and match.url_name != "wagtail_serve":
        return translate_url(request.path, code)
    with override(code):
        return reverse("wagtail_serve", args=[""])

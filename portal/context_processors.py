from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from portal.demo_roles import demo_roles

HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the page shell needs on every page: ``html_lang``, the page's language as BCP 47 writes it.

    ``demo_roles`` is asked only by the login page.
    """
    language = get_language() or ""
    return {"html_lang": HTML_LANGUAGES.get(language, language), "demo_roles": demo_roles}

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the page shell needs on every page: ``html_lang``, the page's language as BCP 47 writes it."""
    language = get_language() or ""
    return {"html_lang": HTML_LANGUAGES.get(language, language)}

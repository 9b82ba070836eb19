from typing import Any

from django.conf import settings
from django.http import HttpRequest


def city(request: HttpRequest) -> dict[str, Any]:
    """The city's names, and whether this is a demo (every page of which is marked)."""
    return {"city": settings.CITY, "demo": settings.DEMO}

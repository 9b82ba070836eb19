from typing import Any

from django.http import HttpRequest

from internal_bridge.desk.presenters import Shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the page shell needs on every page."""
    return {"shell": Shell(request)}

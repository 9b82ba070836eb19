"""The CMS's own content security policy. Public pages keep the site's: scripts from us alone, no inline script, no nonce."""

import re
from collections.abc import Callable

from csp.constants import HEADER, SELF
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

# Wagtail's date fields and choosers start themselves by a script beside them. These alone, in the very form in which Wagtail
# writes them, get the nonce; a script that came in with content stays forbidden.
WIDGET_SCRIPT = re.compile(rb'<script>(?=(?:init|new )\w+Chooser\("id_[\w\\-]+", \{[^<]*\}\);</script>)')


class CmsPolicyMiddleware:
    """Must stand behind django-csp's middleware in MIDDLEWARE, so that it sees the response first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.prefix = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(self.prefix):
            allow_cms(request, response)
        return response


def allow_cms(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the CMS style its widgets, preview pages in a frame of its own, and start its date fields."""
    # A preview is a page that has been through the middleware once already, under its own address.
    if HEADER in response:
        del response[HEADER]
    response._csp_update = {  # type: ignore[attr-defined]
        "style-src": ["'unsafe-inline'"],
        "img-src": ["blob:"],
        "script-src": [f"'nonce-{request.csp_nonce}'"],  # type: ignore[attr-defined]
    }
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
        nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]
        response.content = WIDGET_SCRIPT.sub(b'<script nonce="' + nonce + b'">', response.content)
        response.headers["Content-Length"] = str(len(response.content))

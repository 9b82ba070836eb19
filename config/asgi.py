"""ASGI entry point. There is no default site: DJANGO_SETTINGS_MODULE must be set."""

import os

from django.core.asgi import get_asgi_application

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    raise RuntimeError("DJANGO_SETTINGS_MODULE is not set: say config.settings.portal or config.settings.office")

application = get_asgi_application()

"""What ``manage.py SITE check --deploy`` says of settings that do not fit together."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_proxies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy all callers would otherwise have its address, and be throttled as one network."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.REST_FRAMEWORK["NUM_PROXIES"]:
        hint = "Set NUM_PROXIES to the number of your own proxies that add to X-Forwarded-For."
        return [Error("BEHIND_PROXY is set and NUM_PROXIES is 0.", hint=hint, id="core.E001")]
    return []

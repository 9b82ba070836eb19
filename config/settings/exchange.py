"""The portal's exchange process: the portal's apps and database behind the bridge's API alone.

A process of its own, so that held polls cost no visitor anything; no pages, so no sessions and no languages either.
"""

from .portal import *  # noqa: F403

ROOT_URLCONF = "config.urls.exchange"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]

"""The portal's exchange process: the portal's apps and database behind the bridge's API alone.

A process of its own, so that held polls cost no visitor anything; no pages and no logins, so no sessions and no languages.
"""

from .portal import *  # noqa: F403
from .portal import INSTALLED_APPS as PORTAL_APPS

# The list of sessions stays: what comes over the bridge may end some.
INSTALLED_APPS = [app for app in PORTAL_APPS if app not in ("allauth", "allauth.account")]
ROOT_URLCONF = "config.urls.exchange"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# A batch of 1 MiB, or a single message of that size, as base64 twice over (JWS, then JSON).
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

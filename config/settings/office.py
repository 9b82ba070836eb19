"""The office: the internal platform behind the bridge, and the relay that pulls and pushes."""

import datetime

from csp.constants import NONCE, NONE, SELF

from .base import *  # noqa: F403
from .base import BASE_DIR, CELERY_BEAT_SCHEDULE, COMMON_APPS, DEMO, SITE_DIR, SPECTACULAR_SETTINGS, env, templates

INSTALLED_APPS = [
    "internal_bridge.desk",
    "internal_bridge.auditing",
    "internal_bridge.casework",
    "internal_bridge.security",
    "internal_bridge.policies",
    "internal_bridge.workflow",
    "internal_bridge.routing",
    "internal_bridge.org",
    "internal_bridge.exchange",
    "django_htmx",
    *COMMON_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.ApiLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Everything asks for a login unless a view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "core.middleware.OriginMiddleware",
    "core.middleware.CalendarMiddleware",
    "core.session_limits.SessionLimitMiddleware",
    "internal_bridge.org.middleware.PostMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls.office"
TEMPLATES = templates("internal_bridge.desk.context_processors.shell")
STATIC_ROOT = BASE_DIR / "build" / "collected" / "office"
STATICFILES_DIRS = [BASE_DIR / "build" / "static" / "office"]

SESSION_COOKIE_NAME = "zq_office_session"
CSRF_COOKIE_NAME = "zq_office_csrf"
LANGUAGE_COOKIE_NAME = "zq_office_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What it keeps -------------------------------------------------------------------------------------------------------
# Keys that wrap each case's data key and blind phone numbers (core.keyring). Never keep them with a backup of the database.
KEYRING_DIR = env.path("KEYRING_DIR", SITE_DIR / "keys")

# Trained models of suggested units: arrays of numbers, for its owner only (internal_bridge.routing).
ROUTING_MODELS_DIR = env.path("ROUTING_MODELS_DIR", SITE_DIR / "routing")

# --- When the clock speaks to people: on working days, in these hours of Beijing. What it does by itself it does always ---
SERVICE_HOURS = (datetime.time(8), datetime.time(18))

# --- What beat finds to do besides what both sites have -------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "notice-announced-years": {"task": "internal_bridge.policies.tasks.notice_announced_years", "schedule": 3600.0},
    "resume-imports": {"task": "internal_bridge.org.tasks.resume_forgotten_imports", "schedule": 300.0},
    "sweep-clocks": {"task": "internal_bridge.casework.tasks.sweep_clocks", "schedule": 60.0, "options": {"expires": 60}},
    "resume-bulk-runs": {"task": "internal_bridge.casework.tasks.resume_forgotten_bulk_runs", "schedule": 60.0},
    "tell-figures": {"task": "internal_bridge.casework.tasks.tell_figures", "schedule": 300.0},
    "send-notices": {"task": "internal_bridge.casework.tasks.send_waiting_notices", "schedule": 60.0},
}

# --- The API -------------------------------------------------------------------------------------------------------------
SPECTACULAR_SETTINGS = {
    **SPECTACULAR_SETTINGS,
    "ENUM_NAME_OVERRIDES": {
        **SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"],
        "CaseState": "internal_bridge.casework.enums.CaseState",
        "AssignmentState": "internal_bridge.casework.enums.AssignmentState",
        "EntryKind": "internal_bridge.casework.enums.EntryKind",
        "DeadlineState": "internal_bridge.casework.api.answers.DEADLINE_STATES",
    },
}

# --- Notices to petitioners: that there is news, never what (internal_bridge.casework.notices) ----------------------------
# By which ways they leave: sms, email, both or, unless the city says otherwise, none.
NOTICE_CHANNELS: list[str] = env.list("NOTICE_CHANNELS", ["sms", "email"] if DEMO else [])
# What carries each: console, mail (Django's, EMAIL_HOST) or tencent (its SMS, by HTTP).
NOTICE_GATEWAYS = {
    "sms": env.str("NOTICE_SMS_GATEWAY", "console"),
    "email": env.str("NOTICE_EMAIL_GATEWAY", "console"),
}
EMAIL_HOST: str = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT: int = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", "noreply@localhost")
TENCENT_SMS = {
    "url": env.str("TENCENT_SMS_URL", "https://sms.tencentcloudapi.com/"),
    "region": env.str("TENCENT_SMS_REGION", "ap-guangzhou"),
    **{
        name: env.str(f"TENCENT_SMS_{name.upper()}", "")
        for name in ("secret_id", "secret_key", "app_id", "sign_name", "template_news", "template_answered")
    },
}

# --- The bridge ----------------------------------------------------------------------------------------------------------
EXCHANGE_PARTY = "office"
# Where the relay finds the portal's exchange API: besides the gateways of notices the only address that the office ever calls.
EXCHANGE_PEER_URL: str = env.str("EXCHANGE_PEER_URL", "http://127.0.0.1:8001")
# Where citizens find the portal, as receipts print it. The office itself never calls this address.
PORTAL_URL: str = env.str("PORTAL_URL", "http://127.0.0.1:8000")
# The longest pause between two tries, in seconds, when the portal cannot be reached.
EXCHANGE_LONGEST_PAUSE: float = env.float("EXCHANGE_LONGEST_PAUSE", 600.0)
# The office keeps what was sealed to it, and the files that came with it: it is the record.
RETENTION_SEALED_DAYS: int | None = None

"""What both sites have in common. Nothing here knows which of them is running.

A site is told where it lives by ``SITE_DIR`` (database, media, keys, logs); a real server is told everything else by the
variables read below. A variable ``X`` may be given as ``X_FILE``, the path of a file that holds it.
"""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv

env = FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parents[2]
SITE_DIR: Path = env.path("SITE_DIR")

# Demo mode: loopback only, every page marked, keys made at first start that refuse to work without it.
DEMO: bool = env.bool("DEMO", False)
DEBUG: bool = env.bool("DEBUG", False)
# What the one-click roles of the login page send; outside of demo mode there are none.
DEMO_PASSWORD: str = env.str("DEMO_PASSWORD", "") if DEMO else ""

if "SECRET_KEY" not in os.environ:
    os.environ.setdefault("SECRET_KEY_FILE", str(SITE_DIR / "keys" / "secret-key"))
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

ADMINS: list[tuple[str, str]] = []
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

COMMON_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "core",
]

# --- Database -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{SITE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that turns into a writer fails at once under concurrency. FULL: a receipt promises
    # durability (docs/adr/0001).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Recursive triggers: INSERT OR REPLACE deletes, and a table that is append-only then refuses it.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
else:
    # A new connection costs PostgreSQL a process: each of ours keeps some open, and looks whether one still lives before it
    # hands it out. One connection for each thread that works at a time; whoever comes beyond that waits, and fails plainly.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    pool = {"min_size": 1, "max_size": env.int("DATABASE_CONNECTIONS", 20), "timeout": 10}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool

# --- Sessions, security -------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
# How long a session lasts without being used, and in any case (core.sessions).
SESSION_IDLE_MINUTES: int = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_ABSOLUTE_HOURS: int = env.int("SESSION_ABSOLUTE_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO
SECURE_SSL_REDIRECT = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
# Load balancers and probes ask on plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "core.reporting.NoContentFilter"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_MIN_LENGTH = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "core.password_rules.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH}},
    {
        "NAME": "core.password_rules.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "core.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# core.lockout counts instead: by login and network, in rows.
ACCOUNT_RATE_LIMITS = False
LOGIN_URL = "account_login"

# --- Language and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Static files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = SITE_DIR / "media"
MEDIA_URL = "/media/"
# Ciphertext only (core.files); no address leads here.
FILES_DIR = SITE_DIR / "files"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True


def templates(*context_processors: str) -> list[dict]:
    """The TEMPLATES setting with a site's own context processors behind the common ones."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [BASE_DIR / "config" / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "core.context_processors.city",
                    *context_processors,
                ]
            },
        }
    ]


# --- Celery: a broker message is only a hint, beat's sweeps find all work from rows ---------------------------------------
CELERY_BROKER_URL: str = env.str("BROKER_URL", "redis://127.0.0.1:8101/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Publishing must never hold a web request: the sweep will find the row.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 1}
CELERY_BEAT_SCHEDULE = {
    "purge-idempotency-records": {"task": "core.tasks.purge_idempotency_records", "schedule": 3600},
    "apply-waiting-messages": {"task": "internal_bridge.exchange.tasks.apply_waiting_messages", "schedule": 10},
    "watch-bridge": {"task": "internal_bridge.exchange.tasks.watch_bridge", "schedule": 30},
    "purge-logins": {"task": "core.tasks.purge_logins", "schedule": 900},
    "report-worker": {"task": "core.tasks.report_worker", "schedule": 20, "options": {"expires": 60}},
    "sweep-unreferenced-files": {"task": "internal_bridge.exchange.tasks.sweep_unreferenced_files", "schedule": 600},
    "purge-used-nonces": {"task": "internal_bridge.exchange.tasks.purge_used_nonces", "schedule": 600},
    "purge-sealed-content": {"task": "internal_bridge.exchange.tasks.purge_sealed_content", "schedule": 3600},
}

# --- Metrics: asked for from this machine, or with this token from elsewhere ------------------------------------------------
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")

# --- Throttling: counted in the broker's Valkey, unless it is to have one of its own ----------------------------------------
THROTTLE_URL: str = env.str("THROTTLE_URL", CELERY_BROKER_URL)

# --- API ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.Utf8JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["core.problems.ApiRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.problem_response",
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "政桥 Zhengqiao",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["core.schema.own_endpoints"],
    "ENUM_NAME_OVERRIDES": {
        "PetitionKind": "core.enums.PetitionKind",
        "PetitionStatus": "core.enums.PetitionStatus",
        "AlarmKind": "internal_bridge.exchange.enums.AlarmKind",
    },
}

# --- The city -----------------------------------------------------------------------------------------------------------
CITY = {
    "name": _("Yunling"),
    "government": _("Yunling Municipal Government"),
    "hotline": "12345",
    "site_code": "9900000001",
}

# --- The bridge ---------------------------------------------------------------------------------------------------------
# Below this much free disk, in bytes, or with this many messages waiting to be applied, nothing more is taken in.
EXCHANGE_MIN_FREE_BYTES: int = env.int("EXCHANGE_MIN_FREE_BYTES", 200 * 1024 * 1024)
EXCHANGE_WATERMARK: int = env.int("EXCHANGE_WATERMARK", 20_000)
EXCHANGE_KEYS_DIR: Path = env.path("EXCHANGE_KEYS_DIR", SITE_DIR / "keys")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # httpx logs a line for each request, and the relay holds a poll all day.
    # django_tasks and Wagtail tell of every page that they touch.
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}

"""The portal: the public site, its CMS and the exchange API that the office calls."""

from csp.constants import NONE, SELF

from .base import *  # noqa: F403
from .base import BASE_DIR, CELERY_BEAT_SCHEDULE, COMMON_APPS, env, templates

INSTALLED_APPS = [
    "portal",
    "petitions",
    "surveys",
    "search",
    "internal_bridge.exchange",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.sitemaps",
    *COMMON_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.CmsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.ApiLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.OriginMiddleware",
    "core.session_limits.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls.portal"
TEMPLATES = templates("portal.context_processors.shell")
STATIC_ROOT = BASE_DIR / "build" / "collected" / "portal"
STATICFILES_DIRS = [BASE_DIR / "build" / "static" / "portal"]

SESSION_COOKIE_NAME = "zq_portal_session"
CSRF_COOKIE_NAME = "zq_portal_csrf"
LANGUAGE_COOKIE_NAME = "zq_portal_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# No inline script and no nonce on public pages: a nonce in a cached page is a public constant.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Wagtail: everything works in a closed network -----------------------------------------------------------------------
WAGTAIL_SITE_NAME = "政桥 Zhengqiao"
WAGTAILADMIN_BASE_URL: str = env.str("CMS_URL", "http://127.0.0.1:8000")
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAILADMIN_LOGIN_URL = "cms_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
# One page for one's password, which also ends one's other sessions.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILIMAGES_IMAGE_MODEL = "portal.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "portal.PortalDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# --- What beat finds to do besides what both sites have -------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "draw-charts": {"task": "petitions.tasks.draw_charts", "schedule": 60.0},
}

# --- The bridge ----------------------------------------------------------------------------------------------------------
EXCHANGE_PARTY = "portal"
# Days after which what citizens wrote, sealed to the office, is deleted here once the office has applied it.
RETENTION_SEALED_DAYS: int | None = env.int("RETENTION_SEALED_DAYS", 30)
# Who sends the code by which a citizen confirms a phone number: nobody when empty, `console`, or the dotted name of a class as
# in petitions.phone_codes.
PHONE_CONFIRMATION: str = env.str("PHONE_CONFIRMATION", "")

"""The portal's addresses. Pages take their language from the path; APIs, CMS and health have one address for all."""

from allauth.account.views import logout
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core.health import healthz, readyz
from core.views import no_such_operation
from portal.views import cms_login

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("petitions.api.urls")),
    path("api/<path:rest>", no_such_operation),
    # One way to log in, so that one place decides who may.
    path("cms/login/", cms_login, name="cms_login"),
    path("cms/logout/", logout),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Pictures as pages show them; originals and documents stand beside this folder and are not served from it. A proxy may take
    # the address over.
    path("media/images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "images"}),
]
urlpatterns += i18n_patterns(
    path("", include("core.account_urls")),
    path("petitions/", include("petitions.urls")),
    path("", include("portal.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

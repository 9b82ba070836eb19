"""The office's addresses."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView

from core.api.views import TokenView
from core.health import healthz, readyz
from core.metrics import metrics
from core.views import no_such_operation
from internal_bridge.exchange.api.status import StatusView
from internal_bridge.routing.api.views import SuggestView

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/v1/schema/", login_not_required(SpectacularAPIView.as_view()), name="schema"),
    path("", include("core.account_urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/auth/token/", TokenView.as_view(), name="auth_token"),
    path("api/v1/exchange/status/", StatusView.as_view(), name="exchange_status"),
    path("api/v1/", include("internal_bridge.casework.api.urls")),
    path("api/v1/", include("internal_bridge.workflow.api.urls")),
    path("api/v1/", include("internal_bridge.policies.api.urls")),
    path("api/v1/routing/suggest/", SuggestView.as_view(), name="routing_suggest"),
    path("api/<path:rest>", no_such_operation),
    path("inbox/", include("internal_bridge.workflow.urls")),
    path("cases/", include("internal_bridge.casework.urls")),
    path("", include("internal_bridge.policies.urls")),
    path("calendar/", include("internal_bridge.policies.calendar_urls")),
    path("routing/", include("internal_bridge.routing.urls")),
    path("audit/", include("internal_bridge.auditing.urls")),
    path("security/", include("internal_bridge.security.urls")),
    path("bridge/", include("internal_bridge.exchange.urls")),
    path("", include("internal_bridge.org.urls")),
    path("", include("internal_bridge.desk.urls")),
]

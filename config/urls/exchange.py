"""What the portal's exchange process serves: the bridge's API and nothing else."""

from django.urls import include, path

from core.health import healthz, readyz
from core.metrics import metrics

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("exchange/v1/", include("internal_bridge.exchange.api.urls")),
]

# No pages here: the portal's own error pages lead to addresses that this process does not have.
handler404 = "core.views.no_such_operation"
handler500 = "core.views.operation_failed"

"""Addresses of the API of limits, below /api/v1/."""

from django.urls import path

from internal_bridge.policies.api.views import PreviewView

urlpatterns = [path("deadlines/preview/", PreviewView.as_view(), name="deadlines_preview")]

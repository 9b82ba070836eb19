"""Addresses below /api/v1/."""

from django.urls import path

from internal_bridge.casework.api import views

urlpatterns = [
    path("redaction/propose/", views.ProposeRedactionView.as_view(), name="redaction_propose"),
]

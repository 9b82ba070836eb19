"""Addresses of the audit log."""

from django.urls import path

from internal_bridge.auditing import views

app_name = "auditing"

urlpatterns = [
    path("", views.record_list, name="list"),
    path("export.csv", views.export, name="export"),
    path("<uuid:uid>/", views.record, name="record"),
]

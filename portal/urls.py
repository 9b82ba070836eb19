"""The portal's own pages. Everything else is in the CMS's page tree."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("units/", views.UnitListView.as_view(), name="units"),
    path("units/<slug:code>/", views.UnitView.as_view(), name="unit"),
]

"""Addresses of the directory and of its administration."""

from django.urls import path

from internal_bridge.org.views import directory, units

app_name = "org"

urlpatterns = [
    path("directory/", directory.directory, name="directory"),
    path("directory/people.vcf", directory.export_cards, name="export_cards"),
    path("directory/people/<uuid:uid>/", directory.person, name="person"),
    path("directory/units/<slug:code>/", units.unit, name="unit"),
]

"""Addresses of the work calendar, below /calendar/ of the office."""

from django.urls import path

from internal_bridge.policies import calendar_views

app_name = "workcalendar"

urlpatterns = [
    path("", calendar_views.year, name="year"),
    path("days/new/", calendar_views.set_day, name="set_day"),
    path("days/<uuid:uid>/end/", calendar_views.end_day, name="end_day"),
    path("years/new/", calendar_views.enter_year, name="enter_year"),
    path("years/<uuid:uid>/end/", calendar_views.end_year, name="end_year"),
]

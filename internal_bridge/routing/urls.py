"""Addresses of rules and models, below /routing/ of the office."""

from django.urls import path

from internal_bridge.routing import views

app_name = "routing"

urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.new_rule, name="rule_new"),
    path("rules/<uuid:uid>/", views.rule, name="rule"),
    path("try/", views.try_text, name="try"),
    path("models/", views.models, name="models"),
    path("models/<int:number>/activate/", views.activate_model, name="activate_model"),
]

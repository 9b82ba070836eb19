"""Addresses of the rules in force, for everybody, and of the versions of policies, for the system administrator."""

from django.urls import path

from internal_bridge.policies import views

app_name = "policies"

urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("policies/", views.policies, name="list"),
    path("policies/<str:code>/new/", views.new_version, name="draft"),
    path("policies/<str:code>/<int:number>/", views.version, name="version"),
    path("policies/<str:code>/<int:number>/settings/", views.settings, name="settings"),
    path("policies/<str:code>/<int:number>/publish/", views.publish, name="publish"),
    path("policies/<str:code>/<int:number>/discard/", views.discard, name="discard"),
    path("policies/<str:code>/<int:number>/rules/new/", views.new_rule, name="rule_new"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/", views.rule, name="rule"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/drop/", views.drop, name="rule_drop"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/confirm/", views.confirm, name="rule_confirm"),
]

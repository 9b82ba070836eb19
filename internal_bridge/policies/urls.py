"""Addresses of the rules in force, for everybody, and of the versions of policies, for the system administrator."""

from django.urls import path

from internal_bridge.policies.views import lines, reading, versions

app_name = "policies"

urlpatterns = [
    path("rules/", reading.rules, name="rules"),
    path("policies/", reading.policies, name="list"),
    path("policies/<str:code>/new/", versions.new_version, name="draft"),
    path("policies/<str:code>/<int:number>/", reading.version, name="version"),
    path("policies/<str:code>/<int:number>/settings/", versions.settings, name="settings"),
    path("policies/<str:code>/<int:number>/publish/", versions.publish, name="publish"),
    path("policies/<str:code>/<int:number>/discard/", versions.discard, name="discard"),
    path("policies/<str:code>/<int:number>/rules/new/", lines.new_rule, name="rule_new"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/", lines.rule, name="rule"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/drop/", lines.drop, name="rule_drop"),
    path("policies/<str:code>/<int:number>/rules/<int:rule_id>/confirm/", lines.confirm, name="rule_confirm"),
]

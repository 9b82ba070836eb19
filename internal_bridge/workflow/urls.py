"""Addresses of work items, below /inbox/."""

from django.urls import path

from internal_bridge.workflow.views import acts, inbox, substitution

app_name = "workflow"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("substitution/", substitution.substitution, name="substitution"),
    path("substitution/<uuid:uid>/end/", substitution.end_substitution, name="end_substitution"),
    path("<uuid:uid>/", inbox.item, name="item"),
    path("<uuid:uid>/claim/", acts.claim, name="claim"),
    path("<uuid:uid>/release/", acts.release, name="release"),
    path("<uuid:uid>/read/", acts.read, name="read"),
]

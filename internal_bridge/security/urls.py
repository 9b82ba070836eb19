"""Addresses of the security administrator's pages, below /security/ of the office."""

from django.urls import path

from internal_bridge.security import views

app_name = "security"

urlpatterns = [
    path("", views.sessions, name="sessions"),
    path("sessions/<int:session_id>/end/", views.end_session, name="end_session"),
    path("people/<uuid:uid>/end/<int:session_id>/", views.end_all, name="end_all"),
    path("lockouts/", views.lockouts, name="lockouts"),
    path("lockouts/<int:lockout_id>/release/", views.release, name="release"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke"),
]

"""Addresses of the operators' pages, below /bridge/ of the office."""

from django.urls import path

from internal_bridge.exchange import key_views, views

app_name = "exchange"

urlpatterns = [
    path("", views.bridge, name="bridge"),
    path("messages/<int:message_id>/", views.message, name="message"),
    path("messages/<int:message_id>/retry/", views.retry, name="retry"),
    path("messages/<int:message_id>/skip/", views.skip, name="skip"),
    path("messages/<int:message_id>/skip/<int:release_id>/confirm/", views.confirm, name="confirm"),
    path("messages/<int:message_id>/skip/<int:release_id>/decline/", views.decline, name="decline"),
    path("keys/", key_views.keys, name="keys"),
    path("keys/rotate/", key_views.rotate, name="rotate_keys"),
    path("keys/<slug:kid>/revoke/", key_views.revoke, name="revoke_key"),
    path("alarms/<int:alarm_id>/clear/", views.clear, name="clear"),
]

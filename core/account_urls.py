"""Addresses of one's own account, the same on both sites. Their names are allauth's, which looks them up."""

from allauth.account.views import logout
from django.urls import path
from django.views.decorators.cache import never_cache

from core import account_views as views

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("logout/", never_cache(logout), name="account_logout"),
    path("account/password/", views.PasswordView.as_view(), name="account_change_password"),
    path("account/sessions/", views.sessions, name="account_sessions"),
    path("account/sessions/others/end/", views.end_other_sessions, name="account_end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", views.end_session, name="account_end_session"),
    path("account/tokens/<int:token_id>/revoke/", views.end_token, name="account_end_token"),
]

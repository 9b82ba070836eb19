from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "internal_bridge.security"
    verbose_name = _("Login security")

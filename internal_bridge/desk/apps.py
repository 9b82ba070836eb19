from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "internal_bridge.desk"
    verbose_name = _("Desk")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "internal_bridge.policies"
    verbose_name = _("Limits")

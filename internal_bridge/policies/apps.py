from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.workdays import set_source


class PoliciesConfig(AppConfig):
    name = "internal_bridge.policies"
    verbose_name = _("Limits")

    def ready(self) -> None:
        from internal_bridge.policies.services.calendar import latest_calendar

        set_source(latest_calendar)

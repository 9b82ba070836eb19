from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "internal_bridge.org"
    verbose_name = _("Units and people")

    def ready(self) -> None:
        import internal_bridge.org.permissions  # noqa: F401  registers what other apps ask by name

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "internal_bridge.casework"
    verbose_name = _("Cases")

    def ready(self) -> None:
        import internal_bridge.casework.messages  # noqa: F401  registers its handlers
        from internal_bridge.casework.models import Case
        from internal_bridge.casework.services.recounting import progress
        from internal_bridge.casework.work import CaseSource
        from internal_bridge.policies.registry import counts_again, counts_cases
        from internal_bridge.workflow.registry import register_source

        register_source(CaseSource())
        counts_cases(Case.objects.open_by_policy)
        counts_again(progress)

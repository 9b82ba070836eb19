from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "internal_bridge.exchange"
    verbose_name = _("Bridge")

    def ready(self) -> None:
        from core.health import register_check
        from core.metrics import register_collector
        from internal_bridge.exchange.metrics import BridgeCollector
        from internal_bridge.exchange.public import bridge_health

        def backlog() -> str:
            health = bridge_health()
            return f"{health.waiting} waiting, {health.dead} dead"

        register_check("bridge", backlog)
        register_collector(BridgeCollector())

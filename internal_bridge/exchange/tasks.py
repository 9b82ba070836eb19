import datetime

from celery import shared_task
from django.utils import timezone

from internal_bridge.exchange import retention, watch
from internal_bridge.exchange.challenges import LIFETIME
from internal_bridge.exchange.files import sweep_files
from internal_bridge.exchange.inbox import apply_waiting
from internal_bridge.exchange.models import UsedNonce


@shared_task
def apply_waiting_messages() -> int:
    """Every 10 s: apply what a crash or a passing error left behind."""
    return apply_waiting()


@shared_task
def purge_used_nonces() -> int:
    """Every 10 min: forget nonces that are too old to be accepted anyway."""
    oldest = timezone.now() - LIFETIME - datetime.timedelta(minutes=1)
    deleted, _ = UsedNonce.objects.filter(used_at__lt=oldest).delete()
    return deleted


@shared_task
def watch_bridge() -> None:
    """Every 30 s: raise and end the alarms for backlog, disk, silence and clocks."""
    watch.watch_bridge()


@shared_task
def sweep_unreferenced_files() -> int:
    """Every 10 min: delete files that no message names, an hour after they were last touched."""
    return sweep_files()


@shared_task
def purge_sealed_content() -> int:
    """Hourly: delete what another party has had long enough."""
    return retention.purge_sealed_content()

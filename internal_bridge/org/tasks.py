"""Imports in the background. Each task takes an id and tolerates repetition; beat finds what was left behind."""

from celery import shared_task


@shared_task
def check_import_run(run_id: int) -> None:
    """Check an import."""
    from internal_bridge.org.imports import check_import
    from internal_bridge.org.models import ImportRun

    check_import(ImportRun.objects.select_related("started_by").get(pk=run_id))


@shared_task
def apply_import_run(run_id: int) -> None:
    """Apply an import that was confirmed."""
    from internal_bridge.org.imports import apply_import
    from internal_bridge.org.models import ImportRun

    apply_import(ImportRun.objects.select_related("started_by").get(pk=run_id))


@shared_task
def resume_forgotten_imports() -> int:
    """Every few minutes: hand over what a worker has left behind."""
    from internal_bridge.org.imports import resume_imports

    return resume_imports()

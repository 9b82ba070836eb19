"""The Celery application; which site's tasks it runs is the settings module's choice."""

import os

from celery import Celery

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    raise RuntimeError("DJANGO_SETTINGS_MODULE is not set: say config.settings.portal or config.settings.office")

app = Celery("zhengqiao", task_cls="core.worker:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

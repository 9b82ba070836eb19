"""Settings, URLs and entry points of the two sites; the only place that knows both."""

# Loaded with the settings, so that whoever sends a task (a web process, a command) sends it to this site's broker.
from config.celery import app as celery_app

__all__ = ["celery_app"]

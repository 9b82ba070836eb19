"""The calendar begins as it is announced: the edition with which later ones are compared."""

from django.db import migrations
from django.utils import timezone

from core.workdays import announced_fingerprint


def begin(apps, schema_editor):
    edition = apps.get_model("policies", "CalendarEdition")
    if not edition.objects.exists():
        edition.objects.create(number=1, change="begun", made_at=timezone.now(), announced=announced_fingerprint())


class Migration(migrations.Migration):
    dependencies = [("policies", "0006_work_calendar")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]

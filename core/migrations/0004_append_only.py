from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    """What has happened and who did what can be added to, and not be changed."""

    dependencies = [("core", "0003_logins")]

    operations = [append_only("core_domainevent"), append_only("core_auditrecord")]

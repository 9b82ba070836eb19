"""What is published stands, and who has confirmed a rule has: the database refuses to change either."""

from django.db import migrations

from core.append_only import append_only
from internal_bridge.policies.standing import published_stand


class Migration(migrations.Migration):

    dependencies = [("policies", "0004_mail_and_supervision")]

    operations = [published_stand(), append_only("policies_ruleconfirmation")]

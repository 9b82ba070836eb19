"""The limits that hold where a city has set no others: law, not demo data. Sources stand with each rule.

A rule of the repealed regulation of 2005 stands only where the article of 2022 is still to be confirmed from the text.
"""

import datetime

from django.db import migrations

# stage, kind, complexity, days, day kind, runs from; what else differs from the defaults
HOTLINE = [
    ("registration", "", "", 1, "working", "received", {}),
    ("dispatch", "", "", 1, "working", "received", {}),
    ("sign", "", "", 1, "working", "dispatched", {}),
    ("return", "", "", 2, "working", "dispatched", {"at_end": "lapse"}),
    ("recall", "", "", 1, "working", "dispatched", {"at_end": "lapse"}),
    ("assist", "", "", 2, "working", "dispatched", {}),
    ("answer", "consultation", "", 3, "working", "received", {"extension_days": 10, "approver": "head"}),
    ("answer", "help", "", 5, "working", "received", {"extension_days": 10, "approver": "head"}),
    ("answer", "complaint", "simple", 5, "working", "received", {"extension_days": 10, "approver": "head"}),
    ("answer", "complaint", "investigation", 13, "working", "received", {"extension_days": 10, "approver": "head"}),
    ("follow_up", "", "", 1, "working", "answered", {}),
    ("closing", "", "", 15, "calendar", "answered", {"at_end": "close"}),
]
PETITION = [
    ("registration", "", "", 0, "calendar", "received", {"article": "22", "roll_forward": False}),
    ("dispatch", "", "", 15, "calendar", "registered", {"article": "22"}),
    ("notice", "", "", 15, "calendar", "dispatched", {"article": "23.3"}),
    ("return", "", "", 5, "working", "dispatched", {"article": "23.3", "at_end": "lapse"}),
    ("answer", "", "", 60, "calendar", "accepted", {"article": "34", "extension_days": 30, "approver": "head"}),
    ("review_request", "", "", 30, "calendar", "answered", {"article": "35", "at_end": "lapse"}),
    ("review", "", "", 30, "calendar", "review_requested", {"article": "35"}),
    ("second_review_request", "", "", 30, "calendar", "review_answered", {"article": "36", "at_end": "lapse"}),
    ("second_review", "", "", 30, "calendar", "second_review_requested", {"article": "36"}),
    ("supervision", "", "", 30, "calendar", "supervised", {"instrument": "petition_2005", "article": "36", "to_confirm": True}),
]
POLICIES = [
    {
        "code": "hotline",
        "name": "市热线工单时限表",
        "instrument": "hotline",
        "valid_from": datetime.date(2020, 1, 1),
        # Only where the petitioner has named a unit; never for a complaint or a report.
        "auto_dispatch_kinds": ["consultation"],
        "rules": HOTLINE,
    },
    {
        "code": "petition_2022",
        "name": "信访工作条例",
        "instrument": "petition_2022",
        # On this day the regulation of 2005 was repealed.
        "valid_from": datetime.date(2022, 5, 1),
        "auto_dispatch_kinds": [],
        "rules": PETITION,
    },
]
COLUMNS = ("stage", "kind", "complexity", "days", "day_kind", "starts_at")


def lay_down(apps, _editor):
    Policy, PolicyRule = apps.get_model("policies", "Policy"), apps.get_model("policies", "PolicyRule")
    for fields in POLICIES:
        values = {name: value for name, value in fields.items() if name != "rules"}
        policy = Policy.objects.create(version=1, **values)
        PolicyRule.objects.bulk_create(
            PolicyRule(policy=policy, **dict(zip(COLUMNS, line)), **line[len(COLUMNS)]) for line in fields["rules"]
        )


def take_up(apps, _editor):
    apps.get_model("policies", "PolicyRule").objects.filter(policy__version=1).delete()
    apps.get_model("policies", "Policy").objects.filter(version=1).delete()


class Migration(migrations.Migration):

    dependencies = [("policies", "0001_initial")]

    operations = [migrations.RunPython(lay_down, take_up)]

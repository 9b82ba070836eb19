"""Portal mail and electronic supervision as rows (04), and what the two policies that were there are called in offices."""

import datetime

from django.db import migrations

NAMES = {
    "hotline": ("市热线工单时限表", "12345 热线办理时限"),
    "petition_2022": ("信访工作条例", "信访工作条例（2022）"),
}
# stage, days, day kind, runs from; what else differs from the defaults
MAIL = [
    # 7 working days, extended to 15 at the longest.
    ("answer", 7, "working", "received", {"extension_days": 8, "approver": "head"}),
    ("site_error", 3, "working", "received", {}),
    # Three months, whichever they are, have 89 days at least; it is no limit of a procedure, so nothing rolls forward.
    ("site_veto", 89, "calendar", "received", {"roll_forward": False}),
]
SUPERVISION = [
    ("supervision_limit", 5, "working", "answer_due", {}),
    ("plea", 5, "working", "card_issued", {"at_end": "lapse"}),
]
POLICIES = [
    ("portal_mail", "政府网站信箱办理时限", MAIL, {}),
    ("supervision", "电子监察规则", SUPERVISION, {"return_abuse": 3, "satisfied_from": 4}),
]
COLUMNS = ("stage", "days", "day_kind", "starts_at")


def lay_down(apps, _editor):
    Policy, PolicyRule, PolicyFigure = (
        apps.get_model("policies", name) for name in ("Policy", "PolicyRule", "PolicyFigure")
    )
    for code, (before, after) in NAMES.items():
        Policy.objects.filter(code=code, version=1, name=before).update(name=after)
    for code, name, rules, figures in POLICIES:
        policy = Policy.objects.create(
            code=code, version=1, name=name, instrument=code, valid_from=datetime.date(2020, 1, 1), auto_dispatch_kinds=[]
        )
        PolicyRule.objects.bulk_create(
            PolicyRule(policy=policy, **dict(zip(COLUMNS, line)), **line[len(COLUMNS)]) for line in rules
        )
        PolicyFigure.objects.bulk_create(
            PolicyFigure(policy=policy, code=figure, value=value) for figure, value in figures.items()
        )


def take_up(apps, _editor):
    Policy = apps.get_model("policies", "Policy")
    for code, (before, after) in NAMES.items():
        Policy.objects.filter(code=code, version=1, name=after).update(name=before)
    for code, *_rest in POLICIES:
        for name in ("PolicyRule", "PolicyFigure"):
            apps.get_model("policies", name).objects.filter(policy__code=code).delete()
        Policy.objects.filter(code=code).delete()


class Migration(migrations.Migration):

    dependencies = [("policies", "0003_versions")]

    operations = [migrations.RunPython(lay_down, take_up)]

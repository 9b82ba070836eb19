"""The lines of a draft, added, changed and dropped, and the confirmation of one in force."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from internal_bridge.org.views.acts import Act, act, run
from internal_bridge.org.views.answers import person_of
from internal_bridge.policies import services
from internal_bridge.policies.forms import ConfirmForm, DropForm, RuleForm
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.presenters.rules import rule_row
from internal_bridge.policies.views.shared import address_of, crumbs_of, draft_of


@act
def new_rule(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A new line of a draft."""
    draft = draft_of(request, code, number)

    def perform(data: dict[str, Any]) -> str:
        services.add_rule(by=person_of(request), draft=draft, revision=data.pop("version"), **data)
        return address_of("version", draft)

    doing = Act(
        name="add_rule",
        title=_("New limit"),
        button=_("Add the limit"),
        back=address_of("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=crumbs_of(draft),
    )
    return run(request, doing, RuleForm, initial={"version": draft.revision}, policy=draft, new=True)


@act
def rule(request: HttpRequest, code: str, number: int, rule_id: int) -> HttpResponse:
    """A line of a draft, to be changed."""
    draft = draft_of(request, code, number)
    found = get_object_or_404(draft.rules.select_related("policy"), pk=rule_id)

    def perform(data: dict[str, Any]) -> str:
        services.change_rule(by=person_of(request), draft=draft, revision=data.pop("version"), rule=found, **data)
        return address_of("version", draft)

    doing = Act(
        name="change_rule",
        title=_("Limit: %(stage)s") % {"stage": found.get_stage_display()},
        button=_("Save"),
        back=address_of("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=crumbs_of(draft),
        present=lambda: RuleForm.values_of(PolicyRule.objects.get(pk=found.pk)),
        template="policies/rule.html",
        more=lambda: {"drop": address_of("rule_drop", draft, found.pk)},
    )
    initial = {**RuleForm.values_of(found), "version": draft.revision}
    return run(request, doing, RuleForm, initial=initial, policy=draft, new=False)


@act
def drop(request: HttpRequest, code: str, number: int, rule_id: int) -> HttpResponse:
    """Take a line out of a draft."""
    draft = draft_of(request, code, number)
    # Sent again it has gone already, and the first answer counts.
    found = draft.rules.filter(pk=rule_id).select_related("policy").first() or PolicyRule(pk=rule_id, policy=draft)
    if request.method != "POST" and found.stage == "":
        raise Http404

    def perform(data: dict[str, Any]) -> str:
        services.drop_rule(by=person_of(request), draft=draft, revision=data["version"], rule=found)
        return address_of("version", draft)

    row = rule_row(found) if found.stage else None
    doing = Act(
        name="drop_rule",
        title=_("Take out this limit"),
        button=_("Take it out"),
        back=address_of("version", draft),
        done=_("The limit is out of the draft."),
        perform=perform,
        crumbs=crumbs_of(draft),
        follows=[" · ".join(part for part in (row.stage, row.applies, row.limit, row.runs_from) if part)] if row else [],
        danger=True,
    )
    return run(request, doing, DropForm, initial={"version": draft.revision})


@act
def confirm(request: HttpRequest, code: str, number: int, rule_id: int) -> HttpResponse:
    """Take the mark 待核 off a line in force."""
    policy = get_object_or_404(Policy.objects.published(), code=code, version=number)
    found = get_object_or_404(policy.rules.select_related("policy", "confirmation__by"), pk=rule_id)

    def perform(data: dict[str, Any]) -> str:
        services.confirm_rule(by=person_of(request), rule=found, note=data["note"])
        return address_of("version", policy)

    row = rule_row(found)
    doing = Act(
        name="confirm_rule",
        title=_("Confirm from the text: %(stage)s") % {"stage": row.stage},
        button=_("Confirm"),
        back=address_of("version", policy),
        done=_("Confirmed. The mark is off."),
        perform=perform,
        crumbs=crumbs_of(policy),
        intro=" · ".join([row.basis, row.limit, row.runs_from]),
        follows=[_("The line itself stays as it is; your name, the day and the note stand with it from now on.")],
    )
    return run(request, doing, ConfirmForm)

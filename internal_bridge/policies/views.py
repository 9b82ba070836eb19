"""The rules in force, for everybody who works here; versions of policies and their lines, for the system administrator."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.workdays import local_date
from internal_bridge.org.views.acts import Act, act, administrators_only, run
from internal_bridge.org.views.answers import person_of, private
from internal_bridge.policies import services
from internal_bridge.policies.forms import ConfirmForm, DayForm, DraftForm, DropForm, PublishForm, RuleForm, SettingsForm
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.permissions import can_edit_policies
from internal_bridge.policies.presenters.changes import compare
from internal_bridge.policies.presenters.rules import rule_row, validity_words
from internal_bridge.policies.presenters.tables import panels, policy_tables, sections, state_words
from internal_bridge.policies.registry import open_cases


@require_safe
@private
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule of every policy that holds on a day, today unless ``?on=`` names another, with the tests that prove it."""
    person = person_of(request)
    form = DayForm({"on": request.GET.get("on") or local_date(timezone.now())})
    found = Policy.objects.on(form.day).order_by("pk").prefetch_related("figures")
    context = {
        "sections": sections(person, "rules"),
        "form": form,
        "day": form.day,
        "panels": panels(found, proofs=True, confirm=can_edit_policies(person)),
    }
    return render(request, "policies/rules.html", context, status=400 if form.errors else 200)


@require_safe
@administrators_only
def policies(request: HttpRequest) -> HttpResponse:
    """All policies with their versions, when each holds, and how many open cases run under it."""
    tables = policy_tables(local_date(timezone.now()))
    return render(request, "policies/list.html", {"sections": sections(person_of(request), "list"), "tables": tables})


@require_safe
@administrators_only
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version with its lines; those of a draft lead to where they are changed."""
    policy = _version(request, code, number)
    state, look = state_words(policy, local_date(timezone.now()))
    [panel] = panels([policy], change=True, confirm=True)
    drafts = Policy.objects.filter(code=code, valid_from=None)
    context = {
        "panel": panel,
        "policy": policy,
        "state": state,
        "look": look,
        "cases": open_cases([policy.pk])[policy.pk],
        "draft": drafts.first(),
    }
    return render(request, "policies/version.html", context)


@act
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft as a copy of the version without an end."""
    latest = Policy.objects.published().filter(code=code, valid_to=None).first()
    if latest is None:
        raise Http404

    def perform(data: dict[str, Any]) -> str:
        draft = services.draft_policy(by=person_of(request), code=code)
        return _address("version", draft)

    doing = Act(
        name="draft_policy",
        title=_("New version of %(policy)s") % {"policy": latest.name},
        button=_("Begin the draft"),
        back=_address("version", latest),
        done=_("The draft is there. It holds for no case before it is published."),
        perform=perform,
        crumbs=_crumbs(latest),
        follows=[
            _("The draft is a copy of version %(number)d, line by line.") % {"number": latest.version},
            _("It can be changed until it is published, and discarded as long."),
            _("Cases keep the version that they run under."),
        ],
    )
    return run(request, doing, DraftForm)


@act
def settings(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a draft is called, what goes to its unit by itself, its figures."""
    draft = _draft(request, code, number)

    def perform(data: dict[str, Any]) -> str:
        figures = {name: value for name, value in data.items() if name not in ("version", "name", "auto_dispatch_kinds")}
        services.change_policy(
            by=person_of(request),
            draft=draft,
            revision=data["version"],
            name=data["name"],
            auto_dispatch_kinds=data.get("auto_dispatch_kinds", []),
            figures=figures,
        )
        return _address("version", draft)

    doing = Act(
        name="change_policy",
        title=_("Name, dispatch and figures"),
        button=_("Save"),
        back=_address("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=_crumbs(draft),
        present=lambda: {"name": Policy.objects.get(pk=draft.pk).name},
    )
    initial = {**SettingsForm.values_of(draft), "version": draft.revision}
    return run(request, doing, SettingsForm, initial=initial, policy=draft)


@act
def new_rule(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A new line of a draft."""
    draft = _draft(request, code, number)

    def perform(data: dict[str, Any]) -> str:
        services.add_rule(by=person_of(request), draft=draft, revision=data.pop("version"), **data)
        return _address("version", draft)

    doing = Act(
        name="add_rule",
        title=_("New limit"),
        button=_("Add the limit"),
        back=_address("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=_crumbs(draft),
    )
    return run(request, doing, RuleForm, initial={"version": draft.revision}, policy=draft, new=True)


@act
def rule(request: HttpRequest, code: str, number: int, rule_id: int) -> HttpResponse:
    """A line of a draft, to be changed."""
    draft = _draft(request, code, number)
    found = get_object_or_404(draft.rules.select_related("policy"), pk=rule_id)

    def perform(data: dict[str, Any]) -> str:
        services.change_rule(by=person_of(request), draft=draft, revision=data.pop("version"), rule=found, **data)
        return _address("version", draft)

    doing = Act(
        name="change_rule",
        title=_("Limit: %(stage)s") % {"stage": found.get_stage_display()},
        button=_("Save"),
        back=_address("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=_crumbs(draft),
        present=lambda: RuleForm.values_of(PolicyRule.objects.get(pk=found.pk)),
        template="policies/rule.html",
        more=lambda: {"drop": _address("rule_drop", draft, found.pk)},
    )
    initial = {**RuleForm.values_of(found), "version": draft.revision}
    return run(request, doing, RuleForm, initial=initial, policy=draft, new=False)


@act
def drop(request: HttpRequest, code: str, number: int, rule_id: int) -> HttpResponse:
    """Take a line out of a draft."""
    draft = _draft(request, code, number)
    # Sent again it has gone already, and the first answer counts.
    found = draft.rules.filter(pk=rule_id).select_related("policy").first() or PolicyRule(pk=rule_id, policy=draft)
    if request.method != "POST" and found.stage == "":
        raise Http404

    def perform(data: dict[str, Any]) -> str:
        services.drop_rule(by=person_of(request), draft=draft, revision=data["version"], rule=found)
        return _address("version", draft)

    row = rule_row(found) if found.stage else None
    doing = Act(
        name="drop_rule",
        title=_("Take out this limit"),
        button=_("Take it out"),
        back=_address("version", draft),
        done=_("The limit is out of the draft."),
        perform=perform,
        crumbs=_crumbs(draft),
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
        return _address("version", policy)

    row = rule_row(found)
    doing = Act(
        name="confirm_rule",
        title=_("Confirm from the text: %(stage)s") % {"stage": row.stage},
        button=_("Confirm"),
        back=_address("version", policy),
        done=_("Confirmed. The mark is off."),
        perform=perform,
        crumbs=_crumbs(policy),
        intro=" · ".join([row.basis, row.limit, row.runs_from]),
        follows=[_("The line itself stays as it is; your name, the day and the note stand with it from now on.")],
    )
    return run(request, doing, ConfirmForm)


@act
def publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a draft would change, and its publication. Sent twice it is published once."""
    draft = _version(request, code, number)
    if not draft.is_draft and request.method != "POST":
        raise Http404
    # Sent again there is no draft any more: what would change is not asked then.
    before = services.latest_of(code)

    def perform(data: dict[str, Any]) -> str:
        services.publish_policy(
            by=person_of(request), draft=draft, revision=data["version"], valid_from=data["valid_from"], reason=data["reason"]
        )
        return _address("version", draft)

    def more() -> dict[str, Any]:
        return {
            "draft": draft,
            "before": before,
            "before_validity": validity_words(before),
            "cases": open_cases([before.pk])[before.pk],
            "comparison": compare(before, draft, today=local_date(timezone.now())),
        }

    doing = Act(
        name="publish_policy",
        title=_("What would change"),
        button=_("Publish version %(number)d") % {"number": draft.version},
        back=_address("version", draft),
        done=_("Published. It is not changed any more; cases keep the version that they run under."),
        perform=perform,
        crumbs=_crumbs(draft),
        template="policies/publish.html",
        more=more,
    )
    return run(request, doing, PublishForm, initial={"version": draft.revision})


@act
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Throw a draft away. Sent again, it has gone already."""
    draft = Policy.objects.filter(code=code, version=number).first() or Policy(pk=0, code=code, version=number)
    if request.method != "POST" and (draft.pk == 0 or not draft.is_draft):
        raise Http404

    def perform(data: dict[str, Any]) -> str:
        services.discard_draft(by=person_of(request), draft=draft, revision=data["version"])
        return reverse("policies:list")

    doing = Act(
        name="discard_draft",
        title=_("Discard the draft"),
        button=_("Discard the draft"),
        back=_address("version", draft),
        done=_("The draft is gone."),
        perform=perform,
        crumbs=_crumbs(draft),
        follows=[_("What was changed in the draft is lost. The version in force stays as it is.")],
        danger=True,
    )
    return run(request, doing, DropForm, initial={"version": draft.revision})


def _version(request: HttpRequest, code: str, number: int) -> Policy:
    return get_object_or_404(Policy.objects.visible_to(person_of(request)), code=code, version=number)


def _draft(request: HttpRequest, code: str, number: int) -> Policy:
    """A version to be changed. One that is published is shown no form, and what is sent to it is a conflict."""
    found = _version(request, code, number)
    if not found.is_draft and request.method != "POST":
        raise Http404
    return found


def _address(name: str, policy: Policy, *more: int) -> str:
    return reverse(f"policies:{name}", args=[policy.code, policy.version, *more])


def _crumbs(policy: Policy) -> list[tuple[str, str]]:
    crumbs = [(_("Rules and limits"), reverse("policies:list"))]
    if policy.name:
        crumbs.append(
            (
                _("%(policy)s, version %(number)d") % {"policy": policy.name, "number": policy.version},
                _address("version", policy),
            )
        )
    return crumbs

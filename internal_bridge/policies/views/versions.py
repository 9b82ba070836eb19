"""What is done with a version: begun as a draft, named, looked at for what would change, published, discarded."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workdays import local_date
from internal_bridge.org.views.acts import Act, act, run
from internal_bridge.org.views.answers import person_of
from internal_bridge.policies import services
from internal_bridge.policies.forms import DraftForm, DropForm, PublishForm, SettingsForm
from internal_bridge.policies.models import Policy
from internal_bridge.policies.presenters.changes import compare
from internal_bridge.policies.presenters.rules import validity_words
from internal_bridge.policies.registry import open_cases
from internal_bridge.policies.views.shared import address_of, crumbs_of, draft_of, version_of


@act
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft as a copy of the version without an end."""
    latest = Policy.objects.published().filter(code=code, valid_to=None).first()
    if latest is None:
        raise Http404

    def perform(data: dict[str, Any]) -> str:
        draft = services.draft_policy(by=person_of(request), code=code)
        return address_of("version", draft)

    doing = Act(
        name="draft_policy",
        title=_("New version of %(policy)s") % {"policy": latest.name},
        button=_("Begin the draft"),
        back=address_of("version", latest),
        done=_("The draft is there. It holds for no case before it is published."),
        perform=perform,
        crumbs=crumbs_of(latest),
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
    draft = draft_of(request, code, number)

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
        return address_of("version", draft)

    doing = Act(
        name="change_policy",
        title=_("Name, dispatch and figures"),
        button=_("Save"),
        back=address_of("version", draft),
        done=_("Saved in the draft."),
        perform=perform,
        crumbs=crumbs_of(draft),
        present=lambda: {"name": Policy.objects.get(pk=draft.pk).name},
    )
    initial = {**SettingsForm.values_of(draft), "version": draft.revision}
    return run(request, doing, SettingsForm, initial=initial, policy=draft)


@act
def publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a draft would change, and its publication. Sent twice it is published once."""
    draft = version_of(request, code, number)
    if not draft.is_draft and request.method != "POST":
        raise Http404
    # Sent again there is no draft any more: what would change is not asked then.
    before = services.latest_of(code)

    def perform(data: dict[str, Any]) -> str:
        services.publish_policy(
            by=person_of(request), draft=draft, revision=data["version"], valid_from=data["valid_from"], reason=data["reason"]
        )
        return address_of("version", draft)

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
        back=address_of("version", draft),
        done=_("Published. It is not changed any more; cases keep the version that they run under."),
        perform=perform,
        crumbs=crumbs_of(draft),
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
        back=address_of("version", draft),
        done=_("The draft is gone."),
        perform=perform,
        crumbs=crumbs_of(draft),
        follows=[_("What was changed in the draft is lost. The version in force stays as it is.")],
        danger=True,
    )
    return run(request, doing, DropForm, initial={"version": draft.revision})

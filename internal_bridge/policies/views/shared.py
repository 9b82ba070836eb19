"""What the pages of a version share: which version is meant, its addresses, and where a page stands."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from internal_bridge.org.views.answers import person_of
from internal_bridge.policies.models import Policy


def version_of(request: HttpRequest, code: str, number: int) -> Policy:
    """A version that the caller may see. Raises ``Http404``."""
    return get_object_or_404(Policy.objects.visible_to(person_of(request)), code=code, version=number)


def draft_of(request: HttpRequest, code: str, number: int) -> Policy:
    """A version to be changed. One that is published is shown no form, and what is sent to it is a conflict."""
    found = version_of(request, code, number)
    if not found.is_draft and request.method != "POST":
        raise Http404
    return found


def address_of(name: str, policy: Policy, *more: int) -> str:
    """The page ``name`` of a version, or of one of its lines."""
    return reverse(f"policies:{name}", args=[policy.code, policy.version, *more])


def crumbs_of(policy: Policy) -> list[tuple[str, str]]:
    """The way to the page of a version."""
    crumbs = [(_("Rules and limits"), reverse("policies:list"))]
    if policy.name:
        crumbs.append(
            (
                _("%(policy)s, version %(number)d") % {"policy": policy.name, "number": policy.version},
                address_of("version", policy),
            )
        )
    return crumbs

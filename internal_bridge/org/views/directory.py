"""机构与通讯录: the list, a person, and cards to take along."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from core.audit import record_audit
from core.presenters import COUNT_CAP
from internal_bridge.org.models import Person, Unit
from internal_bridge.org.paging import page_of
from internal_bridge.org.presenters.directory import DirectoryPage, Query, listed, people_of
from internal_bridge.org.presenters.people import card_of
from internal_bridge.org.services import acting_appointment
from internal_bridge.org.vcard import cards
from internal_bridge.org.views.answers import person_of, private


@require_safe
@private
def directory(request: HttpRequest) -> HttpResponse:
    """The tree, the people of the chosen place or found by search, and the first of them."""
    viewer = person_of(request)
    own = own_unit(request)
    query = Query.of(request, own)
    page = page_of(request, listed(people_of(query, viewer), viewer))
    return render(request, "org/directory.html", {"here": DirectoryPage(viewer, query, own, page), "query": query})


@require_safe
@private
@vary_on_headers("HX-Request")
def person(request: HttpRequest, uid: str) -> HttpResponse:
    """One person; only the pane when the list asks for it."""
    viewer = person_of(request)
    people = listed(Person.objects.visible_to(viewer), viewer)
    card = card_of(get_object_or_404(people, uid=uid), viewer)
    template = "org/includes/card.html" if request.htmx else "org/person.html"  # type: ignore[attr-defined]
    return render(request, template, {"card": card})


@require_GET
@private
def export_cards(request: HttpRequest) -> HttpResponse:
    """The list that is shown as vCard, at most 1,000 people; mobiles only where the rule shows them. Each export is audited."""
    viewer = person_of(request)
    query = Query.of(request, own_unit(request))
    people = list(listed(people_of(query, viewer), viewer)[:COUNT_CAP])
    text = cards(people)
    with transaction.atomic():
        record_audit(
            action="directory.exported",
            subject=f"unit:{query.unit.code}" if query.unit else "directory",
            actor=viewer,
            params={"format": "vcard", "people": len(people)},
        )
    name = f"{_('Units and people')}.vcf"
    return HttpResponse(
        text,
        content_type="text/vcard; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )


def own_unit(request: HttpRequest) -> Unit | None:
    """The unit of the post under which the person acts, if there is one."""
    acting = acting_appointment(request)
    return acting.post.department.unit if acting else None

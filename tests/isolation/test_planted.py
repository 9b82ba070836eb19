"""The matrix is no use if it cannot fail: each kind of leak, planted, is found by it."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path

from core.presenters import Count
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.casework.views import access
from internal_bridge.desk import presenters as desk_presenters
from internal_bridge.org import permissions, querysets
from internal_bridge.org.querysets import PersonQuerySet
from internal_bridge.security import views as security_views
from tests.isolation.addresses import URLCONF, addresses
from tests.isolation.asking import differences, guesses, problems
from tests.isolation.matrix import ROWS
from tests.isolation.world import World

pytestmark = pytest.mark.django_db

FEW = frozenset({"dispatcher@b", "sysadmin@b", "ended", "superuser"})


def test_cases_that_everybody_sees_are_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, person: cases)
    assert any(
        "title of A's case is shown to dispatcher@b" in found
        for found in problems(world, "casework:list", ROWS["casework:list"], FEW)
    )
    assert any("200 instead of 404" in found for found in problems(world, "casework:detail", ROWS["casework:detail"], FEW))


def test_a_count_that_counts_the_cases_of_others_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_presenters, "case_count", lambda person: Count.of(Case.objects.all()))
    row = ROWS["casework:list"]
    assert not [found for found in problems(world, "casework:list", row, FEW) if "shown to" in found]
    assert any("tells dispatcher@b" in found for found in differences(world, "casework:list", row, FEW))


def test_a_refusal_that_admits_that_the_case_is_there_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = access.get_object_or_404

    def refused(rows: Any, **wanted: Any) -> Any:
        if Case.objects.filter(**wanted).exists() and not rows.filter(**wanted).exists():
            raise PermissionDenied
        return real(rows, **wanted)

    monkeypatch.setattr(access, "get_object_or_404", refused)
    assert any(
        "by dispatcher@b: 403, 404" in found for found in guesses(world, "casework:action", ROWS["casework:action"], FEW)
    )


def test_mobiles_for_everybody_are_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PersonQuerySet, "with_mobile_shown_to", lambda people, user: people.annotate(mobile_shown=Value(True)))
    for name in ("org:person", "org:export_cards"):
        assert any("mobile at A is shown to dispatcher@b" in found for found in problems(world, name, ROWS[name], FEW)), name


def test_a_page_that_lets_everybody_in_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_views, "can_watch_logins", lambda person: True)
    found = problems(world, "security:sessions", ROWS["security:sessions"], FEW)
    assert any("another's session is shown to sysadmin@b" in each for each in found)
    assert any("sysadmin@b gets 200 instead of 403" in each for each in found)


def test_rights_that_outlive_their_appointment_are_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "today", lambda: datetime.date(2021, 1, 1))
    assert any("ended gets 200" in found for found in problems(world, "casework:detail", ROWS["casework:detail"], FEW))


def test_a_superuser_to_whom_everything_is_open_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = permissions.roles_of
    everything = permissions.RoleSet((permissions.HeldGrant("auditor", "yls/", True),))
    monkeypatch.setattr(permissions, "roles_of", lambda user: everything if user.is_superuser else real(user))
    assert any("superuser gets 200" in found for found in problems(world, "auditing:list", ROWS["auditing:list"], FEW))


def test_a_new_address_without_a_row_is_found_out() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted = [path("new/", view, name="new"), path("deep/", include(([path("<int:pk>/", view, name="one")], "deep")))]
    names = {name for name, _route in addresses([*get_resolver(URLCONF).url_patterns, *planted])}
    assert names - set(ROWS) == {"new", "deep:one"}

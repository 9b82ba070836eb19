"""Every operation of the office's API, called with whatever its description allows and forbids, keeps to the description."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzzing import call, described, one_connection
from tests.isolation.world import World

__all__ = ["one_connection"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

schema = described("office")


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_operation_keeps_to_its_description(case: Any, world: World) -> None:
    for actor in ("sysadmin@a", "handler@a"):
        case.headers["Authorization"] = f"Bearer {world.bearers[actor]}"

        call(case)

    if "number" in (case.path_parameters or {}):
        # A number that is drawn is nobody's: what is behind it is called with one that there is, by who may.
        world_case = world.cases["a"]
        real = {"number": world_case.number, "attachment_id": world_case.attachments.get().pk}
        case.path_parameters |= {name: real[name] for name in case.path_parameters if name in real}
        case.headers["Authorization"] = f"Bearer {world.bearers['dispatcher@a']}"
        call(case)

"""A box is found by the indexes that are there for it: what others have to do costs nothing."""

import pytest
from django.db import connection
from django.utils import timezone

from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.services import NewItem, ToRole, open_items
from tests.workflow.conftest import Town, days
from tests.workflow.sources import matters

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.mark.parametrize(
    ("name", "box", "indexes"),
    [
        ("li", Box.TODO, {"work_open_of_person", "work_open_of_post", "work_open_of_role_at"}),
        ("city", Box.TODO, {"work_open_of_person", "work_open_of_post", "work_open_of_role"}),
        ("li", Box.DONE, {"work_done_by"}),
    ],
)
def test_a_box_is_found_by_its_indexes(town: Town, name: str, box: Box, indexes: set[str]) -> None:
    many = matters(town.other, 400, first=100)
    open_items(
        [NewItem(source, "handle", ToRole("inspector", town.other), days(n)) for n, source in enumerate(many)],
        at=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # So few rows fit on a page; what is asked is whether the indexes serve at all.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = WorkItem.objects.box(town[name], box).in_order_of(box)[:26].explain()

    used = {index for index in indexes if f"{index} " in plan.replace(" on ", " ").replace("\n", " ")}
    if connection.vendor == "sqlite":
        assert used == indexes, plan
        assert "SCAN workflow_workitem" not in plan
    else:
        # Among so few rows any index of the addressees is as good.
        assert "Seq Scan on workflow_workitem" not in plan

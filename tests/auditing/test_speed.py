"""What the auditor asks is answered from an index, never by going through the whole log."""

import datetime
import re

import pytest
from django.db import connection

from core.models import AuditRecord
from core.paging import page_of
from internal_bridge.auditing.filters import AuditFilter

pytestmark = [pytest.mark.django_db, pytest.mark.db]

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
MANY = 5_000


@pytest.fixture
def log(sysadmin):
    """Some thousand records, of which few fit any one filter."""
    AuditRecord.objects.bulk_create(
        [
            AuditRecord(
                at=START + datetime.timedelta(minutes=number),
                actor=sysadmin if number % 500 == 0 else None,
                login="sysadmin" if number % 500 == 0 else f"person{number}",
                action="login.succeeded" if number % 500 else "grant.given",
                subject=f"user:{number}",
                channel="page",
                address=f"10.0.{number // 250}.{number % 250}",
                post=f"单位{number} 办公室",
                leaf_hash="-",
            )
            for number in range(MANY)
        ],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_auditrecord")


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "core_audit_by_time"),
        ({"who": "person77"}, "core_audit_by_login"),
        ({"subject": "user:77"}, "core_audit_by_subject"),
        ({"address": "10.0.1.7"}, "core_audit_by_address"),
        ({"first": "2026-01-02", "last": "2026-01-02"}, "core_audit_by_time"),
        # These fit many records or few, and the database chooses between their index and that of the order.
        ({"who": "sysadmin"}, "core_audit_by_"),
        ({"group": "rights"}, "core_audit_by_"),
        ({"post": "单位77 办公室"}, "core_audit_by_"),
    ],
    ids=str,
)
def test_each_filter_is_served_by_an_index(asked, index, log):
    filtered = AuditFilter(asked, queryset=AuditRecord.objects.all())
    assert filtered.form.is_valid()

    plan = filtered.qs.order_by("-at", "-pk")[:51].explain()

    assert index in plan
    assert not re.search(r"Seq Scan on core_auditrecord|SCAN core_auditrecord(?! USING)", plan)


def test_a_page_in_the_middle_costs_what_the_first_one_costs(log, django_assert_num_queries):
    before = page_of(AuditRecord.objects.all(), by="at", size=MANY // 2).older

    with django_assert_num_queries(1):
        page = page_of(AuditRecord.objects.all(), by="at", before=before, size=50)

    assert len(page.rows) == 50

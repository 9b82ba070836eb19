"""What the office's verbs tell of units is what the portal's tests take: both are held to one story."""

import datetime

import pytest

from internal_bridge.exchange.validation import validate_data
from internal_bridge.org import services
from internal_bridge.org.models import UnitName
from tests.contract.words import story
from tests.org.sent import announced

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

FOUNDED = datetime.date(2024, 1, 1)


def test_the_story_that_the_portal_takes_is_the_story_that_the_office_tells(peer, sysadmin):
    told = story("directory")
    for _type, data in told[:3]:
        fields = {name: value for name, value in data.items() if name != "valid_from"}
        services.create_unit(by=sysadmin, valid_from=FOUNDED, **fields)
    new_name = {name: told[3][1][name] for name in ("name", "short_name")}
    services.rename_unit(by=sysadmin, code="scjg", version=1, on=datetime.date(2025, 3, 1), **new_name)
    services.merge_units(by=sysadmin, codes=["zjj2"], into="scjg", version=2, on=datetime.date(2025, 6, 1))

    sent = [(type.removesuffix(".v1"), data) for type, data in announced()]
    assert sent == told
    for type, data in sent:
        validate_data(type, 1, data)
    former = UnitName.objects.get()
    assert (former.valid_from, former.valid_to) == (FOUNDED, datetime.date(2025, 2, 28))

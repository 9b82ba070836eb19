"""What stands on the landing page before anything is written: kinds, limits, figures, the newest replies."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from core.workdays import local_date
from petitions.figures import landing_figures
from tests.petitions.letters import letter, post, visible_text
from tests.petitions.replies import publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "said"), [("", "3个工作日"), ("/en", "3 working days")])
def test_limits_stand_there_with_what_they_rest_on(client: Any, prefix: str, said: str) -> None:
    text = visible_text(client.get(f"{prefix}/petitions/").content.decode())

    assert text.count(said) >= 2
    assert ("信访工作条例" if not prefix else "Regulations on the Handling of Petitions (2022), Article 34") in text


def test_what_nobody_can_know_yet_is_a_dash_and_says_why(client: Any) -> None:
    text = visible_text(client.get("/petitions/").content.decode())

    assert "—" in text
    assert landing_figures().usual_days is None


def test_figures_count_this_months_petitions_and_answers(client: Any, peer: Any) -> None:
    post(client, letter())
    today = local_date(timezone.now())
    for answered in (today, today - datetime.timedelta(days=120)):
        publish(peer, received_on=(answered - datetime.timedelta(days=2)).isoformat(), answered_on=answered.isoformat())

    figures = landing_figures()

    assert (figures.received, figures.published) == (1, 1)
    assert figures.usual_days is not None
    assert figures.usual_days <= 2


def test_it_asks_as_often_however_much_there_is(client: Any, peer: Any, django_assert_num_queries: Any) -> None:
    publish(peer)
    client.get("/petitions/")
    with django_assert_num_queries(5):
        client.get("/petitions/")
    for _number in range(4):
        publish(peer)
    with django_assert_num_queries(5):
        client.get("/petitions/")

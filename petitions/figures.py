"""The few figures of the landing page, from what the portal itself knows: its petitions' numbers and the published replies."""

import dataclasses
import datetime
import statistics

from django.utils import timezone

from core.workdays import local_date, working_days_between
from petitions.models import Petition, PublishedReply

# So far back, and of so many answers, the usual time is looked up.
USUAL_OF = datetime.timedelta(days=90)
USUAL_OF_AT_MOST = 200


@dataclasses.dataclass(frozen=True)
class LandingFigures:
    """Of the running month up to ``as_of``; ``usual_days`` are working days, None where no answer is there to count."""

    since: datetime.date
    as_of: datetime.datetime
    received: int
    published: int
    usual_days: float | None


def landing_figures(now: datetime.datetime | None = None) -> LandingFigures:
    """What has come in and what was answered. Three queries, each on an index."""
    now = now or timezone.now()
    today = local_date(now)
    since = today.replace(day=1)
    answers = PublishedReply.objects.public()
    spans = answers.filter(answered_on__gte=today - USUAL_OF).values_list("received_on", "answered_on")[:USUAL_OF_AT_MOST]
    used = [working_days_between(received, answered) for received, answered in spans if received and answered]
    return LandingFigures(
        since=since,
        as_of=now,
        # A number begins with its day, and is indexed.
        received=Petition.objects.filter(number__gte=f"{since:%Y%m%d}").count(),
        published=answers.filter(answered_on__gte=since).count(),
        usual_days=statistics.median(used) if used else None,
    )

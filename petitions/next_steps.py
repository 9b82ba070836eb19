"""What happens next with a petition and by when, in plain words: for its page, the API's readers have codes."""

import dataclasses
import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import PetitionStatus
from petitions.enums import DeadlineStage, DeadlineState
from petitions.rules import ANSWERED, review_until
from petitions.services import OpenedPetition

# By status: what comes next, and which limit binds whoever has to do it, the nearest first.
NEXT: dict[PetitionStatus, tuple[Any, tuple[DeadlineStage, ...]]] = {
    PetitionStatus.RECEIVED: (
        gettext_lazy("The petition office reads your petition, decides whether it can be taken, and passes it to the unit."),
        (DeadlineStage.FORWARDING, DeadlineStage.ANSWER),
    ),
    PetitionStatus.ACCEPTED: (
        gettext_lazy("The petition office passes your petition to the unit that is responsible."),
        (DeadlineStage.FORWARDING, DeadlineStage.ANSWER),
    ),
    PetitionStatus.IN_PROGRESS: (
        gettext_lazy("The unit looks into it and answers here. The petition office checks the answer before you get it."),
        (DeadlineStage.ANSWER,),
    ),
    PetitionStatus.ANSWERED: (
        gettext_lazy("Read the answer on this page. If nothing more is asked for, the petition is closed."),
        (DeadlineStage.CLOSING,),
    ),
    PetitionStatus.CLOSED: (gettext_lazy("Nothing more happens by itself. The answer stays on this page."), ()),
    PetitionStatus.REFUSED: (gettext_lazy("It is not handled here. You can read the reason on this page."), ()),
    PetitionStatus.REDIRECTED: (gettext_lazy("You can read on this page which way is the right one for your matter."), ()),
    PetitionStatus.WITHDRAWN: (gettext_lazy("It is handled no further, as you asked. You can write again at any time."), ()),
}
UNMET = {DeadlineState.RUNNING, DeadlineState.OVERDUE}


@dataclasses.dataclass(frozen=True)
class NextStep:
    """A sentence, and the last day of what it promises, where there is one."""

    text: str
    due: datetime.date | None = None


def next_step(opened: OpenedPetition, deadlines: Iterable[dict[str, Any]]) -> NextStep:
    """What comes next; ``deadlines`` are the presented limits. A question or a request that waits comes before everything."""
    petition = opened.petition
    running = {one["stage"]: one["due"] for one in deadlines if one["state"] in UNMET}
    if opened.questions:
        text = _("The office waits for your answer to its question, and goes on without it if you do not answer.")
        return NextStep(text, running.get(DeadlineStage.ANSWER))
    if petition.review_sent_at and petition.status in ANSWERED:
        return NextStep(_("The petition office answers your request for a review."), running.get(DeadlineStage.REVIEW))
    text, stages = NEXT[PetitionStatus(petition.status)]
    return NextStep(str(text), next((running[stage] for stage in stages if running.get(stage)), None))


def further_steps(opened: OpenedPetition) -> list[NextStep]:
    """What may still follow, for the end of the timeline."""
    petition = opened.petition
    if petition.status in ANSWERED:
        until = review_until(petition)
        return [NextStep(_("If you do not accept the answer, you can ask for a review."), until)] if until else []
    if NEXT[PetitionStatus(petition.status)][1]:
        return [NextStep(_("The office handles your petition and answers here."))]
    return []

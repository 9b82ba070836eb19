"""States of a case (11, the table of actions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionStatus


class CaseState(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    ANSWERED = "answered", _("Answered")


# What a citizen is told of a state.
PUBLIC_STATUS = {
    CaseState.REGISTERED: PetitionStatus.RECEIVED,
    CaseState.ANSWERED: PetitionStatus.ANSWERED,
}

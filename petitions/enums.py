"""Words of the citizen's side (11: `messages[].kind`, `timeline[].event`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageKind(models.TextChoices):
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Your answer")
    REASON = "reason", _("Reason")
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")


class TimelineEvent(models.TextChoices):
    """Steps that a citizen sees, in the citizen's words."""

    SUBMITTED = "submitted", _("Submitted on the portal")
    REGISTERED = "registered", _("Arrived at the office and registered")
    ANSWERED = "answered", _("Answered")

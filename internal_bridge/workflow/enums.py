"""Kinds and states of work items, and the boxes in which people find them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """What is wanted: 办 or 阅."""

    DO = "do", _("To do")
    READ = "read", _("To read")


class ItemState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(models.TextChoices):
    """How an item ended: by the act that it asked for, because that was wanted no more, or because its sender took it back."""

    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("No longer wanted")
    TAKEN_BACK = "taken_back", _("Taken back")


class Box(models.TextChoices):
    """待办, 待阅, 已办, 已阅."""

    TODO = "todo", _("To do")
    TOREAD = "toread", _("To read")
    DONE = "done", _("Acted on")
    READ = "read", _("Read")

"""Words of the bridge."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyUse(models.TextChoices):
    SIGN = "sign", _("signature")
    SEAL = "seal", _("sealing")


class IncomingState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    APPLIED = "applied", _("applied")
    DEAD = "dead", _("dead letter")
    SKIPPED = "skipped", _("skipped")


class ReceiptKind(models.TextChoices):
    STORED = "stored", _("stored")
    APPLIED = "applied", _("applied")


class ReceiptResult(models.TextChoices):
    """What an ``applied`` receipt says: the message took effect, or two operators took it out of the way."""

    OK = "ok", _("applied")
    SKIPPED = "skipped", _("skipped")


class ReleaseAction(models.TextChoices):
    """What operators can do with a dead letter."""

    RETRY = "retry", _("Try again")
    SKIP = "skip", _("Skip")


class AlarmKind(models.TextChoices):
    """What an operator must know of."""

    FORGERY = "forgery", _("Forged or forbidden message")
    ALTERED = "altered", _("Same id with other content")
    DEAD_LETTER = "dead_letter", _("Dead letter")
    CLOCK_SKEW = "clock_skew", _("Clocks differ")
    BACKLOG = "backlog", _("Backlog over its watermark")
    DISK = "disk", _("Disk nearly full")
    PEER_SILENT = "peer_silent", _("Peer not heard of")
    NOT_TAKEN = "not_taken", _("The peer does not take a message")
    FILE = "file", _("A file does not come, or is not the one that was named")

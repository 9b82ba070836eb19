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


class ReceiptKind(models.TextChoices):
    STORED = "stored", _("stored")
    APPLIED = "applied", _("applied")

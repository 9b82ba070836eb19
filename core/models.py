"""Models that both sites have: who logs in, what has happened, which requests have been answered, who is at work."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7


class User(AbstractUser):
    """A login of one site. People, posts and grants stand in the office's directory, not here."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    display_name = models.CharField(_("full name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def get_full_name(self) -> str:
        return self.display_name or super().get_full_name() or self.username


class DomainEvent(models.Model):
    """Something that happened to one subject; timelines are drawn from these rows. Written by ``core.events`` only."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.CharField(max_length=80, help_text="'case:<uid>' and the like")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    params = models.JSONField(default=dict)
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="core_event_timeline")]

    def __str__(self) -> str:
        return f"{self.subject} {self.name}"


class IdempotencyRecord(models.Model):
    """The answer given to one idempotent request, readable only with the request's own key (core.idempotency)."""

    scope = models.CharField(max_length=120)
    key_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    response = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key_hash"], name="core_idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="core_idempotency_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key_hash[:8]}"


class Heartbeat(models.Model):
    """When something that works unseen last said that it is there; written by ``core.health`` only."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

"""Models that both sites have: who logs in, what happened, who did what, which requests are answered, who is at work."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Channel
from core.identifiers import uuid7


class User(AbstractUser):
    """A login of one site. People, posts and grants stand in the office's directory, not here."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    display_name = models.CharField(_("full name"), max_length=60, blank=True)
    must_change_password = models.BooleanField(default=False, help_text="the password was given once, by an administrator")

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


class AuditRecord(models.Model):
    """Who read or administered what, from where and under which post. Written by ``core.audit`` only."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    login = models.CharField(max_length=150, blank=True, help_text="the actor's name at the time, else as it was typed")
    post = models.CharField(max_length=160, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True, help_text="'case:<uid>' and the like")
    params = models.JSONField(default=dict)
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        # One for each question of the auditor's list, all of them newest first.
        indexes = [
            models.Index(fields=["at", "id"], name="core_audit_by_time"),
            models.Index(fields=["actor", "at", "id"], name="core_audit_by_actor"),
            models.Index(fields=["login", "at", "id"], name="core_audit_by_login"),
            models.Index(fields=["action", "at", "id"], name="core_audit_by_action"),
            models.Index(fields=["subject", "at", "id"], name="core_audit_by_subject"),
            models.Index(fields=["address", "at", "id"], name="core_audit_by_address"),
            # By its beginning, the unit: that needs an index of its own kind on PostgreSQL.
            models.Index(
                fields=["post", "at", "id"],
                name="core_audit_by_post",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "int8_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.login} {self.action} {self.subject}"


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


class Lockout(models.Model):
    """Wrong passwords for one login from one network, and until when it is locked there. Written by ``core.lockout`` only."""

    login_hash = models.CharField(max_length=64, help_text="HMAC of the login as typed: somebody may have typed a password")
    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="+", help_text="whose login it is, if anybody's"
    )
    network = models.CharField(max_length=50, blank=True, help_text="a /24 or /64")
    failures = models.PositiveSmallIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=0, help_text="how often it has been locked, for the next one's length")
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["login_hash", "network"], name="core_lockout_once")]
        indexes = [
            models.Index(fields=["locked_until"], condition=models.Q(locked_until__isnull=False), name="core_lockout_active"),
            models.Index(fields=["last_at"], name="core_lockout_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.login_hash[:8]} {self.network}"


class ApiToken(models.Model):
    """A secret that stands for its person towards the API. Written by ``core.tokens`` only."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True, help_text="from where it was last used, or asked for")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="core_token_ends"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="core_token_age")]

    def __str__(self) -> str:
        return f"{self.pk} {self.user}"

"""The bridge's records: who may exchange, what went out, what came in, and the receipts that prove it.

A message belongs to one stream (sender, recipient, name), in which its ``seq`` has no gaps and its ``prevhash`` names the
payload before it. Payloads are kept exactly as they were signed.
"""

from django.db import models

from core.models import User
from internal_bridge.exchange.enums import AlarmKind, IncomingState, KeyUse, ReceiptKind, ReleaseAction
from internal_bridge.exchange.jws import Signed


class Party(models.Model):
    """Somebody who exchanges: this site, its peer, tomorrow another city's office."""

    code = models.SlugField(max_length=32, unique=True)
    may_send = models.JSONField(default=list, help_text="message types that are accepted from it, without version")
    last_contact_at = models.DateTimeField(null=True)
    clock_skew = models.FloatField(null=True, help_text="seconds by which its clock is ahead of ours, as last seen")

    def __str__(self) -> str:
        return self.code


class PartyKey(models.Model):
    """A public key of a party, with the interval in which it counts. Private halves are never in the database."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=80, unique=True)
    use = models.CharField(max_length=8, choices=KeyUse)
    public_key = models.BinaryField(max_length=32, help_text="raw Ed25519 or X25519 public key")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(use__in=KeyUse.values), name="exchange_key_use_known")]

    def __str__(self) -> str:
        return self.kid


class OutgoingStream(models.Model):
    """The counter of a stream that this site writes, and the lease of whoever is delivering it."""

    recipient = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField(default=0, help_text="the last number given out")
    head_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the last payload")
    acked_seq = models.PositiveBigIntegerField(default=0, help_text="up to here the peer has stored everything")
    lease_holder = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    leased_seq = models.PositiveBigIntegerField(default=0, help_text="up to here the holder has it; the lease ends there")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "name"], name="exchange_outgoing_stream_once")]
        indexes = [
            models.Index(
                fields=["recipient", "id"],
                condition=models.Q(acked_seq__lt=models.F("seq")),
                name="exchange_stream_backlog",
            )
        ]

    def __str__(self) -> str:
        return f"→ {self.recipient} {self.name}"


class OutgoingMessage(models.Model):
    """A signed message of this site, written in the transaction of the business that it reports."""

    stream = models.ForeignKey(OutgoingStream, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveBigIntegerField()
    message_id = models.UUIDField(unique=True)
    type = models.CharField(max_length=80)
    payload = models.BinaryField()
    payload_hash = models.CharField(max_length=64)
    signatures = models.JSONField()
    created_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True, help_text="the peer's signed word that it has the message")
    applied_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True, help_text="when the payload was deleted; id, hash and receipts stay")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="exchange_outgoing_seq_once")]
        indexes = [
            models.Index(
                fields=["stream", "seq"], condition=models.Q(stored_at__isnull=True), name="exchange_outgoing_unstored"
            ),
            models.Index(
                fields=["type", "applied_at"],
                condition=models.Q(purged_at__isnull=True, applied_at__isnull=False),
                name="exchange_outgoing_unpurged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def signed(self) -> Signed:
        return Signed(payload=bytes(self.payload), signatures=self.signatures)


class IncomingStream(models.Model):
    """How far a stream of a peer has been applied here."""

    sender = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    applied_seq = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "name"], name="exchange_incoming_stream_once")]

    def __str__(self) -> str:
        return f"{self.sender} → {self.name}"


class IncomingMessage(models.Model):
    """A message of a peer whose signature was right; applied in order, once."""

    stream = models.ForeignKey(IncomingStream, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveBigIntegerField()
    sender = models.CharField(max_length=32)
    message_id = models.UUIDField()
    type = models.CharField(max_length=80)
    payload = models.BinaryField()
    payload_hash = models.CharField(max_length=64)
    signatures = models.JSONField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=IncomingState, default=IncomingState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True, help_text="class of the last error, never its text")
    purged_at = models.DateTimeField(null=True, help_text="when the payload was deleted; id, hash and receipts stay")
    missing_files = models.JSONField(default=list, help_text="digests of files that it waits for")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "message_id"], name="exchange_incoming_id_once"),
            models.UniqueConstraint(fields=["stream", "seq"], name="exchange_incoming_seq_once"),
            models.CheckConstraint(condition=models.Q(state__in=IncomingState.values), name="exchange_incoming_state_known"),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="exchange_incoming_waiting"),
            models.Index(fields=["received_at"], condition=models.Q(state="dead"), name="exchange_incoming_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def signed(self) -> Signed:
        return Signed(payload=bytes(self.payload), signatures=self.signatures)


class Receipt(models.Model):
    """Signed bytes that say a message was stored or applied: made here for a peer, or by a peer for us; both are kept."""

    message_sender = models.CharField(max_length=32)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=ReceiptKind)
    by = models.CharField(max_length=32, help_text="the party that signed it")
    body = models.BinaryField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, help_text="own receipts: when the sender had them")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_sender", "message_id", "kind"], name="exchange_receipt_once")]
        indexes = [
            models.Index(
                fields=["message_sender", "kind", "id"],
                condition=models.Q(delivered_at__isnull=True),
                name="exchange_receipt_undelivered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class StoredFile(models.Model):
    """A file's ciphertext, stored under and named by its SHA-256; which message it belongs to only its recipient knows."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="bytes of ciphertext")
    stored_at = models.DateTimeField(help_text="when all of it was here")
    fetched_at = models.DateTimeField(null=True, help_text="when the peer had all of it")
    purged_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest


class Alarm(models.Model):
    """Something that an operator must know of; raised once, counted while it lasts. Holds no content of messages."""

    kind = models.CharField(max_length=16, choices=AlarmKind)
    subject = models.CharField(max_length=120, help_text="a message id, stream, party or key id")
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="why it was cleared")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(cleared_at__isnull=True), name="exchange_alarm_open_once"
            )
        ]
        indexes = [models.Index(fields=["-last_at"], name="exchange_alarm_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Release(models.Model):
    """What operators decided about a dead letter: one may retry it, two together may skip it, each with the reason.

    A proposal to skip is open until somebody else confirms it or anybody takes it back.
    """

    message = models.ForeignKey(IncomingMessage, on_delete=models.PROTECT, related_name="releases")
    action = models.CharField(max_length=8, choices=ReleaseAction)
    reason = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                condition=models.Q(action="skip", confirmed_at__isnull=True, declined_at__isnull=True),
                name="exchange_skip_proposed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="exchange_release_by_two",
            ),
        ]
        # Asked for by name (permissions.py). Where a directory has a rule of this name, that rule alone answers.
        permissions = [("operate_bridge", "Can operate the bridge: release its dead letters")]

    def __str__(self) -> str:
        return f"{self.action} {self.message}"

    @property
    def is_open(self) -> bool:
        """Whether it is a proposal that nobody has confirmed or taken back."""
        return self.action == ReleaseAction.SKIP and self.confirmed_at is None and self.declined_at is None


class UsedNonce(models.Model):
    """A challenge that has been answered: it counts once."""

    nonce = models.CharField(max_length=120, unique=True)
    used_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.nonce

"""Notices to petitioners: that there is news, never what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internal_bridge.casework.enums import NoticeChannel, NoticeState
from internal_bridge.casework.models.case import Case


class Notice(models.Model):
    """One notice of one event by one way. Neither number nor address stands here: they are opened when it is sent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    seq = models.PositiveBigIntegerField(help_text="of the case.status that told the event")
    event = models.CharField(_("event"), max_length=32)
    answer = models.PositiveSmallIntegerField(null=True, help_text="the answer that can be rated")
    channel = models.CharField(max_length=8, choices=NoticeChannel)
    state = models.CharField(_("state"), max_length=12, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="not tried before; while it is sent: after this nobody knows what became of it")
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=64, blank=True, help_text="a code of the gateway, never its words")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq", "channel"], name="petitioner_notice_once"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="petitioner_notice_state_known"),
            models.CheckConstraint(condition=Q(channel__in=NoticeChannel.values), name="petitioner_notice_channel_known"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=[NoticeState.WAITING, NoticeState.SENDING]),
                name="petitioner_notice_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.event} {self.channel}"

"""What people keep of the queue: views of their own, and what they had done to many cases at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.idempotency import new_key
from core.identifiers import uuid7
from core.models import User
from internal_bridge.casework.enums import BulkAction, BulkResult, BulkState
from internal_bridge.casework.models.case import Case


class SavedView(models.Model):
    """A filter that somebody has given a name. Only its owner sees it; deleted ones stay until they may no more be undone."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=20)
    query = models.CharField(max_length=1_000, help_text="view, filters and order, as they stand in an address")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(deleted_at=None), name="case_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One action on many cases. The rows of its outcomes say what is left to do: a worker that ends loses nothing."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    action = models.CharField(max_length=16, choices=BulkAction)
    fields = models.JSONField(default=dict, help_text="what was filled in")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=160, blank=True, help_text="the post under which it was asked for")
    language = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=BulkState, default=BulkState.WAITING)
    key = models.CharField(max_length=40, default=new_key, help_text="what the keys of its single actions begin with")
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="when its worker was last heard of")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=BulkAction.values), name="case_bulk_action_known"),
            models.CheckConstraint(condition=Q(state__in=BulkState.values), name="case_bulk_state_known"),
            models.CheckConstraint(
                condition=Q(state=BulkState.DONE) ^ Q(finished_at__isnull=True), name="case_bulk_done_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["moved_at"], condition=~Q(state=BulkState.DONE), name="case_bulk_unfinished"),
            models.Index(fields=["by", "-id"], name="case_bulk_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"bulk:{self.uid}"


class BulkOutcome(models.Model):
    """One case of a run: the version that the person saw, and what became of it."""

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="outcomes")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(help_text="of the case, as it was seen")
    result = models.CharField(max_length=8, choices=BulkResult, default=BulkResult.PENDING)
    reason = models.CharField(max_length=300, blank=True, help_text="why not, in the words of the run's language")
    # The work item that was taken, so that it can be given back.
    item = models.UUIDField(null=True, default=None)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="case_bulk_case_once"),
            models.CheckConstraint(condition=Q(result__in=BulkResult.values), name="case_bulk_result_known"),
        ]
        indexes = [models.Index(fields=["run", "result", "id"], name="case_bulk_left")]

    def __str__(self) -> str:
        return f"{self.run} {self.case_id} {self.result}"

    def item_key(self) -> str:
        """The idempotency key of this case's action: a repeat by another worker changes nothing twice."""
        return f"{self.run.key}-{self.pk}"

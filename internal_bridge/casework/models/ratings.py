"""What petitioners think of their answers. Nobody of the office writes here: a rating comes over the bridge or not at all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internal_bridge.casework.enums import RatedBy
from internal_bridge.casework.models.words import CaseReply


class RatingOffer(models.Model):
    """The link by which an answer is rated: its secret is under the case's own data key."""

    reply = models.OneToOneField(CaseReply, on_delete=models.PROTECT, related_name="rating_offer")
    box = models.BinaryField(help_text="the token; AES-256-GCM under the case's data key")
    offered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reply}"


class Rating(models.Model):
    """An answer's rating, the first that came: 1 to 5, and words. Each round of a case has an answer of its own."""

    reply = models.OneToOneField(CaseReply, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    by = models.CharField(max_length=8, choices=RatedBy)
    at = models.DateTimeField(_("rated at"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="case_rating_score_known"),
            models.CheckConstraint(condition=Q(by__in=RatedBy.values), name="case_rating_by_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.score}"

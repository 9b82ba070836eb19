"""Who must not know of a case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from internal_bridge.casework.models.case import Case
from internal_bridge.casework.querysets import CaseExclusionQuerySet


class CaseExclusion(models.Model):
    """A unit with all below it, a person, or everybody of a name is kept out of a case (信访工作条例 2022 §30: the accused).

    Exactly one of the three is set. It counts until it is lifted; rows stay.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    person = models.ForeignKey("org.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    person_name = models.CharField(_("everybody of the name"), max_length=60, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: the petition")
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CaseExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(unit__isnull=False, person=None, person_name="")
                    | Q(unit=None, person__isnull=False, person_name="")
                    | (Q(unit=None, person=None) & ~Q(person_name=""))
                ),
                name="case_exclusion_of_one",
            ),
            models.UniqueConstraint(fields=["case", "unit"], condition=Q(lifted_at=None), name="case_exclusion_unit_once"),
            models.UniqueConstraint(fields=["case", "person"], condition=Q(lifted_at=None), name="case_exclusion_person_once"),
        ]
        indexes = [
            models.Index(fields=["case", "unit"], condition=Q(lifted_at=None), name="case_exclusion_counting"),
            models.Index(fields=["unit", "case"], condition=Q(lifted_at=None), name="case_exclusion_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case} ≠ {self.unit or self.person or self.person_name}"

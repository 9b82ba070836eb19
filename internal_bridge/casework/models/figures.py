"""Which days' figures the portal has been told."""

from django.db import models


class ToldDay(models.Model):
    """The figures of one day as they were told last: told again only when they have become others."""

    date = models.DateField(unique=True)
    digest = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.date}"

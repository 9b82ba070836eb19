"""Kinds of columns and articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ColumnKind(models.TextChoices):
    """What a column is for (the ColumnType of a government site); it also decides which main navigation item is current."""

    NEWS = "news", _("News")
    DISCLOSURE = "disclosure", _("Government information")
    SERVICE = "service", _("Services")
    INTERACTION = "interaction", _("Interaction")
    TOPIC = "topic", _("Topics")


class ArticleKind(models.TextChoices):
    """What an article is; one page type for all of them, so that every list is one query."""

    NEWS = "news", _("News")
    NOTICE = "notice", _("Notice")
    POLICY = "policy", _("Policy document")
    INTERPRETATION = "interpretation", _("Policy interpretation")
    GUIDE = "guide", _("Service guide")
    DISCLOSURE = "disclosure", _("Statutory disclosure")
    FEEDBACK = "feedback", _("Public comment and response")
    FEATURE = "feature", _("Feature")


class Scene(models.TextChoices):
    """Drawings of the city that stand in where a story has no photograph."""

    RIVER = "river", _("The river and its greenway")
    BRIDGE = "bridge", _("The old bridge")
    HALL = "hall", _("The service hall")
    TERRACE = "terrace", _("Terraced fields")

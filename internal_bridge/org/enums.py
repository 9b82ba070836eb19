"""Kinds of units, roles, and the states of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """In the order in which the directory lists them."""

    CITY = "city", _("City")
    LEADING_OFFICE = "leading_office", _("Leading office")
    PARTY_ORGAN = "party_organ", _("Party organ")
    GOVERNMENT_DEPARTMENT = "government_department", _("Government department")
    VERTICAL_AGENCY = "vertical_agency", _("Vertically managed agency")
    INSTITUTION = "institution", _("Public institution")
    MASS_ORGANISATION = "mass_organisation", _("Mass organisation")
    JUDICIAL = "judicial", _("Court or procuratorate")
    COUNTY = "county", _("District or county")
    DEVELOPMENT_ZONE = "development_zone", _("Development zone")
    TOWNSHIP = "township", _("Township or subdistrict")
    ENTERPRISE = "enterprise", _("State-owned enterprise")


class Role(models.TextChoices):
    """What a grant lets a person do; where, the grant's unit says."""

    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler")
    HEAD = "head", _("Head of a unit")
    INSPECTOR = "inspector", _("Inspector")
    LEADER = "leader", _("City leader")
    SECRETARY = "secretary", _("Secretary")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


# Nobody holds two of these at once: GB/T 22239-2019, 8.1.5 (system, security and audit management apart).
SEPARATED_ROLES = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# Whose grant over a unit makes them superiors of its people.
SUPERIOR_ROLES = frozenset({Role.HEAD, Role.LEADER})


class ImportKind(models.TextChoices):
    UNITS = "units", _("Units")
    POSTS = "posts", _("Posts")
    PEOPLE = "people", _("People")


class ImportMode(models.TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("All lines or none")
    VALID_LINES = "valid_lines", _("The valid lines only")


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being applied")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")

"""Templates of notes and replies are kept."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.idempotency import once
from core.models import User
from internal_bridge.casework.life.act import StaleVersion
from internal_bridge.casework.models import ReplyTemplate
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of, units_of
from internal_bridge.org.services import find_unit

__all__ = ["can_keep_templates", "keep_template", "template_units"]


def can_keep_templates(person: User) -> bool:
    """Dispatchers of the city, and heads for their own unit."""
    return bool(template_units(person))


def template_units(person: User) -> list[tuple[str, str]]:
    """Code and name of each unit whose templates ``person`` keeps; an empty code: of every unit."""
    every = [("", _("Every unit"))] if roles_of(person).covers_city(Role.DISPATCHER) else []
    heads = units_of(person, Role.HEAD).order_by("path") if Role.HEAD in roles_of(person).roles else []
    return every + [(unit.code, unit.short_name) for unit in heads]


def keep_template(
    *,
    person: User,
    template_id: int | None,
    version: int,
    key: str | None,
    purpose: str,
    kind: str,
    unit: str,
    title: str,
    text: str,
    active: bool,
) -> ReplyTemplate:
    """A new template, or other words for one. Raises ``PermissionDenied``, ``ReplyTemplate.DoesNotExist``, ``StaleVersion``,
    ``InvalidKey`` and ``KeyReused``."""
    own = dict(template_units(person))
    if unit not in own:
        raise PermissionDenied
    values = {"purpose": purpose, "kind": kind, "title": title, "text": text, "active": active}

    def effect(_prepared: None) -> dict[str, int]:
        row = ReplyTemplate(version=0)
        if template_id is not None:
            row = ReplyTemplate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=template_id)
            if (row.unit.code if row.unit else "") not in own:
                raise PermissionDenied
        if row.version != version:
            raise StaleVersion(row.version)
        for name, value in values.items():
            setattr(row, name, value)
        row.unit = find_unit(unit)
        row.version += 1
        row.save()
        params = {"template": row.pk, "unit": unit, "active": active}
        record_audit(action="case.template_kept", subject=f"template:{row.pk}", actor=person, params=params)
        return {"template": row.pk}

    scope = f"user:{person.uid} casework.template:{template_id or 'new'}"
    answer = once(
        scope=scope, key=key, fields={**values, "unit": unit, "version": version}, prepare=lambda: None, effect=effect
    )
    return ReplyTemplate.objects.get(pk=answer["template"])

"""What the OpenAPI documents tell of."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

OWN_PREFIXES = ("/api/v1/", "/exchange/v1/")


def own_endpoints(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Keep the operations of our own contracts; the CMS's internal API is nobody's to build on."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OWN_PREFIXES)]


class StrictSerializerExtension(OpenApiSerializerExtension):
    """A body that takes no unknown fields says so."""

    target_class = "core.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}

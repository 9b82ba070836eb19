"""What the OpenAPI documents tell of."""

from typing import Any

OWN_PREFIXES = ("/api/v1/", "/exchange/v1/")


def own_endpoints(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Keep the operations of our own contracts; the CMS's internal API is nobody's to build on."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OWN_PREFIXES)]

"""Every address of the office, by walking the resolver, and every operation of its OpenAPI document."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

URLCONF = "config.urls.office"


def addresses(patterns: Iterable[Any] | None = None, route: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every pattern; one that has no name goes by its route."""
    for pattern in get_resolver(URLCONF).url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else here), here


def described_path(route: str) -> str:
    """A route as an OpenAPI document writes it: /api/v1/cases/{number}/."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def operations() -> Iterator[tuple[str, str]]:
    """(method, path) of every operation that the document describes."""
    schema = SchemaGenerator(urlconf=URLCONF).get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for method in methods:
            yield method, path

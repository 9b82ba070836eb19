"""What the APIs promise is committed, complete, and what they serve.

The committed documents are made anew with the commands that ``COMMANDS`` names.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

DOCUMENTS = Path(__file__).resolve().parents[2] / "docs" / "api"
# By name of the document: the party that serves it, and its addresses.
SERVED = {
    "portal": ("portal", "config.urls.portal"),
    "exchange": ("portal", "config.urls.exchange"),
    "office": ("office", "config.urls.office"),
}
COMMANDS = {
    name: f"./manage.py {party} spectacular --lang en --validate --fail-on-warn --urlconf {urls} --file docs/api/{name}.yaml"
    for name, (party, urls) in SERVED.items()
}
OURS = [name for name, (party, _urls) in SERVED.items() if party == settings.EXCHANGE_PARTY]
OWN_PREFIXES = ("api/v1/", "exchange/v1/")


@pytest.mark.parametrize("name", OURS)
def test_the_committed_document_is_what_the_code_says(name, tmp_path):
    made = tmp_path / "made.yaml"
    # In English, the language of the ids, so that no catalogue decides; a warning of drf-spectacular's fails.
    call_command("spectacular", lang="en", validate=True, fail_on_warn=True, urlconf=SERVED[name][1], file=str(made))

    committed = (DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8")
    assert committed == made.read_text(encoding="utf-8"), f"the API has changed; make its document anew:\n{COMMANDS[name]}"


@pytest.mark.parametrize("name", OURS)
def test_the_document_names_every_address_of_ours(name):
    document = read(name)

    served = {address for address in addresses(get_resolver(SERVED[name][1])) if address.startswith(OWN_PREFIXES)}
    described = {path.lstrip("/").replace("{", "<").replace("}", ">") for path in document["paths"]}
    assert {address.replace("<str:", "<") for address in served} - {"api/v1/schema/"} == described


@pytest.mark.parametrize("name", OURS)
def test_every_operation_says_how_it_refuses(name):
    """Errors have one shape; the bridge's own operations tell their peer a status only."""
    operations = [
        (path, method, operation)
        for path, methods in read(name)["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/")
    ]
    for path, method, operation in operations:
        refusals = {status: answer["content"] for status, answer in operation["responses"].items() if status >= "400"}
        assert refusals, (path, method)
        for content in refusals.values():
            assert list(content) == ["application/problem+json"]
        assert operation["operationId"]
        assert operation["description"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.django_db
def test_each_site_serves_its_document(client, language):
    response = client.get("/api/v1/schema/", headers={"accept-language": language})

    assert response.status_code == 200
    assert set(yaml.safe_load(response.content)["paths"]) == set(read(settings.EXCHANGE_PARTY)["paths"])


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"))


def addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    """The routes below a resolver, as they are written."""
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        found += [route] if isinstance(entry, URLPattern) else addresses(entry, route)
    return found

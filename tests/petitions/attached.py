"""Letters with files for tests: sent to the API or by the form, and what lies on the disk afterwards."""

import json
import re
from pathlib import Path
from typing import Any

from django.test import Client

from tests.petitions.letters import API, FORM, form_of, letter

NAME = "夜间施工-韦国强.jpg"


def here(folder: Path) -> list[Path]:
    """What lies in the files' folder, finished or not."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def send(client: Client, *attached: Any, key: str | None = None, **changes: Any) -> Any:
    """A letter with files to the API."""
    headers = {"accept-language": "zh-hans"} | ({"idempotency-key": key} if key else {})
    parts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in letter(**changes).items()}
    return client.post(API, parts | {"attachments": list(attached)}, headers=headers)


def fill_in(client: Client, *attached: Any, **changes: Any) -> Any:
    """The form with files, as a browser sends it."""
    fields = form_of(letter(), **changes)
    return client.post(FORM, fields | {"attachments": list(attached)})


def kept_fields(html: str) -> dict[str, list[str]]:
    """The hidden fields and the check boxes of the files that a form shown again has kept."""
    return {
        "attachments-kept": re.findall(r'name="attachments-kept" value="([^"]+)"', html),
        "boxes": re.findall(r'name="attachments-removed" value="([^"]+)"', html),
    }

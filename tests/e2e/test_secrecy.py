"""A stolen portal discloses nobody: neither plain text nor the office's key is anywhere on its side."""

import uuid
from pathlib import Path

import httpx

from tests.e2e.conftest import shipped_files

PLANTED = {
    "title": "蓝色三轮车占道卖榴莲",
    "body": "天天在向阳街口占道，说也不听。老板姓氏少见，是仉老板。",
    "place": "向阳街九十九号门口",
    "name": "仉不识",
    "phone": "13100009876",
    "email": "zhang.bushi@example.cn",
}


def test_nothing_plain_and_no_private_key_on_the_portals_side(stack):
    answer = httpx.post(
        f"{stack.url('portal')}/api/v1/petitions/",
        json={"kind": "complaint", "withhold_identity": True, "allow_publication": False, **PLANTED},
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    assert answer.status_code == 201, answer.text
    code = answer.json()["receipt_code"]
    secrets = [*PLANTED.values(), code, code.replace("-", "")]
    keys = [path.read_bytes() for path in (stack.data_dir / "office" / "keys").glob("*") if path.suffix != ".pub"]

    for path in [*shipped_files(stack.data_dir / "portal"), *shipped_files(stack.data_dir / "valkey")]:
        content = path.read_bytes()
        found = [secret for secret in secrets if secret.encode() in content or escaped(secret) in content]
        assert found == [], path
        assert not any(key.strip() in content for key in keys), path


def test_neither_sites_processes_are_told_where_the_other_lives(stack):
    folders = {site: str(stack.data_dir / site) for site in ("portal", "office")}
    for name, child in stack.children.items():
        own = name.split("-")[0]
        environment = Path(f"/proc/{child.process.pid}/environ").read_bytes().decode()
        for site, folder in folders.items():
            if site != own:
                assert folder not in environment, name


def escaped(text: str) -> bytes:
    r"""As JSON writes it with ``\uXXXX``."""
    return text.encode("unicode_escape")

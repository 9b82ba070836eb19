"""A stolen portal discloses nobody (03, row 15): plain text is nowhere on its side, nor is the office's key."""

import re
import uuid
from pathlib import Path
from typing import Any

import httpx

from tests.faults.line import arm, hidden, rows, until

PLANTED = {
    "title": "蓝色三轮车占道卖榴莲",
    "body": "天天在向阳街口占道，说也不听。老板姓氏少见，是仉老板。",
    "place": "向阳街九十九号门口",
    "name": "仉不识",
    "phone": "13100009876",
    "email": "zhang.bushi@example.cn",
}
FILE_NAME = "榴莲摊照片说明.txt"
# Larger than what Django keeps in memory: it would go to a temporary file in clear.
FILE_TEXT = "向阳街口早上七点的样子，三轮车挡住盲道。" * 60_000


def test_nothing_plain_and_no_private_key_on_the_portals_side(stack, reached):
    secrets = [*PLANTED.values(), FILE_NAME, FILE_NAME.removesuffix(".txt"), FILE_TEXT[:20]]
    secrets += by_api(stack)
    secrets += by_form(stack)
    with_an_error(stack)

    keys = [path.read_bytes().strip() for path in (stack.data_dir / "office" / "keys").glob("*") if path.is_file()]
    searched = 0
    for folder in ("portal", "valkey"):
        for path in (path for path in (stack.data_dir / folder).rglob("*") if path.is_file()):
            content = path.read_bytes()
            found = [secret for secret in secrets if any(form in content for form in written(secret))]
            assert found == [], path
            assert not any(key in content for key in keys), path
            searched += 1
    assert searched > 20
    reached(
        f"{searched} files on the portal's side (database, WAL, files, spool, broker, logs) hold none of {len(secrets)} secrets"
    )


def test_neither_sites_processes_are_told_where_the_other_lives(stack):
    folders = {site: str(stack.data_dir / site) for site in ("portal", "office")}
    for name, child in stack.children.items():
        own = name.split("-")[0]
        environment = Path(f"/proc/{child.process.pid}/environ").read_bytes().decode()
        for site, folder in folders.items():
            if site != own:
                assert folder not in environment, name


def by_api(stack: Any) -> list[str]:
    """Send the planted petition with its file and read it again; returns the receipt code as it may be written."""
    address = f"{stack.url('portal')}/api/v1/petitions/"
    fields = {"kind": "complaint", "withhold_identity": "true", "allow_publication": "false", **PLANTED}
    files = [("attachments", (FILE_NAME, FILE_TEXT.encode(), "text/plain"))]
    answer = httpx.post(address, data=fields, files=files, headers={"Idempotency-Key": uuid.uuid4().hex}, timeout=60)
    assert answer.status_code == 201, answer.text
    number, code = answer.json()["number"], answer.json()["receipt_code"]
    opened = httpx.get(f"{address}{number}/", headers={"X-Receipt-Code": code})
    assert opened.json()["body"] == PLANTED["body"]
    query = f"SELECT 1 FROM casework_case WHERE number = '{number}'"
    until(lambda: rows(stack, "office", query))
    return [code, code.replace("-", "")]


def by_form(stack: Any) -> list[str]:
    """Fill the form wrongly, see it again with the file kept, then rightly; returns the receipt code as it may be written."""
    portal = httpx.Client(base_url=stack.url("portal"), timeout=60)
    page = portal.get("/petitions/new/").text
    fields = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "idempotency_key")}
    fields |= {"kind": "complaint", "consent": "on", **PLANTED}
    headers = {"Referer": stack.url("portal")}
    files = {"attachments": (FILE_NAME, FILE_TEXT.encode(), "text/plain")}
    again = portal.post("/petitions/new/", data=fields | {"phone": ""}, files=files, headers=headers)
    assert again.status_code == 400
    assert FILE_NAME in again.text
    receipt = portal.post("/petitions/new/", data=fields, headers=headers)
    assert receipt.status_code == 201, receipt.text
    code = re.search(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}", receipt.text)[0]
    return [code, code.replace("-", "")]


def with_an_error(stack: Any) -> None:
    """Send it to a portal that fails in the middle, so that there is an error report."""
    arm(stack, "portal-web", points=[["petitions.services:submit_petition", "before", "raise"]])
    stack.wait_ready(sites=("portal",))
    fields = {"kind": "complaint", "withhold_identity": True, "allow_publication": False, **PLANTED}
    answer = httpx.post(f"{stack.url('portal')}/api/v1/petitions/", json=fields, timeout=20)
    assert answer.status_code == 500
    log = (stack.data_dir / "portal" / "logs" / "web.log").read_text()
    assert "injected" in log


def written(text: str) -> list[bytes]:
    r"""As UTF-8, as JSON writes it with ``\uXXXX``, and as UTF-16 as a spool might."""
    return [text.encode(), text.encode("unicode_escape"), text.encode("utf-16-le")]

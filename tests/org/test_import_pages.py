"""Imports and exports in the browser: a file comes, is checked with progress, is shown line by line, and applied or left."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.idempotency import new_key
from core.models import AuditRecord
from internal_bridge.org.enums import ImportState
from internal_bridge.org.imports import apply_import, check_import
from internal_bridge.org.models import ImportRun, Unit
from tests.exchange.peers import Peer
from tests.org.town import make_administrator, make_unit

pytestmark = pytest.mark.django_db

HEADING = "code,name,short_name,parent,kind,duties,accepts_petitions\n"
GOOD = "slj,云岭市水利局,市水利局,yls,government_department,河道治理,true\n"
BAD = "x,坏单位,坏,yls,no_such_kind,,true\n"
ADDRESS = "/administration/imports/"


@pytest.fixture
def office(peer: Peer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_administrator(make_unit("yls", "云岭市")))
    return client


def upload(client: Client, text: str, mode: str = "all_or_nothing", **changes: Any) -> Any:
    file = SimpleUploadedFile("units.csv", text.encode(), content_type="text/csv")
    fields = {"idempotency_key": new_key(), "kind": "units", "mode": mode, "file": file}
    return client.post(ADDRESS, {**fields, **changes})


def page_of(client: Client, run: ImportRun, **headers: str) -> Any:
    return client.get(f"{ADDRESS}{run.uid}/", headers=headers)


def test_a_good_file_is_checked_and_applied(office: Client) -> None:
    answer = upload(office, HEADING + GOOD)
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.url) == (303, f"{ADDRESS}{run.uid}/")
    waiting = page_of(office, run).content.decode()
    assert "data-progress" in waiting
    part = page_of(office, run, **{"HX-Request": "true"})
    assert "<progress" in part.content.decode()
    assert "X-Done" not in part

    check_import(run)
    assert page_of(office, run, **{"HX-Request": "true"})["X-Done"] == "1"
    html = page_of(office, run).content.decode()
    assert "将写入 1 行" in html
    assert not Unit.objects.filter(code="slj").exists()
    applied = office.post(f"{ADDRESS}{run.uid}/apply/", {"idempotency_key": new_key(), "mode": "all_or_nothing"})
    assert applied.status_code == 303
    run.refresh_from_db()
    apply_import(run)
    assert Unit.objects.get(code="slj").short_name == "市水利局"
    assert "已导入" in page_of(office, run).content.decode()
    again = office.post(f"{ADDRESS}{run.uid}/apply/", {"idempotency_key": new_key(), "mode": "all_or_nothing"})
    assert again.status_code == 409
    assert "units.csv" in office.get(ADDRESS).content.decode()


@pytest.mark.parametrize(("mode", "may"), [("all_or_nothing", False), ("valid_lines", True)])
def test_bad_lines_are_named_and_applied_only_by_choice(office: Client, mode: str, may: bool) -> None:
    upload(office, HEADING + GOOD + BAD, mode)
    run = check_import(ImportRun.objects.get())
    html = page_of(office, run).content.decode()
    assert "<td>3</td>" in html
    assert '<td class="zq-mono">kind</td>' in html
    assert "没有这种单位类别" in html or "类别" in html
    assert ("跳过其余" in html) is may
    answer = office.post(f"{ADDRESS}{run.uid}/apply/", {"idempotency_key": new_key(), "mode": mode})
    assert answer.status_code == (303 if may else 409)
    run.refresh_from_db()
    assert run.state == (ImportState.APPLYING if may else ImportState.CHECKED)


def test_without_a_file_the_form_says_so(office: Client) -> None:
    answer = upload(office, "", file="")
    assert answer.status_code == 400
    assert 'id="id_file_error"' in answer.content.decode()


def test_templates_and_exports(office: Client) -> None:
    for kind in ("units", "posts", "people"):
        template = office.get(f"{ADDRESS}templates/{kind}.csv")
        assert template.content.decode().count("\r\n") == 2
        export = office.get(f"/administration/exports/{kind}.csv")
        assert "attachment" in export["Content-Disposition"]
    assert office.get("/administration/exports/secrets.csv").status_code == 404
    assert AuditRecord.objects.filter(action="directory.exported").count() == 3

"""Many cases at once: each by itself, with the version that was seen, once, also when a worker ends in between."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone

from core.idempotency import new_key
from core.models import AuditRecord, DomainEvent, User
from internal_bridge.casework.enums import BulkAction, BulkState
from internal_bridge.casework.models import BulkOutcome, BulkRun, Case, CaseEntry
from internal_bridge.casework.queue import bulk
from internal_bridge.casework.queue.bulk import do_run, resume_runs
from internal_bridge.workflow.models import Urging, WorkItem
from tests.casework.office import LEAD, Office
from tests.exchange.peers import Peer

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def chosen(*cases: Case) -> list[str]:
    return [f"{case.number}:{case.version}" for case in cases]


def send(client: Client, action: str, cases: list[str], **fields: Any) -> Any:
    return client.post("/cases/bulk/", {"action": action, "chosen": cases, "idempotency_key": new_key(), **fields})


def run_of(response: Any) -> BulkRun:
    """The run that an answer leads to, done as a worker would do it."""
    assert response.status_code == 303, response.content.decode()[:2000]
    run = BulkRun.objects.get(uid=response["Location"].rstrip("/").rpartition("/")[2])
    do_run(run)
    run.refresh_from_db()
    assert run.state == BulkState.DONE
    return run


def results(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.outcomes.order_by("pk").values_list("result", "reason"))


@pytest.mark.db
def test_accepted_cases_are_dispatched_together_and_the_others_say_why_not(town: Office, peer: Peer) -> None:
    good = [town.bring(town.register(peer), "accepted") for _ in range(2)]
    changed, early = town.bring(town.register(peer), "accepted"), town.register(peer)
    accused = town.bring(town.register(peer, about_unit_code=LEAD), "accepted")
    client = as_(town["dispatcher"])
    cases = chosen(*good, changed, early, accused)
    town.do("dispatcher", "reclassify", changed, reason="改为加急", urgent=True)

    asked = send(client, "dispatch", cases)
    assert asked.status_code == 200
    html = asked.content.decode()
    assert "转办：5 件" in html
    assert html.count('name="chosen"') == 5

    missing = send(client, "dispatch", cases, confirmed="1")
    assert missing.status_code == 400
    assert missing.content.decode().count('name="chosen"') == 5

    run = run_of(send(client, "dispatch", cases, confirmed="1", lead_unit=LEAD, note="请一并核实"))
    found = results(run)
    assert [result for result, _ in found] == ["done", "done", "refused", "refused", "refused"]
    assert "已被他人改动" in found[2][1]
    assert "待转办" in found[3][1]
    assert found[4][1]
    assert set(Case.objects.filter(state="dispatched").values_list("pk", flat=True)) == {case.pk for case in good}
    assert CaseEntry.objects.filter(text="请一并核实").count() == 2

    page = client.get(f"/cases/bulk/{run.uid}/").content.decode()
    assert page.count("未办成") == 4
    assert "撤销" not in page
    assert as_(town["dispatcher.zfb"]).get(f"/cases/bulk/{run.uid}/").status_code == 404


def test_a_repeated_post_and_a_repeated_task_do_nothing_twice(town: Office, peer: Peer) -> None:
    case = town.bring(town.register(peer), "accepted")
    client, key = as_(town["dispatcher"]), new_key()
    fields = {"confirmed": "1", "lead_unit": LEAD, "idempotency_key": key}
    first = send(client, "dispatch", chosen(case), **fields)
    again = send(client, "dispatch", chosen(case), **fields)
    assert first["Location"] == again["Location"]
    run = run_of(first)
    do_run(run)
    assert DomainEvent.objects.filter(subject=case.subject, name="dispatched").count() == 1
    assert BulkRun.objects.count() == 1
    other = send(client, "dispatch", chosen(case), **(fields | {"note": "另一个"}))
    assert "已提交过" in client.get(other["Location"]).content.decode()


def test_another_worker_goes_on_where_one_has_ended(town: Office, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first case was dispatched, but the worker ended before it wrote that down."""
    cases = [town.bring(town.register(peer), "accepted") for _ in range(3)]
    response = send(as_(town["dispatcher"]), "dispatch", chosen(*cases), confirmed="1", lead_unit=LEAD)
    run = BulkRun.objects.get()
    saved = BulkOutcome.save

    def killed(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(BulkOutcome, "save", killed)
    with pytest.raises(SystemExit):
        do_run(run)
    monkeypatch.setattr(BulkOutcome, "save", saved)
    assert Case.objects.filter(state="dispatched").count() == 1

    handed: list[int] = []
    monkeypatch.setattr(bulk.do_bulk_run, "delay", handed.append)
    assert resume_runs() == 0
    BulkRun.objects.update(moved_at=timezone.now() - bulk.FORGOTTEN * 2)
    assert resume_runs() == 1
    assert handed == [run.pk]
    assert [result for result, _ in results(run_of(response))] == ["done"] * 3
    assert DomainEvent.objects.filter(name="dispatched").count() == 3
    assert resume_runs() == 0


@pytest.mark.db
def test_cases_are_claimed_together_and_given_back(town: Office, peer: Peer) -> None:
    cases = [town.register(peer) for _ in range(2)]
    client = as_(town["dispatcher"])
    run = run_of(send(client, "claim", chosen(*cases)))
    assert results(run) == [("done", ""), ("done", "")]
    assert WorkItem.objects.filter(claimed_by__user=town["dispatcher"]).count() == 2
    assert re.search(r"我认领的<b[^>]*>2</b>", client.get("/cases/").content.decode())

    again = run_of(send(client, "claim", chosen(*cases)))
    assert [reason for _, reason in results(again)] == ["您此前已认领。"] * 2

    page = client.get(f"/cases/bulk/{run.uid}/").content.decode()
    assert "撤销" in page
    undo = client.post(f"/cases/bulk/{run.uid}/undo/", {"idempotency_key": new_key()})
    assert results(run_of(undo)) == [("done", ""), ("done", "")]
    assert not WorkItem.objects.filter(claimed_by__isnull=False).exists()
    client.post(f"/cases/bulk/{run.uid}/undo/", {"idempotency_key": new_key()})
    assert BulkRun.objects.filter(action=BulkAction.RELEASE).count() == 1


def test_units_are_urged_together_and_not_again_at_once(town: Office, peer: Peer) -> None:
    handled, waiting = town.bring(town.register(peer), "in_progress"), town.register(peer)
    client = as_(town["inspector"])
    run = run_of(send(client, "urge", chosen(handled, waiting), confirmed="1", text="请尽快"))
    assert [result for result, _ in results(run)] == ["done", "refused"]
    assert Urging.objects.get().text == "请尽快"
    again = run_of(send(client, "urge", chosen(handled), confirmed="1", text="请尽快"))
    assert "近期已催办" in results(again)[0][1]
    assert send(as_(town[f"handler.{LEAD}"]), "urge", chosen(handled), confirmed="1").status_code == 403
    assert send(client, "dispatch", chosen(waiting)).status_code == 403


def test_nothing_is_done_with_what_one_may_not_know_of(town: Office, peer: Peer) -> None:
    case = town.register(peer, about_unit_code="xfj")
    client = as_(town["dispatcher"])
    response = send(client, "claim", chosen(case))
    assert "都已无权查看" in client.get(response["Location"]).content.decode()
    assert not BulkRun.objects.exists()
    assert send(client, "claim", []).status_code == 303


def load(user: User, query: str) -> bytes:
    """A file, read as an ASGI server would send it."""
    client = AsyncClient(headers={"accept-language": "zh-hans"})

    async def read() -> bytes:
        answer = await client.get(f"/cases/export/{query}")
        assert answer.status_code == 200
        return b"".join([chunk async for chunk in answer.streaming_content])

    client.force_login(user)
    return async_to_sync(read)()


@pytest.mark.db
def test_the_list_leaves_as_a_file_by_the_same_filter(town: Office, peer: Peer) -> None:
    shown = town.register(peer, title="=HYPERLINK(1)")
    town.register(peer, title="被控单位的来件", about_unit_code="xfj")
    town.register(peer, title="别的来件", kind="help")
    rows = list(csv.reader(io.StringIO(load(town["dispatcher"], "csv/?view=all&kind=complaint").decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [shown.number]
    assert rows[1][3] == "'=HYPERLINK(1)"
    record = AuditRecord.objects.get(action="case.exported")
    assert record.params == {"format": "csv", "view": "all", "narrowed": "kind", "cases": "1"}

    with zipfile.ZipFile(io.BytesIO(load(town["dispatcher"], "xlsx/?view=all"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "=HYPERLINK(1)" in sheet
    assert "<f>" not in sheet
    assert "被控单位的来件" not in sheet
    assert as_(town["dispatcher"]).get("/cases/export/exe/").status_code == 404

"""The log as a file: the same rows as the list, nothing that a spreadsheet would calculate, and a trace of its own."""

import csv
import io

import pytest
from django.test import AsyncClient

from core.models import AuditRecord, User
from internal_bridge.auditing import exports

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def load(auditor: User, query: str = "") -> list[dict[str, str]]:
    """The file's lines, read as an ASGI server would send it."""
    from asgiref.sync import async_to_sync

    client = AsyncClient(headers={"accept-language": "zh-hans"})

    async def read() -> tuple[str, str]:
        answer = await client.get(f"/audit/export.csv{query}")
        assert answer.status_code == 200
        body = b"".join([chunk async for chunk in answer.streaming_content])
        return answer.headers["Content-Disposition"], body.decode("utf-8")

    client.force_login(auditor)
    name, text = async_to_sync(read)()
    assert "attachment" in name
    assert ".csv" in name
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_it_holds_what_the_list_shows_and_records_who_took_it(auditor, write, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 2)
    for number in range(5):
        write("grant.given", f"person:{number}", params={"role": "head"})
    write("unit.renamed", "unit:xfj")

    lines = load(auditor, "?group=rights")

    assert [line["对象"] for line in lines] == [f"person:{number}" for number in (4, 3, 2, 1, 0)]
    first = lines[0]
    assert (first["操作"], first["操作代码"], first["人员"], first["登录名"]) == ("授予权限", "grant.given", "孙磊", "sysadmin")
    assert (first["地址"], first["途径"], first["详情"]) == ("192.0.2.7", "网页", '{"role": "head"}')
    assert len(first["叶哈希"]) == 64
    own = AuditRecord.objects.get(action="audit.exported")
    assert own.actor == auditor
    assert own.params == {"filters": {"group": "rights"}, "limit": 100_000}  # the list says so in words


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_nothing_in_it_is_calculated(typed, auditor, write):
    write("login.failed", actor=None, login=typed, post=typed)

    lines = load(auditor, "?group=logins")

    assert [line["登录名"] for line in lines if line["操作代码"] == "login.failed"] == [f"'{typed}"]
    assert not any(cell.startswith(exports_start) for line in lines for cell in line.values() for exports_start in "=+-@")


def test_it_ends_at_its_limit_with_the_newest(auditor, write, monkeypatch):
    monkeypatch.setattr(exports, "LIMIT", 3)
    monkeypatch.setattr(exports, "CHUNK", 2)
    for number in range(5):
        write("grant.given", f"person:{number}")

    lines = load(auditor, "?group=rights")

    assert [line["对象"] for line in lines] == ["person:4", "person:3", "person:2"]

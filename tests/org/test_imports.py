"""Imports and exports: read in any usual encoding, refused by line and reason, all or nothing or the valid lines."""

import re
import time
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core.events import events_of
from core.models import AuditRecord, User
from internal_bridge.org import imports
from internal_bridge.org.exports import export_directory
from internal_bridge.org.importing import lines
from internal_bridge.org.importing.wording import error_text
from internal_bridge.org.models import Appointment, ImportRun, Person, Post, Unit
from internal_bridge.org.services import Conflict
from tests.org.people import end_grants, make_login, make_person, make_post, make_unit
from tests.org.sent import announced
from tests.org.volume import people_csv, posts_csv, units_csv

pytestmark = [pytest.mark.django_db, pytest.mark.db]

UNITS = "code,name,short_name,parent,kind,duties,accepts_petitions\r\n"
POSTS = "unit_code,department,post,rank,headcount\n"
PEOPLE = "staff_number,name,unit_code,department,post,main,duties,office_phone,mobile,email,place,username\n"


def checked(by, kind, content, mode="all_or_nothing") -> ImportRun:
    data = content if isinstance(content, bytes) else content.encode()
    run = imports.start_import(by=by, kind=kind, mode=mode, content=data, file_name="名单.csv")
    imports.check_import(run)
    return ImportRun.objects.get(pk=run.pk)


def applied(by, kind, content, mode="all_or_nothing") -> ImportRun:
    run = imports.confirm_import(by=by, run=checked(by, kind, content, mode))
    imports.apply_import(run)
    return ImportRun.objects.get(pk=run.pk)


def counts(run):
    return run.state, run.created, run.changed, run.unchanged


def reasons(run):
    return [(error["line"], error["column"], error["reason"]) for error in run.errors]


def test_every_reason_is_said_in_words(db):
    source = "".join(path.read_text() for path in Path(lines.__file__).parent.glob("*.py"))
    given = set(re.findall(r'\.fail\([^,]+, "(\w+)"', source))
    given |= set(re.findall(r'UnreadableFile\("(\w+)"', source)) | {"circle", "cells"}
    assert len(given) > 20
    with override("zh-hans"):
        for reason in given:
            params = {"longest": 9, "highest": 9, "line": 3, "found": 1, "wanted": 2, "missing": ["code"], "unknown": []}
            said = error_text({"line": 2, "column": "", "reason": reason, "params": params})
            assert re.search("[\u4e00-\u9fff]", said), reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_units_come_in_any_order_and_change_only_what_differs(peer, sysadmin, encoding):
    make_unit("xfj", name="市信访局", short_name="信访局")
    make_unit("old", parent="xfj", name="旧", short_name="旧")
    text = UNITS + (
        'zx,信访中心,中心,new,institution,"接访;含,逗号",否\r\n'
        "new,市信访工作局,信访工作局,yls,party_organ,信访,true\r\n"
        "\r\n"
        "xfj,市信访局（旧）,信访局,yls,government_department,,false\r\n"
        "old,旧,旧,new,government_department,,false\r\n"
    )
    run = checked(sysadmin, "units", text.encode(encoding))
    assert counts(run) == ("checked", 2, 2, 0)
    assert run.total == run.done == 4
    assert Unit.objects.count() == 3

    imports.apply_import(imports.confirm_import(by=sysadmin, run=run))

    units = {unit.code: unit for unit in Unit.objects.all()}
    assert units["zx"].path == "yls/new/zx/"
    assert units["zx"].duties == "接访;含,逗号"
    assert units["old"].path == "yls/new/old/"
    assert units["xfj"].former_names.get().name == "市信访局"
    assert {data["code"] for _, data in announced()} == {"zx", "new", "xfj", "old"}
    assert [event.name for event in events_of("unit:old")] == ["moved"]
    assert counts(applied(sysadmin, "units", text.encode(encoding))) == ("done", 0, 0, 4)


def test_bad_lines_are_named_by_number_column_and_reason(peer, sysadmin):
    make_unit("gone", valid_to="2021-01-01")
    run = checked(
        sysadmin,
        "units",
        UNITS
        + "BAD,名,名,yls,institution,,true\n"
        + "aa,,名,yls,club,,maybe\n"
        + "bb,名,名,nowhere,institution,,true\n"
        + "cc,名,名,bb,institution,,true\n"
        + "dd,名,名,ee,institution,,true\n"
        + "ee,名,名,dd,institution,,true\n"
        + "gone,名,名,yls,institution,,true\n"
        + "ff,名,名,yls,institution,,true\n"
        + "ff,名,名,yls,institution,,true\n"
        + "gg,名\n"
        + f"hh,{'长' * 101},名,yls,institution,,true\n",
    )
    assert reasons(run) == [
        (2, "code", "not_code"),
        (3, "name", "required"),
        (3, "kind", "unknown_kind"),
        (3, "accepts_petitions", "not_boolean"),
        (4, "parent", "unknown_unit"),
        (5, "parent", "unknown_unit"),
        (6, "parent", "circle"),
        (7, "parent", "circle"),
        (8, "code", "closed"),
        (10, "code", "twice"),
        (11, "", "cells"),
        (12, "name", "too_long"),
    ]
    assert run.created == 1
    with pytest.raises(Conflict) as refused:
        imports.confirm_import(by=sysadmin, run=run)
    assert refused.value.code == "invalid_lines"

    imports.apply_import(imports.confirm_import(by=sysadmin, run=run, mode="valid_lines"))

    run.refresh_from_db()
    assert counts(run) == ("done", 1, 0, 0)
    assert set(Unit.objects.values_list("code", flat=True)) == {"yls", "gone", "ff"}
    assert len(run.errors) == 12
    record = AuditRecord.objects.get(action="directory.imported")
    assert record.params["errors"] == 12
    with pytest.raises(Conflict):
        imports.confirm_import(by=sysadmin, run=run, mode="valid_lines")


def test_posts_bring_their_departments(peer, sysadmin):
    make_post("xfj", department="受理科", post="受理员")
    text = POSTS + "xfj,受理科,受理员,一级科员,3\nxfj,受理科,科长,,1\nxfj,办公室,主任,,\nnone,科,员,,1\nxfj,受理科,科长,,x\n"

    run = applied(sysadmin, "posts", text, "valid_lines")

    assert counts(run) == ("done", 2, 1, 0)
    assert reasons(run) == [(5, "unit_code", "unknown_unit"), (6, "headcount", "not_number"), (6, "post", "twice")]
    posts = {
        (post.department.name, post.name, post.rank, post.headcount)
        for post in Post.objects.filter(department__unit__code="xfj")
    }
    assert posts == {("受理科", "受理员", "一级科员", 3), ("受理科", "科长", "", 1), ("办公室", "主任", "", 1)}


def test_people_come_with_their_posts_and_logins(peer, sysadmin):
    for name in ("科员", "科长"):
        make_post("xfj", department="受理科", post=name)
    make_post("gaj", department="法制科", post="顾问")
    known = make_person(None, "xfj", name="单飞", staff_number="P1", login=False)
    text = PEOPLE + (
        "P1,单小飞,xfj,受理科,科长,是,牵头,0788-1,'+86 139 0000,fei@example.org,201 室,fei\n"
        "P1,单小飞,gaj,法制科,顾问,否,,0788-1,'+86 139 0000,fei@example.org,201 室,fei\n"
        "P2,覃明,xfj,受理科,科员,,,,,,,ming\n"
        "P3,仇英,,,,,,,,,,\n"
    )
    run = applied(sysadmin, "people", text)
    assert counts(run) == ("done", 4, 0, 0)

    known.refresh_from_db()
    assert (known.name, known.pinyin, known.mobile) == ("单小飞", "shan xiaofei", "+86 139 0000")
    assert known.user is not None
    assert not known.user.has_usable_password()
    held = Appointment.objects.filter(person=known, valid_to=None).values_list("post__name", "main")
    assert sorted(held, key=str) == [("科员", False), ("科长", True), ("顾问", False)]
    assert Person.objects.get(staff_number="P2").appointments.get().main
    assert [event.name for event in events_of(known.subject)] == ["changed"]
    assert counts(applied(sysadmin, "people", text)) == ("done", 0, 0, 4)
    assert counts(checked(sysadmin, "people", text.replace("201 室", "202 室"))) == ("checked", 0, 1, 3)


def test_bad_lines_of_people_and_nothing_is_written(peer, sysadmin):
    make_post("xfj", department="科", post="员"), make_post("xfj", department="科", post="长")
    make_person(None, "xfj", staff_number="L1", left_on="2021-01-01", login=False)
    make_person(None, "xfj", staff_number="K1", name="甲", username="known")
    before = User.objects.count()
    lines = [
        "L1,走,xfj,科,员,,,,,,,",
        "K1,甲,xfj,科,员,,,,,,,other",
        "N1,新,xfj,科,没有,,,,,,,",
        "N2,新,xfj,科,员,true,,,,nomail,,",
        "N3,新,xfj,科,员,true,,,,,,sysadmin",
        "N4,新,xfj,科,员,true,,,,,,new",
        "N4,旧,xfj,科,员,true,,,,,,new",
        "N5,新,xfj,科,员,true,,,,,,NEW",
        "N6,新,xfj,科,员,true,,,,,,a b",
        ",新,xfj,科,员,true,,,,,,",
    ]
    run = checked(sysadmin, "people", PEOPLE + "\n".join(lines))
    assert reasons(run) == [
        (2, "staff_number", "left"),
        (3, "username", "has_login"),
        (4, "post", "unknown_post"),
        (5, "email", "not_email"),
        (6, "username", "taken"),
        (8, "name", "differs"),
        (8, "post", "twice_held"),
        (8, "main", "two_main"),
        (9, "username", "taken"),
        (10, "username", "not_username"),
        (11, "staff_number", "required"),
    ]
    with pytest.raises(Conflict):
        imports.confirm_import(by=sysadmin, run=run)
    # The directory changes between check and application: all or nothing still means nothing.
    good = imports.confirm_import(by=sysadmin, run=checked(sysadmin, "people", f"{PEOPLE}{lines[5]}\n"))
    make_login(username="new")
    imports.apply_import(good)
    good.refresh_from_db()
    assert (good.state, reasons(good)) == ("failed", [(2, "username", "taken")])
    assert User.objects.count() == before + 1
    assert not Person.objects.filter(staff_number="N4").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"code,name\n1,2\n", "columns"),
        (UNITS.encode() + b'x,"', None),
        ("单位,名称\n".encode("gb18030"), "columns"),
    ],
)
def test_a_file_of_another_form_is_refused_as_a_whole(peer, sysadmin, content, reason):
    run = checked(sysadmin, "units", content)
    assert run.errors
    assert run.state == ("failed" if reason else "checked")
    if reason:
        assert run.errors[0]["reason"] == reason


def test_what_is_no_text_or_too_large_is_refused_at_once(peer, sysadmin, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST_FILE", 100)
    for content in (b"\xff\xfe\x00\x01", b"a" * 101):
        with pytest.raises(ValidationError) as refused:
            imports.start_import(by=sysadmin, kind="units", mode="valid_lines", content=content)
        assert list(refused.value.message_dict) == ["file"]
    with pytest.raises(PermissionDenied):
        imports.start_import(by=make_login("secadmin"), kind="units", mode="valid_lines", content=b"x")
    assert not ImportRun.objects.visible_to(make_login("auditor")).exists()


def test_whoever_is_no_longer_administrator_imports_nothing(peer, sysadmin):
    run = imports.confirm_import(by=sysadmin, run=checked(sysadmin, "units", UNITS + "aa,名,名,yls,institution,,\n"))
    end_grants(sysadmin)
    run = ImportRun.objects.select_related("started_by").get(pk=run.pk)
    run.started_by = User.objects.get(pk=sysadmin.pk)

    imports.apply_import(run)

    assert (run.state, reasons(run)) == ("failed", [(1, "", "no_right")])
    assert not Unit.objects.filter(code="aa").exists()


def test_an_export_is_an_import_that_changes_nothing_and_runs_no_formula(peer, sysadmin):
    make_post("xfj", department="科", post="=1+1")
    make_person(None, "xfj", name="甲", mobile="+86 139", username="jia")
    for kind in ("units", "posts", "people"):
        content = b"".join(export_directory(by=sysadmin, kind=kind))
        assert content.startswith(b"\xef\xbb\xbf")
        assert b",=1+1" not in content
        assert b",+86" not in content
        run = checked(sysadmin, kind, content)
        assert (run.errors, run.created, run.changed) == ([], 0, 0)
        assert run.unchanged == run.total > 0
    with pytest.raises(PermissionDenied):
        export_directory(by=make_login("auditor"), kind="people")
    kinds = [record.params["kind"] for record in AuditRecord.objects.filter(action="directory.exported").order_by("id")]
    assert kinds == ["units", "posts", "people"]


def test_many_lines_come_in_few_statements_with_progress(peer, sysadmin, reached):
    applied(sysadmin, "units", units_csv(20))
    applied(sysadmin, "posts", posts_csv(20))
    run = imports.start_import(by=sysadmin, kind="people", mode="all_or_nothing", content=people_csv(20, 1_000))
    begun = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        imports.check_import(run)
        told = [query["sql"] for query in asked if query["sql"].startswith("UPDATE") and '"done"' in query["sql"]]
        imports.apply_import(imports.confirm_import(by=sysadmin, run=run))
    run.refresh_from_db()
    assert counts(run) == ("done", 1_000, 0, 0)
    assert len(told) >= 6
    assert len(asked) < 100
    reached(f"1,000 people imported in {time.monotonic() - begun:.1f} s")


def test_what_a_worker_left_behind_is_taken_up_again(peer, sysadmin, monkeypatch):
    run = imports.start_import(by=sysadmin, kind="units", mode="valid_lines", content=UNITS.encode())
    handed = []
    monkeypatch.setattr(imports.check_import_run, "delay", handed.append)
    assert imports.resume_imports() == 0
    monkeypatch.setattr(imports, "FORGOTTEN", -imports.FORGOTTEN)
    assert imports.resume_imports() == 1
    assert handed == [run.pk]

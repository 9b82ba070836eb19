"""Actions as pages: fields with their consequence, conflicts that say what changed, drawers; dispatch; exclusions; notes."""

import re

import pytest
from django.test import Client

from core.idempotency import new_key
from internal_bridge.casework.models import Case, CaseExclusion, ReplyTemplate
from internal_bridge.casework.services import add_note

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HEADERS = {"accept-language": "zh-hans"}


def browser(town, username, **headers):
    client = Client(headers=HEADERS | headers)
    client.force_login(town[username])
    return client


def hidden(html):
    """The hidden fields of a form, as a browser would send them."""
    names = ("version", "seen", "idempotency_key", "draft_version")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def act(client, case, action, **fields):
    path = f"/cases/{case.number}/actions/{action}/"
    return client.post(path, hidden(client.get(path).content.decode()) | fields)


def test_a_choice_says_what_it_leads_to_and_is_done(peer, town):
    case, client = town.register(peer), browser(town, "dispatcher")
    html = client.get(f"/cases/{case.number}/actions/accept/").content.decode()
    assert len(re.findall(r'type="radio"[^>]*name="complexity"|name="complexity"[^>]*type="radio"', html)) == 2
    assert "答复到期日为" in html

    response = act(client, case, "accept", complexity="investigation")
    assert response.status_code == 303
    assert response.url == f"/cases/{case.number}/#main"
    assert "已完成：受理" in client.get(f"/cases/{case.number}/").content.decode()
    case.refresh_from_db()
    assert (case.state, case.complexity) == ("accepted", "investigation")


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(peer, town):
    case, client = town.register(peer), browser(town, "dispatcher")
    response = act(client, case, "refuse", text="看不出您要求什么，请补充。")
    html = response.content.decode()
    assert response.status_code == 400
    assert "data-focus" in html
    assert "看不出您要求什么，请补充。" in html
    assert Case.objects.get(pk=case.pk).state == "registered"


def test_a_conflict_says_what_has_changed_meanwhile_and_keeps_what_was_typed(peer, town):
    case = town.bring(town.register(peer), "in_progress")
    client = browser(town, "handler.cgj")
    path = f"/cases/{case.number}/actions/ask_petitioner/"
    stale = hidden(client.get(path).content.decode())
    town.do("handler.cgj", "request_extension", case, days=3, reason="需要检测")

    response = client.post(path, stale | {"text": "请问噪声从几点开始？"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "请问噪声从几点开始？" in html
    assert "申请延期" in html.split("zq-follows")[1].split("</ul>")[0]
    # Sent again, with what the page now knows.
    assert client.post(path, hidden(html) | {"text": "请问噪声从几点开始？"}).status_code == 303


def test_a_drawer_is_told_where_to_go(peer, town):
    case, client = town.register(peer), browser(town, "dispatcher", **{"HX-Request": "true"})
    path = f"/cases/{case.number}/actions/accept/"
    html = client.get(path).content.decode()
    assert "<html" not in html
    assert client.post(path, {"version": "x"}).status_code == 400
    done = client.post(path, hidden(html) | {"complexity": "simple"})
    assert done.status_code == 204
    assert done["HX-Redirect"] == f"/cases/{case.number}/#main"


def test_refusals_come_in_their_order(peer, town):
    case = town.bring(town.register(peer), "in_progress", assisting=True)
    path = f"/cases/{case.number}/actions/draft_reply/"
    assert browser(town, "handler.jyj").get(path).status_code == 404
    assert browser(town, "handler.sthjj").get(path).status_code == 403
    assert browser(town, "dispatcher").get(f"/cases/{case.number}/actions/nonsense/").status_code == 404
    # Publishing has no short cut past its own page.
    assert browser(town, "dispatcher").post(f"/cases/{case.number}/actions/publish/", {}).status_code == 302


def test_the_case_is_dispatched_step_by_step_without_a_script(peer, town):
    case = town.bring(town.register(peer, unit_code="gaj", about_unit_code="zjj"), "accepted")
    ReplyTemplate.objects.create(purpose="dispatch", title="请核实", text="请核实并按时答复。")
    client, path = browser(town, "dispatcher"), f"/cases/{case.number}/actions/dispatch/"
    html = client.get(path).content.decode()
    assert 'id="lead-gaj"' in html
    assert "is-no" in html
    assert 'id="lead-zjj"' not in html
    assert "个工作日" in html

    # Found by its pinyin, and by its code.
    html = client.post(path, hidden(html) | {"lead_unit": "gaj", "find": "shisthjj", "do": "find"}).content.decode()
    assert 'id="lead-sthjj"' in html
    typed = {"lead_unit": "gaj", "find": "sthjj", "note": "注意保密。"}
    html = client.post(path, hidden(html) | typed | {"do": "add:sthjj"}).content.decode()
    assert '<input type="hidden" name="assisting_units" value="sthjj">' in html
    template = ReplyTemplate.objects.get()
    typed |= {"assisting_units": ["sthjj"], "template": template.pk}
    html = client.post(path, hidden(html) | typed | {"do": "template"}).content.decode()
    assert "请核实并按时答复。" in html
    assert "注意保密。" in html

    refused = client.post(path, hidden(html) | {"lead_unit": "zjj", "assisting_units": ["sthjj"], "do": "dispatch"})
    assert refused.status_code == 400
    assert "zq-field__error" in refused.content.decode()

    done = client.post(
        path, hidden(html) | {"lead_unit": "gaj", "assisting_units": ["sthjj"], "note": "注意保密。", "do": "dispatch"}
    )
    assert done.status_code == 303
    case.refresh_from_db()
    assert case.state == "dispatched"
    assert {row.unit.code for row in case.assignments.all()} == {"gaj", "sthjj"}
    assert client.get(path).status_code == 403


def test_exclusions_are_seen_added_narrowed_and_lifted(peer, town):
    case = town.bring(town.register(peer, about_person="王handler.jyj"), "accepted")
    client, path = browser(town, "dispatcher"), f"/cases/{case.number}/exclusions/"
    html = client.get(path).content.decode()
    by_name = CaseExclusion.objects.get(case=case)
    uid = re.search(rf'value="only:{by_name.pk}:([^"]+)"', html)[1]

    assert client.post(path, hidden(html) | {"target": f"only:{by_name.pk}:{uid}", "reason": ""}).status_code == 400
    done = client.post(path, hidden(html) | {"target": f"only:{by_name.pk}:{uid}", "reason": "确认是教育局的同名人员"})
    assert done.status_code == 303
    assert str(CaseExclusion.objects.counting().get(case=case).person.uid) == uid

    html = client.post(path, {"find": "sthjj", "do": "find"}).content.decode()
    assert 'value="unit:sthjj"' in html
    assert client.post(path, hidden(html) | {"target": "unit:sthjj", "reason": "该局为利害关系方"}).status_code == 303
    html = client.get(path).content.decode()
    added = CaseExclusion.objects.counting().get(case=case, unit__code="sthjj")
    assert client.post(path, hidden(html) | {"target": f"lift:{added.pk}", "reason": "核实后无利害关系"}).status_code == 303
    assert "sthjj" not in [row.unit.code for row in CaseExclusion.objects.counting().filter(case=case, unit__isnull=False)]

    stale = hidden(html)
    assert client.post(path, stale | {"target": "unit:sthjj", "reason": "又来一次"}).status_code == 409
    town.do("dispatcher", "dispatch", case, lead_unit="cgj")
    assert browser(town, "handler.cgj").get(path).status_code == 403


def test_a_note_and_a_contact_are_added_once(peer, town):
    case = town.bring(town.register(peer), "in_progress")
    client, path = browser(town, "handler.cgj"), f"/cases/{case.number}/notes/"
    form = {"kind": "contact", "text": "电话告知进展。", "idempotency_key": new_key()}
    assert client.post(path, form).status_code == 303
    assert client.post(path, form).status_code == 303
    assert case.entries.filter(kind="contact").count() == 1
    assert client.post(path, form | {"text": "", "idempotency_key": new_key()}).status_code == 400
    assert browser(town, "inspector").get(path).status_code == 403
    add_note(person=town["handler.cgj"], number=case.number, text="已到现场查看。", key=None)


def test_templates_are_kept_by_dispatchers_and_by_heads_for_their_own_unit(town):
    form = {
        "purpose": "reply",
        "kind": "",
        "title": "查实并处理",
        "text": "您反映的问题已核实。",
        "active": "on",
        "version": "0",
    }

    def send(username, path, **changes):
        return browser(town, username).post(path, form | {"idempotency_key": new_key()} | changes)

    assert send("dispatcher", "/cases/templates/new/", unit="").status_code == 303
    assert send("head.cgj", "/cases/templates/new/", unit="cgj").status_code == 303
    assert send("head.cgj", "/cases/templates/new/", unit="").status_code == 400
    assert send("handler.cgj", "/cases/templates/new/", unit="cgj").status_code == 403
    every, own = ReplyTemplate.objects.get(unit=None), ReplyTemplate.objects.get(unit__code="cgj")
    assert send("head.cgj", f"/cases/templates/{every.pk}/", unit="cgj", version="1").status_code == 403
    assert send("head.sthjj", f"/cases/templates/{own.pk}/", unit="sthjj", version="1").status_code == 404
    assert send("head.cgj", f"/cases/templates/{own.pk}/", unit="cgj", version="1", title="部分属实").status_code == 303
    stale = send("head.cgj", f"/cases/templates/{own.pk}/", unit="cgj", version="1", title="不属实")
    assert stale.status_code == 409
    assert "不属实" in stale.content.decode()
    assert "部分属实" in browser(town, "head.cgj").get("/cases/templates/").content.decode()
    assert "部分属实" not in browser(town, "head.sthjj").get("/cases/templates/").content.decode()

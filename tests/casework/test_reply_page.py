"""A reply is written, what is personal in it is confirmed place by place, reviewed, checked and published; later corrected."""

import re

import pytest

from internal_bridge.casework.enums import RedactionChoice
from internal_bridge.casework.models import DraftInProgress, PublicWording, RedactionDecision
from internal_bridge.casework.presenters.writing import compared
from tests.casework.test_action_pages import act, browser, hidden

pytestmark = [pytest.mark.django_db, pytest.mark.db]

TEXT = "韦国强先生：您反映的噪声已核实，我局10月8日与您电话13700003518沟通。如再发现请拨打0890-1310330。"


def path_of(case):
    return f"/cases/{case.number}/actions/draft_reply/"


def open_form(client, path):
    return hidden(client.get(path).content.decode())


def keys(html):
    """The places that the table names."""
    return list(dict.fromkeys(re.findall(r'name="choice-([^"]+)"', html)))


def save(client, path, html_or_form, **fields):
    form = hidden(html_or_form) if isinstance(html_or_form, str) else html_or_form
    return client.post(path, form | {"do": "save"} | fields)


@pytest.fixture
def case(peer, town):
    return town.bring(town.register(peer), "in_progress", assisting=True)


def test_nothing_is_submitted_before_each_place_is_confirmed(town, case):
    client, path = browser(town, "handler.cgj"), path_of(case)
    html = save(client, path, client.get(path).content.decode(), text=TEXT).content.decode()
    places = keys(html)
    assert len(places) >= 2
    assert "韦某" in html

    refused = client.post(path, hidden(html) | {"do": "submit", "text": TEXT})
    assert refused.status_code == 400
    assert "未确认" in refused.content.decode()
    case.refresh_from_db()
    assert case.state == "in_progress"

    # One replaced as proposed, one by other words, the rest kept with a reason.
    first, second, *rest = places
    incomplete = save(client, path, refused.content.decode(), text=TEXT, **{f"choice-{first}": "keep"})
    assert incomplete.status_code == 400
    assert not RedactionDecision.objects.exists()
    choices = {f"choice-{first}": "accept", f"choice-{second}": "rewrite", f"words-{second}": "（号码略）"}
    for each in rest:
        choices |= {f"choice-{each}": "keep", f"words-{each}": "单位公开电话"}
    html = save(client, path, client.get(path).content.decode(), text=TEXT, **choices).content.decode()
    assert RedactionDecision.objects.filter(superseded_at=None).count() == len(places)
    # What was found stands with the draft alone.
    assert not RedactionDecision.objects.filter(replacement__contains="13700003518").exists()

    done = client.post(path, hidden(html) | {"do": "submit", "text": TEXT})
    assert done.status_code == 303
    draft = case.drafts.get()
    assert draft.text == TEXT
    assert "韦国强" not in draft.public_text
    assert "（号码略）" in draft.public_text
    assert "韦某" in draft.public_text
    assert set(draft.redactions.values_list("decision", flat=True)) >= {RedactionChoice.ACCEPT, RedactionChoice.REWRITE}


def test_a_confirmation_goes_along_with_its_words_and_falls_with_them(town, case):
    client, path = browser(town, "handler.cgj"), path_of(case)
    html = save(client, path, client.get(path).content.decode(), text=TEXT).content.decode()
    html = client.post(path, hidden(html) | {"do": "accept_all", "text": TEXT}).content.decode()
    confirmed = RedactionDecision.objects.filter(superseded_at=None).count()
    assert confirmed == len(keys(html))

    html = save(client, path, html, text="您好。" + TEXT).content.decode()
    assert RedactionDecision.objects.filter(superseded_at=None).count() == confirmed
    assert RedactionDecision.objects.exclude(superseded_at=None).count() == confirmed
    html = save(client, path, html, text="您反映的噪声已核实，由李建国负责。").content.decode()
    assert not RedactionDecision.objects.filter(superseded_at=None).exists()
    refused = client.post(path, hidden(html) | {"do": "submit", "text": "您反映的噪声已核实，由李建国负责。"})
    assert refused.status_code == 400


def test_another_handler_who_saved_is_not_overwritten(town, case):
    mine, theirs, path = browser(town, "handler.cgj"), browser(town, "head.cgj"), path_of(case)
    assert theirs.get(path).status_code == 403
    form = open_form(mine, path)
    DraftInProgress.objects.create(
        case=case, purpose="reply", round=1, text="别人先写的。", author=town["head.cgj"], saved_at=case.received_at
    )
    conflict = save(mine, path, form, text="我写的答复。")
    html = conflict.content.decode()
    assert conflict.status_code == 409
    assert "我写的答复。" in html
    assert "王head.cgj" in html
    assert DraftInProgress.objects.get().text == "别人先写的。"
    # Seen and decided: saved in its place.
    assert save(mine, path, html, text="我写的答复。").status_code == 200
    assert DraftInProgress.objects.get().text == "我写的答复。"


def test_what_is_not_to_be_published_needs_no_confirmation(peer, town):
    case = town.bring(town.register(peer, allow_publication=False), "in_progress")
    client, path = browser(town, "handler.cgj"), path_of(case)
    html = client.get(path).content.decode()
    assert 'id="redaction"' not in html
    assert client.post(path, hidden(html) | {"do": "submit", "text": TEXT}).status_code == 303
    assert case.drafts.get().public_text == ""


def test_opinions_are_quoted_and_an_outstanding_one_is_said(town, case):
    client, path = browser(town, "handler.cgj"), path_of(case)
    assert "市sthjj" in client.get(path).content.decode().split('id="checks"')[1]
    town.do("handler.sthjj", "sign", case)
    town.do("handler.sthjj", "give_opinion", case, text="夜间等效声级超过限值。")
    entry = case.entries.get(kind="opinion")
    html = client.get(path).content.decode()
    html = client.post(path, hidden(html) | {"do": f"quote:{entry.pk}", "text": "您好。"}).content.decode()
    assert "您好。\n\n市sthjj：夜间等效声级超过限值。" in html


def test_review_check_publication_and_correction(town, case):
    handler, head, dispatcher = (browser(town, name) for name in ("handler.cgj", "head.cgj", "dispatcher"))
    path = path_of(case)
    text = "您反映的噪声问题已核实，已责令整改。"
    assert handler.post(path, open_form(handler, path) | {"do": "submit", "text": text}).status_code == 303

    review = f"/cases/{case.number}/review/"
    html = head.get(review).content.decode()
    assert text in html
    html = head.post(review, {"opinion": "", "phrase": "同意。"}).content.decode()
    assert ">同意。</textarea>" in html
    given = head.post(f"/cases/{case.number}/actions/reject/", hidden(html) | {"opinion": "请写清依据。"})
    assert given.status_code == 303
    html = handler.get(path).content.decode()
    assert "请写清依据。" in html
    assert text in html
    later = text + "依据噪声污染防治法。"
    assert handler.post(path, hidden(html) | {"do": "submit", "text": later}).status_code == 303
    html = head.get(review).content.decode()
    assert "<ins>依据噪声污染防治法。</ins>" in html
    assert head.post(f"/cases/{case.number}/actions/approve/", hidden(html) | {"opinion": "同意。"}).status_code == 303

    check = f"/cases/{case.number}/check/"
    assert handler.get(check).status_code == 403
    html = dispatcher.get(check).content.decode()
    fields = {"public_title": "夜间施工噪声", "public_question": "张建国反映夜间施工。", "public_text": later}
    refused = dispatcher.post(check, hidden(html) | fields | {"do": "publish"})
    assert refused.status_code == 400
    assert not PublicWording.objects.exists()
    html = dispatcher.post(check, hidden(refused.content.decode()) | fields | {"do": "accept_all"}).content.decode()
    form = hidden(html) | fields | {"do": "publish"}
    assert dispatcher.post(check, form).status_code == 303
    # Twice by a slow hand: answered once.
    assert dispatcher.post(check, form).status_code in (303, 409)
    wording = PublicWording.objects.get()
    assert wording.question == "张某反映夜间施工。"
    assert wording.redactions.count() == 1
    case.refresh_from_db()
    assert case.state == "answered"

    correction = f"/cases/{case.number}/actions/revise_publication/"
    html = dispatcher.get(correction).content.decode()
    fields = {"public_text": "更正：已责令停工整改。", "reason": ""}
    assert dispatcher.post(correction, hidden(html) | fields | {"do": "publish"}).status_code == 400
    html = dispatcher.get(correction).content.decode()
    assert dispatcher.post(correction, hidden(html) | fields | {"do": "publish", "reason": "处理结果更正"}).status_code == 303
    assert PublicWording.objects.count() == 2
    html = dispatcher.get(f"/cases/{case.number}/").content.decode()
    assert "已责令停工整改" in html
    assert act(dispatcher, case, "rehandle", reason="来件人不满意").status_code == 303
    assert "来件人不满意" in dispatcher.get(f"/cases/{case.number}/").content.decode()


def test_versions_are_compared_sentence_by_sentence():
    assert compared("一。二。", "一。三。") == [("same", "一。"), ("gone", "二。"), ("new", "三。")]
    assert compared("", "一。") == [("new", "一。")]
    assert compared("一。", "一。") == [("same", "一。")]

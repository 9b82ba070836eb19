"""The form, step by step and without script: look for a unit, read it over, write together or for another, and robots."""

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from core import throttle
from internal_bridge.exchange.models import OutgoingMessage
from petitions import phone_codes, robots
from petitions.models import Petition, Unit
from tests.core.samples import JPEG, upload
from tests.petitions.attached import NAME, kept_fields
from tests.petitions.letters import FORM, form_of, hidden_fields, letter, opened_by_office, visible_text
from tests.petitions.replies import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def step(client: Client, name: str, **changes: Any) -> Any:
    """Press one of the form's other buttons, with a file chosen."""
    return client.post(FORM, form_of(letter(**changes)) | {"step": name, "attachments": [upload(NAME, JPEG)]})


def everything_hidden(html: str) -> dict[str, Any]:
    """The fields of a page on which nothing can be typed."""
    return hidden_fields(html) | kept_fields(html)


def test_it_is_read_over_changed_and_sent_and_nothing_is_lost(client: Client, peer: Any) -> None:
    shown = step(client, "preview", place="江滨路", body="第一行\n第二行 <b>")
    html = shown.content.decode()

    assert shown.status_code == 200
    assert not Petition.objects.exists()
    text = visible_text(html)
    assert all(words in text for words in ("江滨路", "第二行 &lt;b&gt;", NAME, "韦国强"))
    back = client.post(FORM, everything_hidden(html) | {"step": "edit"})
    assert back.status_code == 200
    assert not back.context["form"].errors
    assert back.context["form"]["body"].value().split() == ["第一行", "第二行", "&lt;b&gt;"]
    assert NAME in visible_text(back.content.decode())
    assert client.post(FORM, everything_hidden(html)).status_code == 201
    sent = opened_by_office(peer, OutgoingMessage.objects.get())
    assert [one["name"] for one in sent["attachments"]] == [NAME]


def test_what_is_wrong_is_said_before_it_is_read_over(client: Client, peer: Any) -> None:
    shown = step(client, "preview", title="灯")

    assert shown.status_code == 400
    assert set(shown.context["form"].errors) == {"title"}


def test_no_name_stands_on_the_receipt(client: Client, peer: Any) -> None:
    text = visible_text(client.post(FORM, form_of(letter(about_person="某科长"))).content.decode())

    assert "江滨路工地半夜三点还在打桩" in text
    assert not [word for word in ("韦国强", "13700003518", "某科长", "整栋楼") if word in text]


@pytest.mark.parametrize(
    ("words", "first"), [("公安", "gaj"), ("gongan", "gaj"), ("gaj", "gaj"), ("户籍", "gaj"), ("不存在的", None)]
)
def test_a_unit_is_found_by_name_pinyin_initials_and_duties(client: Client, units: Any, words: str, first: str | None) -> None:
    Unit.objects.filter(code="gaj").update(search_words="云岭市公安局 yunlingshigonganju gonganju gaj", duties="户籍、治安")

    form = step(client, "find", title="", unit_words=words).context["form"]

    assert not form.errors
    found = dict(form.fields["unit_code"].choices).get("查到的单位")
    assert ([code for code, _name in found] if found else None) == ([first] if first else None)
    assert form.fields["unit_code"].found_text


def test_similar_answers_are_offered_with_and_without_script(client: Client, peer: Any) -> None:
    publish(peer, title="夜间施工噪声扰民怎么投诉", question="工地夜间施工太吵")
    publish(peer, title="养老保险如何转移接续", question="换了工作，养老保险怎么转")
    asked = {"title": "小区旁边工地夜间施工噪声扰民", "body": "每天施工到凌晨"}

    for answer in (step(client, "similar", **asked), client.post("/petitions/similar/", asked)):
        assert answer.status_code == 200
        assert [reply["title"] for reply in answer.context["similar"]] == ["夜间施工噪声扰民怎么投诉"]
    unlike = client.post("/petitions/similar/", {"title": "路灯不亮", "body": ""})
    assert not unlike.context["similar"]
    assert "no-store" in unlike["Cache-Control"]
    assert client.get("/petitions/similar/", asked).status_code == 405


def test_several_write_together_for_somebody_else(client: Client, peer: Any) -> None:
    people = {
        "representative_1_name": "覃小月",
        "representative_1_phone": "13900001207",
        "representative_4_name": "莫大爷",
        "representative_4_phone": "0788-1234567",
    }
    response = client.post(FORM, form_of(letter(), **people, behalf_name="韦奶奶", behalf_relation="孙子"))

    assert response.status_code == 201
    content = opened_by_office(peer, OutgoingMessage.objects.get())
    assert [one["name"] for one in content["representatives"]] == ["覃小月", "莫大爷"]
    assert content["on_behalf_of"] == {"name": "韦奶奶", "relation": "孙子"}
    assert content["privacy_version"]


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({"representative_2_name": "覃小月"}, "representative_2_phone"),
        ({"representative_2_phone": "13900001207"}, "representative_2_name"),
        ({"representative_2_name": "覃小月", "representative_2_phone": "123"}, "representative_2_phone"),
        ({"behalf_name": "韦奶奶"}, "behalf_relation"),
        ({"behalf_relation": "孙子"}, "behalf_name"),
    ],
)
def test_half_a_person_is_pointed_out(client: Client, peer: Any, typed: dict[str, str], missing: str) -> None:
    response = client.post(FORM, form_of(letter(), **typed))

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {missing}
    assert f'href="#id_{missing}"' in response.content.decode()


@pytest.mark.parametrize("address", ["/petitions/privacy/", "/petitions/privacy/2026-11/", "/en/petitions/privacy/"])
def test_the_privacy_notice_stands_in_its_versions(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert "2026-11" in response.content.decode()


def test_a_version_that_never_was_is_not_there(client: Client) -> None:
    assert client.get("/petitions/privacy/1999-01/").status_code == 404


def test_the_words_of_units_come_without_asking_for_one(client: Client, units: Any) -> None:
    found = client.get("/petitions/units.json")

    assert set(found.json()) == {"gaj", "zjj"}
    assert "public" in found["Cache-Control"]


# --- Robots ---------------------------------------------------------------------------------------------------------------


def test_who_fills_the_hidden_field_is_asked_and_goes_on_with_the_answer(client: Client, peer: Any) -> None:
    fields = form_of(letter(), website="https://example.org")
    asked = client.post(FORM, fields)
    html = asked.content.decode()

    assert asked.status_code == 400
    assert not Petition.objects.exists()
    assert asked.context["form"]["body"].value() == letter()["body"]
    left, right = asked.context["form"].sum.left, asked.context["form"].sum.right
    assert f"{left}加{right}等于几" in visible_text(html)
    token = hidden_fields(html)["sum"]

    assert client.post(FORM, fields | {"sum": token, "answer": "99"}).status_code == 400
    assert client.post(FORM, fields | {"sum": token, "answer": f" {left + right} "}).status_code == 201


def test_a_sum_is_good_for_its_own_form_alone(client: Client, peer: Any) -> None:
    token = robots.Sum.for_form("k" * 22).token
    left, right, _key = signing.loads(token, salt=robots.ASKED)

    assert robots.is_answered(token, robots._numeral(left + right), key="k" * 22)
    assert not robots.is_answered(token, str(left + right), key="other")
    assert not robots.is_answered("altered", str(left + right), key="k" * 22)


def test_one_quick_form_is_a_person_and_many_are_asked(client: Client, peer: Any, monkeypatch: Any) -> None:
    assert client.post(FORM, form_of(letter())).status_code == 201

    def full(*_: Any) -> None:
        raise throttle.Throttled(60)

    monkeypatch.setattr(robots, "take", full)
    assert client.post(FORM, form_of(letter())).status_code == 400
    slow = signing.dumps(0.0, salt=robots.OPENED)
    assert client.post(FORM, form_of(letter(), opened=slow)).status_code == 201


# --- A code by text message, where a city wants one -------------------------------------------------------------------------


class Kept:
    """Sends nothing, and remembers what it was asked to."""

    texts: list[str] = []

    def send(self, phone: str, text: str) -> None:
        self.texts.append(f"{phone} {text}")


def test_a_phone_number_is_confirmed_where_a_city_wants_it(client: Client, peer: Any, settings: Any) -> None:
    settings.PHONE_CONFIRMATION = f"{__name__}.Kept"
    Kept.texts.clear()
    fields = form_of(letter())

    asked = client.post(FORM, fields)

    assert asked.status_code == 400
    assert set(asked.context["form"].errors) == {"phone_code"}
    (text,) = Kept.texts
    phone, code = text.split()[0], re.findall(r"\d{6}", text.split(maxsplit=1)[1])[0]
    assert phone == letter()["phone"]
    token = hidden_fields(asked.content.decode())["phone_token"]
    assert code not in token
    wrong = "000000" if code != "000000" else "000001"
    assert client.post(FORM, fields | {"phone_token": token, "phone_code": wrong}).status_code == 400
    other = {"phone": "13700003519", "phone_token": token, "phone_code": code}
    assert client.post(FORM, fields | other).status_code == 400
    assert client.post(FORM, fields | {"phone_token": token, "phone_code": code}).status_code == 201
    assert Petition.objects.count() == 1


def test_without_a_number_there_is_nothing_to_confirm(client: Client, peer: Any, settings: Any, capsys: Any) -> None:
    settings.PHONE_CONFIRMATION = "console"

    assert client.post(FORM, form_of(letter(kind="suggestion", phone=...))).status_code == 201
    phone_codes.ConsoleSender().send("1", "a")
    assert capsys.readouterr().out == "[1] a\n"

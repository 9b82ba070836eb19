"""What a submission must be like: the same for the form and for the API."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.enums import PetitionKind
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.exchange.validation import validate_sealed
from petitions import rules
from petitions.api.serializers import SubmissionSerializer
from petitions.models import Petition
from petitions.petition_form import PetitionForm
from tests.petitions.letters import FORM, form_of, letter, opened_by_office, post

pytestmark = pytest.mark.django_db

NAMED = [PetitionKind.CONSULTATION, PetitionKind.COMPLAINT, PetitionKind.HELP]
NAMELESS = [PetitionKind.REPORT, PetitionKind.SUGGESTION]


@pytest.mark.parametrize("kind", PetitionKind.values)
@pytest.mark.parametrize("name", ["", "韦国强"])
@pytest.mark.parametrize("phone", ["", "0788-1234567"])
def test_who_need_not_say_who_they_are(kind, name, phone):
    errors = rules.check_submission({"kind": kind, "name": name, "phone": phone})

    missing = {field for field, value in (("name", name), ("phone", phone)) if not value}
    assert set(errors) == (missing if kind in NAMED else set())


def test_every_kind_is_either_named_or_nameless():
    assert sorted(NAMED + NAMELESS) == sorted(PetitionKind)
    assert frozenset(NAMELESS) == rules.ANONYMOUS_KINDS


@pytest.mark.parametrize("kind", PetitionKind.values)
@pytest.mark.parametrize("wished", [True, False])
def test_a_report_withholds_identity_whatever_was_ticked(kind, wished):
    content = rules.canonical_content(letter(kind=kind, withhold_identity=wished))

    assert content["withhold_identity"] == (wished or kind == "report")


@pytest.mark.parametrize("phone", ["12345", "0788-1234567", "13700003518", "+86 137 0000 3518", "(0788) 123-4567", "1" * 29])
def test_phone_numbers_are_taken_as_people_write_them(phone):
    assert rules.is_phone(phone)


@pytest.mark.parametrize(
    "phone", ["", "1234", "1----", "电话", "1370000３518", "٠١٢٣٤٥", "137 0000 3518 ext 4", "1" * 30, "12345\n", "++12345"]
)
def test_what_is_no_phone_number_is_refused(phone):
    assert not rules.is_phone(phone)


# --- One table for both ways in ------------------------------------------------------------------------------------------

REFUSED = [
    pytest.param({"kind": ...}, {"kind"}, id="no kind"),
    pytest.param({"kind": "praise"}, {"kind"}, id="a kind that is none"),
    pytest.param({"title": ...}, {"title"}, id="no title"),
    pytest.param({"title": "  "}, {"title"}, id="a title of spaces"),
    pytest.param({"title": "灯"}, {"title"}, id="title of 1"),
    pytest.param({"title": "  灯  "}, {"title"}, id="title of 1 between spaces"),
    pytest.param({"title": "长" * 101}, {"title"}, id="title of 101"),
    pytest.param({"body": ...}, {"body"}, id="no body"),
    pytest.param({"body": "四个字的"}, {"body"}, id="body of 4"),
    pytest.param({"body": "长" * 2001}, {"body"}, id="body of 2,001"),
    pytest.param({"place": "长" * 201}, {"place"}, id="place of 201"),
    pytest.param({"name": ""}, {"name"}, id="a complaint without a name"),
    pytest.param({"name": "   "}, {"name"}, id="a complaint by spaces"),
    pytest.param({"phone": ...}, {"phone"}, id="a complaint without a phone number"),
    pytest.param({"name": "", "phone": ""}, {"name", "phone"}, id="neither"),
    pytest.param({"name": "长" * 61}, {"name"}, id="name of 61"),
    pytest.param({"phone": "see my letter"}, {"phone"}, id="no phone number"),
    pytest.param({"phone": "1" * 31}, {"phone"}, id="phone number of 31"),
    pytest.param({"kind": "report", "phone": "x"}, {"phone"}, id="a report's phone number that is none"),
    pytest.param({"email": "nobody"}, {"email"}, id="no e-mail address"),
    pytest.param({"email": "a" * 243 + "@example.com"}, {"email"}, id="an e-mail address of 255"),
    pytest.param({"about_person": "长" * 61}, {"about_person"}, id="person of 61"),
    pytest.param({"unit_code": "nowhere"}, {"unit_code"}, id="a unit that is none"),
    pytest.param({"unit_code": "rsks"}, {"unit_code"}, id="a unit that takes no petitions"),
    pytest.param({"about_unit_code": "nowhere"}, {"about_unit_code"}, id="about a unit that is none"),
    pytest.param({"unit_code": "gaj", "about_unit_code": "gaj"}, {"unit_code"}, id="judge in its own cause"),
    pytest.param({"title": "路灯\0不亮"}, {"title"}, id="a zero byte"),
]

TAKEN = [
    pytest.param({}, id="as it is"),
    pytest.param({"title": "路灯"}, id="title of 2"),
    pytest.param({"title": "长" * 100}, id="title of 100"),
    pytest.param({"title": "🏮" * 100}, id="title of 100 beyond the basic plane"),
    pytest.param({"body": "五个字就够"}, id="body of 5"),
    pytest.param({"body": "长" * 2000}, id="body of 2,000"),
    pytest.param({"body": "一行\n" * 500 + "末"}, id="body of many lines"),
    pytest.param({"body": "长\n" * 999 + "末尾"}, id="body of 2,000 with every other a new line"),
    pytest.param({"place": "长" * 200}, id="place of 200"),
    pytest.param({"title": "  路灯不亮 ", "body": "\n路灯三天不亮。\n"}, id="space around"),
    pytest.param({"title": "<script>alert(1)</script>", "body": "a & b < c > d \" '"}, id="markup is text"),
    pytest.param({"kind": "report", "name": ..., "phone": ...}, id="a report without a name"),
    pytest.param({"kind": "suggestion", "name": "", "phone": ""}, id="a suggestion without a name"),
    pytest.param({"kind": "report", "withhold_identity": False}, id="a report with a name"),
    pytest.param({"unit_code": "gaj", "about_unit_code": "zjj", "about_person": "某科长"}, id="about another unit"),
    pytest.param({"email": "a@example.com", "urgent": True, "allow_publication": True}, id="all wishes"),
    pytest.param({"email": "a" * 242 + "@example.com"}, id="an e-mail address of 254"),
]


@pytest.mark.parametrize(("changes", "fields"), REFUSED)
def test_form_and_api_refuse_the_same(client, units, changes, fields):
    by_api = post(client, letter(**changes))
    by_form = client.post(FORM, form_of(letter(**changes)))

    assert (by_api.status_code, by_form.status_code) == (400, 400)
    assert set(by_api.json()["errors"]) == fields
    assert set(by_form.context["form"].errors) == fields
    assert not Petition.objects.exists()


@pytest.mark.parametrize("changes", TAKEN)
def test_form_and_api_take_the_same_and_make_the_same_of_it(client, peer, units, changes):
    by_api = post(client, letter(**changes))
    # Browsers send CR LF for a line's end.
    typed = {name: value.replace("\n", "\r\n") for name, value in form_of(letter(**changes)).items()}
    by_form = client.post(FORM, typed)

    assert (by_api.status_code, by_form.status_code) == (201, 201)
    first, second = (opened_by_office(peer, sent) for sent in OutgoingMessage.objects.order_by("id"))
    assert first | {"privacy_version": rules.PRIVACY_VERSION} == second


@pytest.mark.parametrize("field", ["withhold_identity", "allow_publication"])
def test_the_api_wants_consent_said_in_so_many_words(client, field):
    assert set(post(client, letter(**{field: ...})).json()["errors"]) == {field}
    assert set(post(client, letter(**{field: None})).json()["errors"]) == {field}


def test_the_form_wants_the_privacy_notice_read(client):
    response = client.post(FORM, form_of(letter(), consent=""))

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"consent"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"representatives": [{"name": "甲", "phone": "12345"}] * 6}, "representatives", id="six"),
        pytest.param({"representatives": [{"name": "甲"}]}, "representatives", id="without a phone number"),
        pytest.param({"representatives": [{"name": "甲", "phone": "nonsense"}]}, "representatives", id="no phone number"),
        pytest.param({"representatives": [{"name": "甲", "phone": "12345", "x": 1}]}, "representatives", id="unknown inside"),
        pytest.param({"representatives": {"name": "甲"}}, "representatives", id="not a list"),
        pytest.param({"on_behalf_of": {"name": "甲"}}, "on_behalf_of", id="without a relation"),
        pytest.param({"on_behalf_of": "甲"}, "on_behalf_of", id="not an object"),
        pytest.param({"privacy_version": "x" * 21}, "privacy_version", id="a long version"),
        pytest.param({"colour": "red"}, "colour", id="unknown"),
        pytest.param({"kind": ["complaint"]}, "kind", id="a list for a kind"),
        pytest.param({"title": {"a": 1}}, "title", id="an object for a title"),
        pytest.param({"title": True}, "title", id="a boolean for a title"),
        pytest.param({"urgent": "perhaps"}, "urgent", id="no boolean"),
    ],
)
def test_what_only_the_api_can_be_sent_is_held_to_rules_too(client, changes, field):
    response = post(client, letter(**changes))

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {field}


def test_people_who_write_together_or_for_another_are_kept(client, peer):
    people = [{"name": f"代表{n}", "phone": "0788-1234567"} for n in range(5)]
    response = post(client, letter(representatives=people, on_behalf_of={"name": "老人", "relation": "母子"}))

    assert response.status_code == 201
    content = opened_by_office(peer, OutgoingMessage.objects.get())
    assert content["representatives"] == people
    assert content["on_behalf_of"] == {"name": "老人", "relation": "母子"}


# --- Whatever is let in can cross the bridge -----------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8"), max_size=70)
SOME = st.none() | TEXT
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(PetitionKind.values),
    "title": st.text(st.characters(codec="utf-8"), min_size=1, max_size=110),
    "body": st.text(st.characters(codec="utf-8"), min_size=4, max_size=60),
    "withhold_identity": st.booleans(),
    "allow_publication": st.booleans(),
}
OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "place": TEXT,
    "about_person": TEXT,
    "name": TEXT,
    "phone": st.from_regex(rules.PHONE_PATTERN, fullmatch=True) | TEXT,
    "email": st.emails() | TEXT,
    "urgent": st.booleans(),
    "privacy_version": st.text("0123456789-", max_size=22),
    "representatives": st.lists(st.fixed_dictionaries({"name": TEXT, "phone": TEXT}), max_size=6),
    "on_behalf_of": st.none() | st.fixed_dictionaries({"name": TEXT, "relation": TEXT}),
}


@settings(max_examples=150, deadline=None)
@given(fields=st.fixed_dictionaries(FIELDS, optional=OPTIONAL))
def test_what_the_api_lets_in_fits_the_bridges_schema(fields):
    body = SubmissionSerializer(data=fields)
    if body.is_valid():
        validate_sealed("petition.submitted", 1, rules.canonical_content(body.validated_data))


@settings(max_examples=60, deadline=None)
@given(fields=st.fixed_dictionaries(FIELDS, optional={name: OPTIONAL[name] for name in ("place", "name", "phone", "email")}))
def test_what_the_form_lets_in_fits_the_bridges_schema(fields):
    form = PetitionForm(form_of(fields))
    if form.is_valid():
        validate_sealed("petition.submitted", 1, rules.canonical_content(form.submission()))

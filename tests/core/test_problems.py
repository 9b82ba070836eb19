"""Errors of an API say what went wrong in one shape (RFC 9457) and in the caller's language."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import InvalidKey, KeyReused
from core.middleware import ApiLanguageMiddleware
from core.problems import Conflict, Unavailable, refuse_unknown_query
from core.serializers import StrictSerializer

# Made anew for each request: an exception takes the language in which it is made.
ERRORS: dict[str, Callable[[], Exception]] = {
    "http404": lambda: Http404("no page row 7"),
    "not-found": lambda: exceptions.NotFound(),
    "denied": lambda: PermissionDenied("secret rule"),
    "forbidden": lambda: exceptions.PermissionDenied(),
    "conflict": lambda: Conflict("taken"),
    "key-reused": lambda: KeyReused("x"),
    "invalid-key": lambda: InvalidKey("x"),
    "unavailable": lambda: Unavailable("later"),
    "throttled": lambda: exceptions.Throttled(wait=41.2),
    "media": lambda: exceptions.UnsupportedMediaType("text/plain"),
    "parse": lambda: exceptions.ParseError(),
    "text": lambda: exceptions.ValidationError("just a text"),
    "bug": lambda: ZeroDivisionError("internal"),
}

# Wagtail looks for a redirect whenever something is not found.
pytestmark = pytest.mark.django_db


class InnerSerializer(StrictSerializer):
    name = serializers.CharField(max_length=3)


class OuterSerializer(StrictSerializer):
    title = serializers.CharField()
    people = InnerSerializer(many=True, required=False)


class RaisingView(APIView):
    def get(self, request: Request, name: str) -> Response:
        raise ERRORS[name]()


class TakingView(APIView):
    def post(self, request: Request) -> Response:
        refuse_unknown_query(request, "page")
        body = OuterSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data)


# The site's own addresses stay, because its middleware may need them.
urlpatterns = [
    path("api/raise/<str:name>/", RaisingView.as_view()),
    path("api/take/", TakingView.as_view()),
    *importlib.import_module(settings.ROOT_URLCONF).urlpatterns,
]


@pytest.fixture(autouse=True)
def _addresses() -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def get(client: Any, name: str, language: str = "en") -> Any:
    return client.get(f"/api/raise/{name}/", headers={"accept-language": language})


def post(client: Any, body: Any, query: str = "", language: str = "en") -> Any:
    raw = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"/api/take/{query}", raw, content_type="application/json", headers={"accept-language": language})


@pytest.mark.parametrize(
    ("name", "status", "title"),
    [
        ("http404", 404, "Not found"),
        ("not-found", 404, "Not found"),
        ("denied", 403, "Not allowed"),
        ("forbidden", 403, "Not allowed"),
        ("conflict", 409, "Conflict"),
        ("key-reused", 409, "Conflict"),
        ("invalid-key", 400, "Invalid request"),
        ("unavailable", 503, "Not available"),
        ("throttled", 429, "Too many requests"),
        ("media", 415, "Unsupported content type"),
        ("parse", 400, "Invalid request"),
        ("text", 400, "Invalid request"),
    ],
)
def test_every_error_has_the_shape_of_the_rfc(client, name, status, title):
    response = get(client, name)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) - {"errors"} == {"type", "title", "status", "detail"}
    assert (body["type"], body["title"], body["status"]) == ("about:blank", title, status)
    assert body["detail"]


@pytest.mark.parametrize("name", ["http404", "denied"])
def test_what_an_exception_says_to_programmers_stays_inside(client, name):
    assert b"secret" not in get(client, name).content
    assert b"row 7" not in get(client, name).content


def test_whoever_is_throttled_learns_how_long(client):
    assert get(client, "throttled")["Retry-After"] == "42"


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client):
    response = client.delete("/api/take/")

    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert "POST" in response["Allow"]


@pytest.mark.parametrize(
    ("body", "query", "fields"),
    [
        pytest.param({}, "", {"title"}, id="missing"),
        pytest.param({"title": "a", "colour": 1}, "", {"colour"}, id="unknown field"),
        pytest.param({"title": ""}, "", {"title"}, id="empty"),
        pytest.param({"title": "a", "people": [{"name": "b"}, {"name": "long"}]}, "", {"people"}, id="inside a list"),
        pytest.param({"title": "a", "people": [{"name": "b", "age": 3}]}, "", {"people"}, id="unknown inside a list"),
        pytest.param({"title": "a"}, "?colour=1&page=2&size=3", {"colour", "size"}, id="unknown parameters"),
        pytest.param([], "", {"non_field_errors"}, id="a list"),
        pytest.param("null", "", {"non_field_errors"}, id="null"),
        pytest.param("7", "", {"non_field_errors"}, id="a number"),
    ],
)
def test_bad_input_is_named_field_by_field(client, body, query, fields):
    response = post(client, body, query)

    assert response.status_code == 400
    errors = response.json()["errors"]
    assert set(errors) == fields
    assert all(isinstance(message, str) and message for messages in errors.values() for message in messages)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("{", id="cut off"),
        pytest.param('{"title": NaN}', id="not a number"),
        pytest.param("[" * 100_000, id="deeper than Python goes"),
        pytest.param('{"title": "\\ud800"}', id="half a character"),
        pytest.param('{"\\ud800": 1}', id="half a character as a name"),
        pytest.param('{"title": {"\\ud800": "\\udfff"}}', id="half a character inside"),
    ],
)
def test_json_that_is_none_is_refused_and_never_breaks_the_server(client, raw):
    response = post(client, raw)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "nonsense"])
def test_json_is_utf_8_whatever_the_header_says(client, charset):
    """RFC 8259, section 8.1."""
    raw = json.dumps({"title": "路灯"}, ensure_ascii=False).encode()

    response = client.generic("POST", "/api/take/", raw, content_type=f"application/json; charset={charset}")

    assert response.json() == {"title": "路灯"}


def test_json_in_another_encoding_is_refused(client):
    response = client.generic("POST", "/api/take/", '{"title": "路灯"}'.encode("gb18030"), content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("language", "content_language", "detail"),
    [
        ("en", "en", "Not found."),
        ("en-GB,en;q=0.8", "en", "Not found."),
        ("zh-hans", "zh-hans", "未找到。"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh-hans", "未找到。"),
        ("fr, en;q=0.4", "en", "Not found."),
        ("fr", "zh-hans", "未找到。"),
        ("", "zh-hans", "未找到。"),
        (";;;=q,,\x00", "zh-hans", "未找到。"),
    ],
)
def test_the_caller_chooses_the_language(client, language, content_language, detail):
    response = get(client, "not-found", language)

    assert response["Content-Language"] == content_language
    assert "Accept-Language" in response["Vary"]
    assert response.json()["detail"] == detail


def test_field_errors_are_said_in_the_callers_language(client):
    said = {language: post(client, {}, language=language).json()["errors"]["title"] for language in ("zh-hans", "en")}

    assert said["en"] == ["This field is required."]
    assert not said["zh-hans"][0].isascii()


def test_a_bug_is_no_answer(client):
    """What is no API exception goes on to Django's own handling and its report."""
    with pytest.raises(ZeroDivisionError):
        get(client, "bug")


def test_only_apis_take_their_language_from_the_header():
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    middleware, header = ApiLanguageMiddleware(view), {"accept-language": "en"}
    with translation.override("zh-hans"):
        middleware(RequestFactory().get("/api/v1/x/", headers=header))
        page = middleware(RequestFactory().get("/petitions/", headers=header))

    assert seen == ["en", "zh-hans"]
    assert "Content-Language" not in page

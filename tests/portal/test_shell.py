"""The shell keeps its promises on every page: no inline code, no dead link, nothing that a cache must not keep."""

import re
from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from portal.models import ArticlePage, ColumnPage

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/tongzhi/",
    "/tongzhi/tongzhi-0/",
    "/petitions/",
    "/petitions/new/",
    "/petitions/follow/",
    "/login/",
    "/nowhere/",
]


@pytest.fixture
def site(make_column: Callable[..., ColumnPage], make_articles: Callable[..., list[ArticlePage]]) -> None:
    for slug in ("tongzhi", "gongkai", "fuwu"):
        make_articles(make_column(slug, slug), 1)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_inline(client: Client, site: None, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("address", PAGES)
def test_every_internal_link_answers(client: Client, site: None, address: str) -> None:
    html = client.get(address).content.decode()
    links = {link for link in re.findall(r'<a [^>]*href="([^"]+)"', html) if link.startswith("/")}
    assert len(links) > 4
    # The English home is part of the seed, not of this site.
    for link in sorted(links - {"/en/"}):
        assert client.get(link, follow=True).status_code == 200, link


@pytest.mark.parametrize("address", ["/", "/tongzhi/", "/tongzhi/tongzhi-0/", "/petitions/"])
def test_pages_for_everybody_know_no_session(client: Client, site: None, address: str) -> None:
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "current"),
    [("/", "首页"), ("/gongkai/", "政务公开"), ("/tongzhi/tongzhi-0/", "政务公开"), ("/petitions/", "互动交流")],
)
def test_navigation_says_where_one_is(client: Client, site: None, address: str, current: str) -> None:
    html = client.get(address).content.decode()
    assert re.findall(r'aria-current="true">([^<]+)</a></li>', html.split("<main")[0]) == [current]


def test_navigation_offers_no_empty_column(client: Client, make_column: Callable[..., ColumnPage]) -> None:
    make_column("fuwu", "办事指南")
    assert "办事服务" not in client.get("/").content.decode().split("<main")[0]


@pytest.mark.parametrize("name", ["errors/csrf.html", "errors/conflict.html"])
def test_messages_with_the_shell(rf: RequestFactory, site: None, name: str) -> None:
    request = rf.get("/petitions/new/")
    request.resolver_match = None
    assert 'href="/petitions/' in render_to_string(name, request=request)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["500.html", "errors/unavailable.html"])
def test_messages_without_a_database(rf: RequestFactory, django_assert_num_queries: Callable, name: str, language: str) -> None:
    """They are shown when the database is the trouble."""
    with translation.override(language), django_assert_num_queries(0):
        html = render_to_string(name, request=rf.get("/"))
    assert "tel:12345" in html


def test_server_error_page_needs_no_context() -> None:
    """Django renders it without a request."""
    assert "云岭市人民政府" in render_to_string("500.html")

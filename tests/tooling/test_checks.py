"""The checks find what they are there to find."""

import textwrap
from pathlib import Path

import pytest

from deploy.local import catalogues, template_lint
from deploy.local.steps import Check, Command, Report
from deploy.local.trees import is_removed

REFUSED = {
    '<p style="color: red">': "style attribute",
    "<p class='a'\n   style = 'x'>": "style attribute",
    "<script>x()</script>": "inline script",
    '<button onclick="x()">': "inline event handler",
    "<input OnFocus=x>": "inline event handler",
    '<p hx-on:click="x()">': "hx-on",
    "<p hx-vals='js:{a: 1}'>": "js: is evaluated",
    '<p hx-trigger="keyup[key==1] changed">': "trigger filters",
    '<p x-html="text">': "x-html",
    '<p x-data="{ open: false }">': "Alpine.data",
    '<a href="javascript:x()">': "javascript: address",
    '<a href="#">': "leads nowhere",
    '<a class="b" href="">': "leads nowhere",
    "{{ text|safe }}": "|safe",
    "{% autoescape off %}": "autoescape",
    "<style>p {}</style>": "inline style sheet",
    '<img src="x.png">': "without alt",
    '<a href="/x" target="_blank">': "noopener",
}
ACCEPTED = [
    '<script src="{% static "js/site.js" %}" defer></script>',
    '<script type="application/json">{}</script>',
    '<a href="{% url "petitions:new" %}">x</a>',
    "<a href='#main'>x</a>",
    '<a href="{{ link }}"{% if here %} aria-current="page"{% endif %}>x</a>',
    '<p x-data="menu" data-style="x">',
    '<img src="x.png" alt="">',
    '{# <p style="x"> #}<!-- <p onclick="x"> -->',
    "<p>once upon a time, on=1</p>",
    '<form hx-post="/x" hx-trigger="change delay:500ms">',
]


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_template_lint_refuses(text: str, reason: str) -> None:
    assert any(reason in complaint for _line, complaint in template_lint.complaints(text))


@pytest.mark.parametrize("text", ACCEPTED)
def test_template_lint_accepts(text: str) -> None:
    assert list(template_lint.complaints(text)) == []


def test_template_lint_names_the_line() -> None:
    assert [line for line, _ in template_lint.complaints("<p>\n{# a\n#}\n<p style='x'>")] == [4]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A tree with one app that says three things."""
    folder = tmp_path / "petitions"
    (folder / "templates").mkdir(parents=True)
    (folder / "models.py").write_text('from x import gettext_lazy as _, ngettext\nA = _("Number %(n)s")\n')
    (folder / "templates" / "a.html").write_text(
        "{% load i18n %}\n   {% translate 'Hello' context 'greeting' %}\n"
        "{% blocktranslate count n=n %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}"
    )
    return folder


def write_catalogue(app: Path, text: str) -> None:
    path = app / "locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogues.HEADER + textwrap.dedent(text))


COMPLETE = """
    msgctxt "greeting"
    msgid "Hello"
    msgstr "您好"

    msgid "Number %(n)s"
    msgstr "编号 %(n)s"

    msgid "%(n)s case"
    msgid_plural "%(n)s cases"
    msgstr[0] "%(n)s 件"
"""


def test_a_complete_catalogue_is_good_and_extracting_changes_nothing(app: Path) -> None:
    write_catalogue(app, COMPLETE)
    assert catalogues.check(app.parent) == []
    catalogues.extract(app.parent)
    first = (app / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    assert catalogues.check(app.parent) == []
    catalogues.extract(app.parent)
    assert (app / "locale/zh_Hans/LC_MESSAGES/django.po").read_text() == first


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('msgstr "您好"', 'msgstr ""'), "no Chinese for 'Hello'"),
        (('msgctxt "greeting"', 'msgctxt "other"'), "no Chinese for 'Hello'"),
        (('msgid "Number', '#, fuzzy\n    msgid "Number'), "fuzzy: 'Number %(n)s'"),
        (("编号 %(n)s", "编号"), "other placeholders"),
        (("编号 %(n)s", "编号 %(m)s"), "other placeholders"),
        (("\n    msgid", '\n    msgid "Gone"\n    msgstr "没了"\n\n    msgid'), "nothing uses 'Gone'"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_said(app: Path, change: tuple[str, str], complaint: str) -> None:
    write_catalogue(app, COMPLETE.replace(*change, 1))
    assert any(complaint in found for found in catalogues.check(app.parent))


def test_extract_adds_what_is_new_and_drops_what_is_gone(app: Path) -> None:
    write_catalogue(app, '\nmsgid "Gone"\nmsgstr "没了"\n\nmsgctxt "greeting"\nmsgid "Hello"\nmsgstr "您好"\n')
    catalogues.extract(app.parent)
    text = (app / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    assert "Gone" not in text
    assert 'msgstr "您好"' in text
    assert 'msgid_plural "%(n)s cases"' in text


def test_two_apps_of_one_site_say_an_id_alike(app: Path) -> None:
    other = app.parent / "portal"
    other.mkdir()
    (other / "models.py").write_text('A = gettext("Number %(n)s")\n')
    write_catalogue(app, COMPLETE)
    write_catalogue(other, '\nmsgid "Number %(n)s"\nmsgstr "号码 %(n)s"\n')
    (complaint,) = catalogues.check(app.parent)
    assert complaint == "'Number %(n)s' is '号码 %(n)s' in portal but '编号 %(n)s' in petitions"


@pytest.mark.parametrize(
    ("site", "name", "removed"),
    [
        ("portal", "internal_bridge/__init__.py", False),
        ("portal", "internal_bridge/exchange/public.py", False),
        ("portal", "internal_bridge/casework/models.py", True),
        ("portal", "portal/models.py", False),
        ("office", "portal/models.py", True),
        ("office", "petitions/models.py", True),
        ("office", "surveys/apps.py", True),
        ("office", "search/apps.py", False),
        ("office", "internal_bridge/casework/models.py", False),
    ],
)
def test_reduced_trees_lack_the_other_site(site: str, name: str, removed: bool) -> None:
    assert is_removed(site, name) is removed


def test_report_fails_when_one_check_fails(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.run_all([Command("good", ["true"]), Command("bad", ["sh", "-c", "echo what is wrong; exit 1"])], at_once=2)
    report.run(Check("also bad", lambda: ["first", "second"]))
    assert report.failed == ["bad", "also bad"]
    assert report.conclude("make test") == 1
    assert "what is wrong" in capsys.readouterr().out

"""An undefined variable fails in our own templates and is let pass in those of others."""

from pathlib import Path

import pytest
from django.template import Context, Engine

from tests.undefined_variables import OURS, Undefined, UndefinedVariable


def render(folder: Path, text: str) -> str:
    (folder / "page.html").write_text(text)
    engine = Engine(dirs=[str(folder)], string_if_invalid=Undefined())
    return engine.get_template("page.html").render(Context({"known": "here"}))


@pytest.fixture
def our_folder() -> Path:
    folder = OURS / "build" / "scratch" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(
    "text", ["{{ unknown }}", "{{ known.unknown }}", "{{ unknown|upper }}", "{% if known %}{{ unknown }}{% endif %}"]
)
def test_ours_fail(our_folder: Path, text: str) -> None:
    with pytest.raises(UndefinedVariable, match=r"unknown in .*page\.html"):
        render(our_folder, text)


def test_ours_may_ask_whether_something_is_there(our_folder: Path) -> None:
    assert render(our_folder, "{{ known }}{% if unknown %}x{% endif %}") == "here"


def test_those_of_others_render_as_ever(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ unknown }}{{ unknown|default:'a' }}") == "a"

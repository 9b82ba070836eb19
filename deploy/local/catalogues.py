"""Message catalogues: ``python -m deploy.local.catalogues {extract|compile|check}``.

Babel reads our code, Django's own ``templatize`` turns templates into code first. Each app keeps the Chinese of the ids that
it uses; ``config`` is no app, core keeps its ids. Files are written sorted, without line numbers and dates, so that a diff
shows what was said anew and nothing else.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.utils.translation.template import templatize

from deploy.local.places import PACKAGES, ROOT

LOCALE = "zh_Hans"
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: zhengqiao\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
ONE, PLURAL, CONTEXT, BOTH = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    "_": ONE,
    "gettext": ONE,
    "gettext_lazy": ONE,
    "gettext_noop": ONE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": BOTH,
    "npgettext_lazy": BOTH,
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)[^{}]*\}(?!\})|%[sd]")
TEXT_TEMPLATES = {".html", ".txt", ".xml"}
# Sites install these apps together, so one id must not be said in two ways among them.
NOT_IN_THE_OFFICE = {"portal", "petitions", "surveys"}

Key = tuple[str | None, str]


@dataclass
class Entry:
    """One id of an app: its plural, and where it is used (for messages to people, never written to the file)."""

    plural: str | None = None
    uses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class App:
    """A package with a catalogue of its own."""

    name: str
    folder: Path
    sources: tuple[Path, ...]

    @property
    def catalogue(self) -> Path:
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def find_apps(root: Path = ROOT) -> list[App]:
    """Our apps: the top-level packages, and each package inside internal_bridge."""
    folders = [root / name for name in PACKAGES if name not in ("config", "internal_bridge")]
    folders += sorted(path.parent for path in (root / "internal_bridge").glob("*/apps.py"))
    return [
        App(folder.relative_to(root).as_posix(), folder, (folder, root / "config") if folder.name == "core" else (folder,))
        for folder in folders
        if folder.is_dir()
    ]


def read_source(path: Path) -> Iterator[tuple[int, str | None, str, str | None]]:
    """The messages of one file: line, context, id, plural."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Brackets, because a template's indentation means nothing to Python.
        text = f"(\n{templatize(text, origin=str(path))}\n)"
    for line, function, messages, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        spec = KEYWORDS[str(function)]
        given = messages if isinstance(messages, tuple) else (messages,)
        context = given[0] if spec in (CONTEXT, BOTH) else None
        words = given[1:] if spec in (CONTEXT, BOTH) else given
        if words and isinstance(words[0], str) and words[0]:
            plural = words[1] if spec in (PLURAL, BOTH) and len(words) > 1 else None
            yield line, context, words[0], plural


def used_messages(app: App, root: Path = ROOT) -> dict[Key, Entry]:
    """Every id that an app's code and templates use."""
    found: dict[Key, Entry] = {}
    for source in app.sources:
        for path in sorted(source.rglob("*")):
            is_template = path.suffix in TEXT_TEMPLATES and "templates" in path.parts
            if "migrations" in path.parts or not (path.suffix == ".py" or is_template):
                continue
            for line, context, text, plural in read_source(path):
                entry = found.setdefault((context, text), Entry())
                entry.plural = entry.plural or plural
                entry.uses.append(f"{path.relative_to(root)}:{line}")
    return found


def read_catalogue(app: App) -> dict[Key, Message]:
    """What an app's catalogue holds, without its header."""
    if not app.catalogue.exists():
        return {}
    with app.catalogue.open("rb") as file:
        catalogue = read_po(file, locale=LOCALE, charset="utf-8")
    return {(message.context, first(message.id)): message for message in catalogue if message.id}


def first(value: str | list[str] | tuple[str, ...]) -> str:
    """The singular id, or the one Chinese form."""
    return value if isinstance(value, str) else value[0]


def render(key: Key, entry: Entry, known: Message | None) -> str:
    """One entry as it stands in the file; a translation that is known is kept."""
    context, text = key
    lines = [f"# {comment}" for comment in (known.user_comments if known else [])]
    flags = sorted((known.flags if known else set()) & {"fuzzy", "python-format", "python-brace-format"})
    if flags:
        lines.append(f"#, {', '.join(flags)}")
    if context is not None:
        lines.append(f"msgctxt {normalize(context)}")
    lines.append(f"msgid {normalize(text)}")
    translation = normalize(first(known.string) if known and known.string else "")
    if entry.plural:
        lines += [f"msgid_plural {normalize(entry.plural)}", f"msgstr[0] {translation}"]
    else:
        lines.append(f"msgstr {translation}")
    return "\n".join(lines) + "\n"


def extract(root: Path = ROOT) -> None:
    """Bring every catalogue up to date with the code: new ids stand there untranslated, unused ones are gone."""
    for app in find_apps(root):
        used, known = used_messages(app, root), read_catalogue(app)
        if not used:
            app.catalogue.unlink(missing_ok=True)
            continue
        entries = [render(key, used[key], known.get(key)) for key in sorted(used, key=lambda key: (key[1], key[0] or ""))]
        app.catalogue.parent.mkdir(parents=True, exist_ok=True)
        app.catalogue.write_text("\n".join([HEADER, *entries]), encoding="utf-8")


def compile_all(root: Path = ROOT) -> None:
    """Write the binary catalogue beside each text one."""
    for app in find_apps(root):
        if not app.catalogue.exists():
            continue
        with app.catalogue.open("rb") as source:
            catalogue = read_po(source, locale=LOCALE, charset="utf-8")
        with app.catalogue.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def placeholders(text: str) -> set[str]:
    return {match.group(0).replace(" ", "") for match in PLACEHOLDER.finditer(text)}


def complaints_of_app(app: App, root: Path) -> Iterator[str]:
    """What is wrong with one app's catalogue."""
    used, known = used_messages(app, root), read_catalogue(app)
    name = app.catalogue.relative_to(root)
    for key, entry in used.items():
        message = known.get(key)
        if message is None or not message.string or not first(message.string):
            yield f"{name}: no Chinese for {key[1]!r} ({entry.uses[0]})"
        elif message.fuzzy:
            yield f"{name}: fuzzy: {key[1]!r}"
        elif placeholders(first(message.string)) != placeholders(entry.plural or key[1]):
            yield f"{name}: other placeholders in the Chinese of {key[1]!r}"
        elif entry.plural and not isinstance(message.id, list | tuple):
            yield f"{name}: {key[1]!r} has a plural in the code and none in the catalogue"
    yield from (f"{name}: nothing uses {key[1]!r}" for key in known if key not in used)


def complaints_between_apps(apps: list[App]) -> Iterator[str]:
    """Ids that two apps of one site say differently: which of them would win is chance."""
    for office in (False, True):
        said: dict[Key, tuple[str, str]] = {}
        for app in apps:
            outside = app.name.startswith("internal_bridge/") and not app.name.endswith("/exchange")
            if (office and app.name in NOT_IN_THE_OFFICE) or (not office and outside):
                continue
            for key, message in read_catalogue(app).items():
                text = first(message.string) if message.string else ""
                other, before = said.setdefault(key, (app.name, text))
                if before != text:
                    yield f"{key[1]!r} is {before!r} in {other} but {text!r} in {app.name}"


def check(root: Path = ROOT) -> list[str]:
    """Every complaint about the catalogues; none when the Chinese is complete."""
    apps = find_apps(root)
    found = [complaint for app in apps for complaint in complaints_of_app(app, root)]
    return found + sorted(set(complaints_between_apps(apps)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["extract", "compile", "check"])
    action = parser.parse_args().action
    if action == "check":
        found = check()
        print("\n".join(found))
        sys.exit(1 if found else 0)
    {"extract": extract, "compile": compile_all}[action]()


if __name__ == "__main__":
    main()

"""Tests of the test: what is planted against the rules is found, each kind by the rule that is there for it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.places import tool
from tests.architecture import boundaries, layout
from tests.architecture.sources import ROOT, TOP_LEVEL

# Planted imports: where, what, and the name of the contract that must break.
IMPORTS = [
    ("core/planted.py", "import search.apps\n", "The portal's packages stand on each other in one order"),
    (
        "internal_bridge/desk/planted.py",
        "import petitions.enums\n",
        "The bridge and the office know nothing of the public site",
    ),
    ("internal_bridge/exchange/planted.py", "import internal_bridge.desk.apps\n", "The office's packages stand on each other"),
    (
        "internal_bridge/casework/planted.py",
        "import internal_bridge.exchange.models\n",
        "The office's features, too, use the bridge",
    ),
    ("petitions/planted.py", "import internal_bridge.exchange.models\n", "Of internal_bridge the outside imports"),
    ("search/planted.py", "import internal_bridge.exchange.public\n", "core and search never import the bridge"),
    (
        "internal_bridge/desk/planted_models.py",
        "import internal_bridge.casework.models\n",
        "casework's models are casework's own",
    ),
    ("surveys/planted.py", "import config.celery\n", "Nobody imports the sites' settings package"),
]

# Planted strings: where, what, and the rule that must complain.
STRINGS = [
    ("internal_bridge/casework/planted.py", 'REFERENCE = "petitions.Petition"\n', boundaries.model_references),
    (
        "petitions/planted.py",
        "from django.apps import apps\nX = apps.get_model('casework', 'Case')\n",
        boundaries.model_references,
    ),
    ("portal/planted.py", 'REFERENCE = "petitions.Petition"\n', boundaries.model_references),
    ("petitions/planted.py", 'TASK = "internal_bridge.casework.tasks.close_cases"\n', boundaries.dotted_names),
    ("core/planted.py", 'TASK = "internal_bridge.exchange.tasks.apply_waiting_messages"\n', boundaries.dotted_names),
    ("petitions/planted.py", 'TASK = "internal_bridge.exchange.tasks.apply_waiting_messages"\n', boundaries.dotted_names),
    ("internal_bridge/casework/planted.py", 'PAGE = "desk:home"\n', boundaries.addresses),
    ("internal_bridge/desk/templates/planted.html", "<a href=\"{% url 'petitions:new' %}\">x</a>\n", boundaries.addresses),
    ("core/planted.py", "from django.conf import settings\nX = settings.EXCHANGE_PARTY\n", boundaries.site_questions),
    ("portal/planted.py", 'import os\nX = os.environ["DJANGO_SETTINGS_MODULE"]\n', boundaries.site_questions),
    ("portal/planted.py", "from petitions.models import Petition\n", boundaries.shared_models),
    ("search/utils.py", "X = 1\n", layout.names),
    ("search/planted.py", "X = 1\n" * 351, layout.lengths),
]


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of our packages."""
    for name in TOP_LEVEL:
        ignore = shutil.ignore_patterns("__pycache__", "frontend", "demo", "locale")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    return tmp_path


@pytest.mark.parametrize(("name", "text", "rule"), STRINGS)
def test_planted_string_is_found(house: Path, name: str, text: str, rule: Callable[[Path], list[str]]) -> None:
    before = rule(house)
    plant(house, name, text)
    (complaint,) = set(rule(house)) - set(before)
    assert complaint.startswith(name)


def lint_imports(house: Path) -> tuple[int, str]:
    shutil.copy(ROOT / "pyproject.toml", house)
    done = subprocess.run(
        [tool("lint-imports"), "--no-cache", "--no-logo"],
        cwd=house,
        # Wide, so that no line of the answer is wrapped.
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_planted_imports_are_found(house: Path) -> None:
    for name, text, _contract in IMPORTS:
        plant(house, name, text)
    code, answer = lint_imports(house)
    assert code == 1
    # Below "Broken contracts" each broken contract stands as a headline, its imports below it.
    broken = answer.partition("Broken contracts")[2]
    for name, _text, contract in IMPORTS:
        importer = name.removesuffix(".py").replace("/", ".")
        assert contract in broken, answer
        chapter = broken.partition(contract)[2].partition("\n---")[2].partition("\n---")[0]
        assert importer in chapter, f"{importer} not below {contract}:\n{answer}"


def test_nothing_planted_nothing_found(house: Path) -> None:
    code, answer = lint_imports(house)
    assert code == 0, answer

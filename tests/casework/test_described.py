"""The page of a case's life says what the table says."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from internal_bridge.casework.life.describing import describe_life
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.life.table import ROWS
from internal_bridge.casework.management.commands.describe_life import PAGE


def test_the_page_is_up_to_date():
    """If not: ``manage.py office describe_life --write``."""
    assert (Path(settings.BASE_DIR) / PAGE).read_text(encoding="utf-8") == describe_life()


def test_it_is_printed_without_being_written(capsys):
    call_command("describe_life")
    assert capsys.readouterr().out == describe_life()


def test_it_tells_of_every_action_and_every_reason():
    page = describe_life()
    assert [row.action for row in ROWS if f"| `{row.action.value}` |" not in page] == []
    assert [code for code in WORDS if f"| `{code}` |" not in page] == []

"""Limits: the rows of ``matrix.py`` for policies, their rules and what a case would have."""

from tests.isolation.actors import OFFICIALS
from tests.isolation.rows import Row

ROWS: dict[str, Row] = {
    # Asked without its query: everybody who works here is told what is missing.
    "deadlines_preview": Row(OFFICIALS, get=400, api=True),
}

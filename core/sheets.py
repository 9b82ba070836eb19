"""CSV for spreadsheet programs: UTF-8 with a byte order mark, and nothing in it that they calculate."""

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
# A cell that begins with one of these is a formula to a spreadsheet program.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def sheet_line(cells: Iterable[str]) -> str:
    """One line; a cell that would be calculated gets an apostrophe before it (OWASP, CSV injection)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return buffer.getvalue()

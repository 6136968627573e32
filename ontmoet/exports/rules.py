"""Which text a spreadsheet would take for a formula, and why no file is made."""

from __future__ import annotations

import re
from enum import StrEnum

_FORMULA = re.compile(r"'*\s*[\t\r\n\0=+\-@\uff1d\uff0b\uff0d\uff20]")
"""Also after spaces, and the wide signs of Asian keyboards: some programs take those for formulas too."""


class Format(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class Reason(StrEnum):
    """Why no file is made."""

    BUSY = "busy"
    TOO_MANY = "too_many"


def inert(text: str) -> str:
    """The text as a cell of CSV that no spreadsheet works out: what could be a formula gets a `'`.

    So does what would be one but for the `'`s before it. Whoever takes one `'` away from each text that has
    one and could be a formula, has the texts again.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(cell: str) -> str:
    """The text that `inert` made this cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

"""Text as a cell of CSV: which text a spreadsheet would work out, and what is done about it."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*\s*[\t\r\n\0=+\-@\uff1d\uff0b\uff0d\uff20]")
"""Also after spaces, and the wide signs of Asian keyboards: some programs take those for formulas too."""


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet works out: what could be a formula gets a `'`.

    So does what would be one but for the `'`s before it: then `as_it_was` gives every text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(cell: str) -> str:
    """The text that `inert` made this cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

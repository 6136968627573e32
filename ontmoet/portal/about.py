"""What the public pages about privacy and accessibility say that is known elsewhere in the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ontmoet.my_data.wording import OUTCOMES, how_long

from .retention import RETENTIONS

if TYPE_CHECKING:
    from ontmoet.kernel.retention import Retention

STATED_ON = date(2026, 11, 24)
"""The day on which what the page about accessibility says was last looked at."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """One kind of data in the reader's language."""

    title: str
    what: str
    why: str
    how_long: str
    then: str


def kept_texts() -> dict[str, KeptText]:
    """Every row of the table of retention, by its name; exactly what the jobs carry out."""
    return {row.name: _kept_text(row) for row in RETENTIONS}


def _kept_text(row: Retention) -> KeptText:
    return KeptText(str(row.title), str(row.what), str(row.why), how_long(row), str(OUTCOMES[row.outcome]))

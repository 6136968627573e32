"""What the public pages about privacy and accessibility say that is known elsewhere in the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.retention import Outcome
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .retention import RETENTIONS

if TYPE_CHECKING:
    from ontmoet.kernel.retention import Retention

STATED_ON = date(2026, 11, 24)
"""The day on which what the page about accessibility says was last looked at."""

_OUTCOMES = {Outcome.GONE: _l("Dan wissen we het."), Outcome.NAMELESS: _l("Dan halen we je naam weg.")}


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
    how_long = _("%(term)s %(since)s", term=term_in_words(row.term), since=row.since)
    return KeptText(str(row.title), str(row.what), str(row.why), how_long, str(_OUTCOMES[row.outcome]))


def term_in_words(term: timedelta) -> str:
    """A term in whole days or years."""
    years, days = divmod(term.days, 365)
    if days == 0:
        return ngettext("%(num)s jaar", "%(num)s jaar", years)
    return ngettext("%(num)s dag", "%(num)s dagen", term.days)

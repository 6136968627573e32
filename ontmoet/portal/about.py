"""What the public pages about privacy and accessibility say that is known elsewhere in the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ontmoet.kernel import permissions
from ontmoet.kernel.permissions import GRANTS, Permission
from ontmoet.kernel.retention import Outcome
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .retention import RETENTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ontmoet.kernel.retention import Retention

STATED_ON = date(2026, 11, 24)
"""The day on which what the page about accessibility says was last looked at."""

WHO: Mapping[Callable[..., bool], Any] = {
    permissions.signed_in: _l("iedereen die is ingelogd"),
    permissions.lives_near: _l("bewoners die de ruimte mogen gebruiken"),
    permissions.works_here: _l("vrijwilligers, bestuur en vaste medewerkers van die ruimte"),
    permissions.partner_here: _l("partners van die ruimte"),
    permissions.administers: _l("de beheerder van de corporatie"),
    permissions.booked_it: _l("jijzelf"),
    permissions.decides_here: _l("de agendabeheerder, voorzitter, secretaris en vaste medewerkers"),
}
"""Each predicate of the table of permissions, in words."""

_ASKED: tuple[tuple[Permission, Any], ...] = (
    (Permission.NAMES_SEE, _l("Je naam in de agenda van een ruimte")),
    (Permission.BOOKING_SEE, _l("De pagina van je reservering")),
    (Permission.BOOKING_CHANGE, _l("Je reservering wijzigen")),
    (Permission.BOOKING_CANCEL, _l("Je reservering afzeggen")),
    (Permission.OWN_PAGES, _l("De eigen pagina, ieder alleen die van zichzelf")),
)
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


def who_sees_what() -> list[tuple[str, str]]:
    """What can be seen or done, and by whom, out of the table of permissions."""
    return [
        (str(what), _(" en ").join(str(WHO[predicate]) for predicate in GRANTS[permission]))
        for permission, what in _ASKED
    ]


def _kept_text(row: Retention) -> KeptText:
    how_long = _("%(term)s %(since)s", term=term_in_words(row.term), since=row.since)
    return KeptText(str(row.title), str(row.what), str(row.why), how_long, str(_OUTCOMES[row.outcome]))


def term_in_words(term: timedelta) -> str:
    """A term in whole days or years."""
    years, days = divmod(term.days, 365)
    if days == 0:
        return ngettext("%(num)s jaar", "%(num)s jaar", years)
    return ngettext("%(num)s dag", "%(num)s dagen", term.days)

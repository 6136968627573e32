"""Reasons of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection


ACTIONS = {
    "moved_out": _l("verhuizing opgeschreven"),
    "booking_kept": _l("reservering blijft staan"),
    "series_kept": _l("reeks blijft staan"),
    "died": _l("overlijden opgeschreven"),
    "merged": _l("dubbele persoon samengevoegd"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    return {
        Reason.NOT_YOURSELF: _("Dit kun je niet voor jezelf doen. Vraag het iemand anders."),
        Reason.HEAVIER_THAN_YOURS: _(
            "Deze persoon heeft een functie die jij niet kunt geven. Vraag het een medewerker."
        ),
        Reason.LAST_ADMINISTRATOR: _("Er moet een beheerder blijven. Geef eerst iemand anders deze functie."),
        Reason.NOT_SURE: _("Zet eerst het vinkje. Dit kun je niet terugdraaien."),
        Reason.SAME_PERSON: _("Kies twee verschillende personen."),
        Reason.GONE: _("Deze persoon is er intussen niet meer. Er is niets veranderd."),
        Reason.LIVES_ELSEWHERE: _("Deze persoon hoort nu bij een andere ruimte. Dit kan alleen daar."),
        Reason.TOO_LATE_A_DAY: _("Kies een dag binnen een jaar."),
        Reason.TOO_EARLY_A_DAY: _("Deze dag is te lang geleden. Weet je het zeker? Kies dan vandaag."),
        Reason.LIVES_NOT_HERE: _("Deze persoon heeft hier geen woning. Er is niets veranderd."),
        Reason.LEFT_ALREADY: _("Deze persoon woont hier al niet meer. Kies vandaag of eerder."),
    }[Reason(objection.reason)]

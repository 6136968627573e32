"""Reasons of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.forms import say_reused
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

    from .queries import Agreed

ACTIONS = {
    "house_rules_accepted": _l("meegedaan met de huisregels"),
    "house_rules_published": _l("huisregels gepubliceerd"),
}
"""What happened, in words for whoever it happened to or who did it."""

FEWEST_TOLD = 5
"""Of fewer people a number may tell who they are."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    match Reason(objection.reason):
        case Reason.CHANGED_MEANWHILE:
            return _("De huisregels zijn net veranderd. Lees ze nog een keer.")
        case Reason.PUBLISHED_MEANWHILE:
            return _("Een ander was je net voor. Zo verandert jouw tekst de regels van nu.")
        case Reason.NO_RULES:
            return _("Schrijf minstens één regel op.")
        case Reason.NOTHING_CHANGED:
            return _("Er is nog niets veranderd aan de regels.")
        case Reason.NO_CHANGE_NOTE:
            return _("Zeg in een of twee zinnen wat er verandert en waarom.")
        case Reason.FORM_REUSED:
            return say_reused()


def agreed_line(agreed: Agreed) -> str:
    """How many go along, and how many of them on paper; small numbers are not told."""
    if agreed.people + agreed.organisations < FEWEST_TOLD:
        return _("Nog minder dan %(num)s keer ja gezegd.", num=FEWEST_TOLD)
    people = ngettext("%(num)s persoon doet mee", "%(num)s mensen doen mee", agreed.people)
    parts = [people]
    if agreed.organisations:
        parts.append(ngettext("%(num)s organisatie", "%(num)s organisaties", agreed.organisations))
    if agreed.on_paper >= FEWEST_TOLD:
        parts.append(_("%(num)s op papier", num=agreed.on_paper))
    elif agreed.on_paper:
        parts.append(_("minder dan %(num)s op papier", num=FEWEST_TOLD))
    return ", ".join(parts) + "."

"""Reasons and terms of this slice in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ontmoet.kernel.retention import Outcome
from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import Asked, Reason

if TYPE_CHECKING:
    from datetime import timedelta

    from ontmoet.kernel.objections import Objection
    from ontmoet.kernel.personal import PersonalData
    from ontmoet.kernel.retention import Retention

OUTCOMES = {Outcome.GONE: _l("Dan wissen we het."), Outcome.NAMELESS: _l("Dan halen we je naam weg.")}


ACTIONS = {
    "person_corrected": _l("gegevens verbeterd"),
    "person_exported": _l("gegevens gedownload"),
    "person_seen": _l("gegevens bekeken"),
    "person_erased": _l("gegevens gewist"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    match Reason(objection.reason):
        case Reason.NO_PHONE:
            return _("Dit is geen telefoonnummer. Vul het in zoals 06 12345678, of laat het leeg.")
        case Reason.NO_ADDRESS:
            return _("Dit is geen e-mailadres. Vul het in zoals naam@voorbeeld.nl.")
        case Reason.SAME_ADDRESS:
            return _("Dit e-mailadres gebruik je al. Vul een ander in.")
        case Reason.NOT_SURE:
            return _("Zet een vinkje als je het zeker weet.")
        case Reason.OBSTACLE:
            return str(objection.facts["sentence"])
        case Reason.NOT_YOURSELF:
            return _("Dit ben jij. Je eigen gegevens wis je op je eigen pagina.")
        case Reason.NOT_YOURS_ALONE:
            return _("Deze persoon hoort ook ergens waar jij niet over gaat. Vraag het een beheerder.")
        case Reason.NOT_ASKED:
            return _("Kies hoe erom gevraagd is.")


def how_asked(asked: Asked) -> str:
    """How somebody asked to be removed."""
    return {
        Asked.LETTER: _("Met een brief"),
        Asked.IN_PERSON: _("Zelf langsgekomen"),
        Asked.PHONE: _("Gebeld"),
        Asked.FAMILY: _("Door de familie"),
    }[asked]


def term_in_words(term: timedelta) -> str:
    """A term in whole days or years."""
    years, days = divmod(term.days, 365)
    if days == 0:
        return ngettext("%(num)s jaar", "%(num)s jaar", years)
    return ngettext("%(num)s dag", "%(num)s dagen", term.days)


def how_long(row: Retention) -> str:
    """How long one kind of data is kept: 90 dagen na het einde van de reservering."""
    return _("%(term)s %(since)s", term=term_in_words(row.term), since=row.since)


def how_long_in_all(subject: PersonalData) -> str:
    """How long what belongs to one subject is kept, in sentences."""
    if len(subject.terms) == 1 and not subject.until:
        return f"{dates.capitalised(how_long(subject.terms[0]))}."
    listed = (f"{row.title}: {how_long(row)}." for row in subject.terms)
    return " ".join((*filter(None, (str(subject.until),)), *listed))


def value_in_words(value: object) -> str:
    """A fact as people read it."""
    if isinstance(value, datetime):
        return f"{dates.full_day(day_of(value))}, {dates.o_clock(dates.clock_at(value))}"
    return dates.full_day(value) if isinstance(value, date) else str(value)

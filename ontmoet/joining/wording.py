"""Reasons and states of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of
from ontmoet.people import wording as people
from ontmoet.people.rules import Reason as PeopleReason
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import MOST_AT_ONCE, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.objections import Objection

    from .rules import HomeLetter


ACTIONS = {
    "letters_made": _l("brieven gemaakt"),
    "joined": _l("meegedaan met een brief"),
    "home_added": _l("een adres erbij gezet"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection, also when it is about a nickname or a PIN."""
    if isinstance(objection.reason, PeopleReason):
        return people.say(objection)
    return {
        Reason.NO_LETTER: _("Deze code werkt niet meer. Vraag de gastheer of gastvrouw om een nieuwe brief."),
        Reason.NAME_EMPTY: _("Vul je naam in, met letters."),
        Reason.IS_IT_YOU: _("Op dit adres doet al iemand mee met deze naam. Ben jij dit? Log dan in."),
        Reason.GUARDIAN_EMPTY: _("Vul de naam in van je ouder of verzorger."),
        Reason.EMAIL_MALFORMED: _("Dit is geen e-mailadres. Vul er een in zoals naam@voorbeeld.nl."),
        Reason.PHONE_MALFORMED: _("Dit is geen telefoonnummer. Vul er een in zoals 06 12345678."),
        Reason.RULES_NOT_ACCEPTED: _("Zet hier een vinkje als je meedoet met de huisregels."),
        Reason.RULES_CHANGED: _("De huisregels zijn net veranderd. Lees ze nog een keer."),
        Reason.NOTHING_CHOSEN: _("Kies eerst voor welke woningen je een brief wilt."),
        Reason.TOO_MANY_CHOSEN: _("Kies hoogstens %(num)s woningen tegelijk.", num=MOST_AT_ONCE),
        Reason.MADE_ALREADY: _(
            "Deze brieven zijn al gemaakt. Je ziet ze maar één keer. Niet afgedrukt? Maak dan nieuwe."
        ),
    }[Reason(objection.reason)]


def letter_state(letter: HomeLetter, *, now: datetime) -> str:
    """How many of a home take part, and how it stands with its letter."""
    stands = dates.capitalised(_stands(letter, now=now))
    if letter.is_empty:
        return stands
    people = ngettext("%(num)s persoon doet mee", "%(num)s mensen doen mee", letter.people)
    return f"{people}. {stands}"


def _stands(letter: HomeLetter, *, now: datetime) -> str:
    if letter.made_at is None or letter.expires_at is None:
        return _("nog geen brief")
    day = dates.full_day(day_of(letter.made_at))
    if letter.expires_at <= now:
        return _("brief van %(day)s, verlopen", day=day)
    if letter.uses:
        return ngettext(
            "brief van %(day)s, %(num)s keer gebruikt",
            "brief van %(day)s, %(num)s keer gebruikt",
            letter.uses,
            day=day,
        )
    return _("brief van %(day)s, nog niet gebruikt", day=day)

"""Reasons of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import SHORTEST_PASSWORD, Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection


ACTIONS = {
    "sign_in_link_asked": _l("link om in te loggen gevraagd"),
    "sign_in_link_used": _l("ingelogd met een link"),
    "slip_made": _l("inlogbriefje gemaakt"),
    "slip_used": _l("ingelogd met een inlogbriefje"),
    "pin_changed": _l("pincode veranderd"),
    "password_changed": _l("wachtwoord veranderd"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection; it never tells whether an account exists."""
    return {
        Reason.TOO_MANY_TRIES: _("Er is te vaak geprobeerd. Wacht een uur en probeer het dan weer."),
        Reason.NOT_VALID: _("Deze code klopt niet, of is te oud. Kijk hem nog eens na."),
        Reason.TOO_SHORT: _(
            "Dit wachtwoord is te kort. Gebruik %(number)s tekens of meer, bijvoorbeeld drie woorden.",
            number=SHORTEST_PASSWORD,
        ),
        Reason.TOO_COMMON: _(
            "Dit wachtwoord raden mensen snel. Kies iets anders, bijvoorbeeld drie woorden."
        ),
        Reason.WRONG_PASSWORD: _("Dit is niet het wachtwoord dat je nu hebt. Probeer het nog eens."),
        Reason.WRONG_PIN: _("Dit is niet de pincode die je nu hebt. Probeer het nog eens."),
        Reason.SIGNED_OUT: _("Je bent net uitgelogd op dit apparaat. Er is niets veranderd. Log opnieuw in."),
        Reason.TOO_HEAVY: _(
            "Deze persoon doet meer dan jij, hier of bij een andere ruimte. Vraag een medewerker om hulp."
        ),
        Reason.ONESELF: _("Voor jezelf maak je geen inlogbriefje. Vraag het iemand anders."),
        Reason.HAS_MAIL: _(
            "Deze persoon heeft een e-mailadres. Dan kan het met ‘Wachtwoord vergeten’. "
            "Lukt dat niet? Vraag een medewerker."
        ),
    }[Reason(objection.reason)]

"""Reasons of this slice, and what was done, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import MOST_PASSKEYS, Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

ACTIONS = {
    "passkey_added": _l("toegangssleutel erbij"),
    "passkey_removed": _l("toegangssleutel weg"),
    "code_app_set": _l("app met codes ingesteld"),
    "code_app_removed": _l("app met codes weg"),
    "spare_codes_made": _l("reservecodes gemaakt"),
    "spare_code_used": _l("reservecode gebruikt"),
    "account_linked": _l("account van het werk gekoppeld"),
    "account_unlinked": _l("account van het werk losgemaakt"),
    "proofs_reset": _l("tweede stap opnieuw laten instellen"),
    "device_signed_out": _l("uitgelogd op een apparaat"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection; it never tells whether an account exists."""
    return {
        Reason.TOO_MANY_TRIES: _("Er is te vaak geprobeerd. Wacht een kwartier en probeer het dan weer."),
        Reason.NO_PASSKEY: _(
            "Dit lukte niet met een toegangssleutel. Probeer het nog eens, of kies een andere manier."
        ),
        Reason.PASSKEY_KNOWN: _("Deze toegangssleutel is hier al bekend."),
        Reason.ENOUGH_PASSKEYS: _(
            "Je hebt al %(number)s toegangssleutels. Haal er eerst een weg.", number=MOST_PASSKEYS
        ),
        Reason.WRONG_CODE: _("Deze code klopt niet. Kijk welke code er nu in je app staat."),
        Reason.USED_CODE: _("Deze code is al gebruikt. Wacht op de volgende code in je app."),
        Reason.LAST_ONE: _("Dit is je laatste tweede stap. Voeg eerst een andere toe."),
        Reason.TAKEN: _("Dit account hoort hier al bij iemand anders. Vraag een beheerder om hulp."),
        Reason.NOT_FIRST: _("Je tweede stap is al ingesteld. Gebruik die nu."),
        Reason.TOO_LATE: _("Dit duurde te lang. Begin nog een keer."),
    }[Reason(objection.reason)]


def device_word(name: str, *, own_phone: bool) -> str:
    """What a device is called on a page."""
    if name:
        return name
    return _("Eigen telefoon") if own_phone else _("Onbekend apparaat")

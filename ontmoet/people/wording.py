"""Reasons of this slice in the reader's language."""

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.web.i18n import gettext as _

from .rules import Reason


def say(objection: Objection) -> str:
    """The sentence for an objection; to who tries to get in it never tells whether an account exists."""
    match Reason(objection.reason):
        case Reason.NO_MATCH:
            return _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens.")
        case Reason.PIN_NO_MATCH:
            return _("Dit adres, deze bijnaam en deze pincode horen niet bij elkaar. Probeer het nog eens.")
        case Reason.PIN_TOO_EASY:
            return _(
                "Deze pincode is te makkelijk te raden. Kies zes andere cijfers, geen datum en geen rijtje."
            )
        case Reason.NICKNAME_EMPTY:
            return _("Vul een bijnaam in, met letters of cijfers.")
        case Reason.NICKNAME_TOO_LONG:
            return _("Deze bijnaam is te lang. Kies een kortere.")
        case Reason.NICKNAME_TAKEN:
            return _("Iemand op jouw adres heeft deze bijnaam al. Kies een andere.")
        case Reason.TOO_MANY_TRIES if objection.facts["minutes"] == MINUTES_A_DAY:
            return _("Er is te vaak geprobeerd. Morgen kan het weer. Of vraag de gastheer om hulp.")
        case Reason.TOO_MANY_TRIES:
            return _(
                "Er is te vaak geprobeerd. Wacht %(minutes)s minuten en probeer het dan weer.",
                minutes=objection.facts["minutes"],
            )

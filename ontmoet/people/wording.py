"""Reasons of this slice in the reader's language."""

from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection
from ontmoet.web.i18n import gettext as _

from .rules import Reason


def say(objection: Objection) -> str:
    """The sentence for an objection; it never tells whether an account exists."""
    match Reason(objection.reason):
        case Reason.NO_MATCH:
            return _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens.")
        case Reason.NO_GUARDIAN:
            return _("Kies een ouder of verzorger die op hetzelfde adres woont en hier een account heeft.")
        case Reason.NOT_YOURS:
            return _("Dit wachtwoord of deze pincode klopt niet. Probeer het nog eens.")
        case Reason.WRONG_CODE:
            return _("Deze code klopt niet, of is ouder dan een uur. Kijk nog eens in je mail.")
        case Reason.TOO_MANY_TRIES:
            return _(
                "Er is te vaak geprobeerd. Wacht %(minutes)s minuten en probeer het dan weer.",
                minutes=objection.facts["minutes"],
            )


def function_word(function: Function) -> str:
    """What somebody with this function is called."""
    return {
        Function.HOST: _("gastheer of gastvrouw"),
        Function.KEY_KEEPER: _("sleutelbeheerder"),
        Function.AGENDA_KEEPER: _("agendabeheerder"),
        Function.ORGANISER: _("organisator"),
        Function.CONNECTOR: _("verbinder"),
        Function.CHAIR: _("voorzitter"),
        Function.SECRETARY: _("secretaris"),
        Function.TREASURER: _("penningmeester"),
        Function.STAFF: _("medewerker"),
        Function.PARTNER: _("partner"),
        Function.ADMINISTRATOR: _("beheerder"),
    }[function]

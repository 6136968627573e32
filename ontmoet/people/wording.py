"""Functions, and reasons of this slice, in the reader's language."""

from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.web.forms import say_reused
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import FEWEST_LETTERS, Language, Reason

LANGUAGE_NAMES = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}
"""Each in its own words, for whoever looks for it."""

ACTIONS = {
    "signed_in": _l("ingelogd"),
    "signed_out": _l("uitgelogd"),
    "signed_out_everywhere": _l("overal uitgelogd"),
    "calendar_feed_made": _l("adres van de eigen agenda gemaakt"),
    "calendar_feed_ended": _l("adres van de eigen agenda gestopt"),
    "pin_given": _l("pincode gekozen"),
    "email_asked": _l("ander e-mailadres gevraagd"),
    "email_changed": _l("e-mailadres veranderd"),
    "guardian_named": _l("ouder of verzorger gevraagd"),
    "guardian_agreed": _l("ouder of verzorger vindt het goed"),
    "guardian_gone": _l("ouder of verzorger is er niet meer"),
}
"""What happened, in words for whoever it happened to or who did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection; to who tries to get in it never tells whether an account exists."""
    reason = Reason(objection.reason)
    if reason is Reason.TOO_MANY_TRIES:
        return _say_too_many(objection.facts["minutes"])
    return {
        Reason.NO_MATCH: _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens."),
        Reason.PIN_NO_MATCH: _(
            "Dit adres, deze bijnaam en deze pincode horen niet bij elkaar. Probeer het nog eens."
        ),
        Reason.PIN_TOO_EASY: _(
            "Deze pincode is te makkelijk te raden. Kies zes andere cijfers, geen datum en geen rijtje."
        ),
        Reason.NICKNAME_EMPTY: _("Vul een bijnaam in, met letters of cijfers."),
        Reason.NICKNAME_TOO_LONG: _("Deze bijnaam is te lang. Kies een kortere."),
        Reason.NICKNAME_TAKEN: _("Iemand op jouw adres heeft deze bijnaam al. Kies een andere."),
        Reason.NO_GUARDIAN: _(
            "Op dit adres doet geen ouder of verzorger mee met deze naam. "
            "Laat die eerst meedoen, met dezelfde brief. Of kijk de naam nog eens na."
        ),
        Reason.WAITS_FOR_GUARDIAN: _(
            "Je ouder of verzorger moet het nog goed vinden dat je meedoet. "
            "Dat kan op de eigen pagina, bij ‘Mijn gegevens’. Daarna kun je inloggen."
        ),
        Reason.NOT_YOURS: _("Dit wachtwoord of deze pincode klopt niet. Probeer het nog eens."),
        Reason.TOO_FEW_LETTERS: _("Typ minstens %(letters)s letters van de naam.", letters=FEWEST_LETTERS),
        Reason.FORM_REUSED: say_reused(),
        Reason.WRONG_CODE: _("Deze code klopt niet, of is ouder dan een uur. Kijk nog eens in je mail."),
    }[reason]


def _say_too_many(minutes: object) -> str:
    if minutes == MINUTES_A_DAY:
        return _("Er is te vaak geprobeerd. Morgen kan het weer. Of vraag de gastheer om hulp.")
    return _("Er is te vaak geprobeerd. Wacht %(minutes)s minuten en probeer het dan weer.", minutes=minutes)


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

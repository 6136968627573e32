"""Permissions and the people who have them, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.matrix import Home
from ontmoet.kernel.permissions import Permission
from ontmoet.web.i18n import gettext as _

if TYPE_CHECKING:
    from ontmoet.kernel.matrix import Who


def person(who: Who) -> str:
    """What this kind of person is called."""
    words: dict[Who, str] = {
        Home.NONE: _("bezoeker zonder account"),
        Home.RESIDENT: _("bewoner"),
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
    }
    return words[who]


def deed(permission: Permission) -> str:
    """What somebody with the permission may do."""
    return {
        Permission.OWN_PAGES: _("de eigen pagina bekijken"),
        Permission.BOOKING_MAKE: _("de ruimte reserveren"),
        Permission.BOOKING_SEE: _("een reservering helemaal bekijken"),
        Permission.BOOKING_CHANGE: _("een reservering veranderen"),
        Permission.BOOKING_CANCEL: _("een reservering afzeggen"),
        Permission.BOOKING_CALL_OFF: _("een reservering niet door laten gaan, met een reden"),
        Permission.ON_BEHALF: _("iets regelen namens een bewoner of partner"),
        Permission.FAIR_USE_EXCEPTION: _("een uitzondering maken op eerlijk delen"),
        Permission.HOUSE_RULES_AGREE: _("meedoen met de huisregels"),
        Permission.HOUSE_RULES_PUBLISH: _("nieuwe huisregels publiceren"),
        Permission.NAMES_SEE: _("in de agenda zien wie er komt"),
    }[permission]


def own_deed(permission: Permission) -> str:
    """The same, for who may only with what is their own."""
    return {
        Permission.OWN_PAGES: _("de eigen pagina bekijken"),
        Permission.BOOKING_MAKE: _("de eigen ruimte reserveren"),
        Permission.BOOKING_SEE: _("een eigen reservering bekijken"),
        Permission.BOOKING_CHANGE: _("een eigen reservering veranderen"),
        Permission.BOOKING_CANCEL: _("een eigen reservering afzeggen"),
        Permission.BOOKING_CALL_OFF: _("een eigen reservering niet door laten gaan"),
        Permission.ON_BEHALF: _("iets regelen voor zichzelf"),
        Permission.FAIR_USE_EXCEPTION: _("zichzelf een uitzondering geven op eerlijk delen"),
        Permission.HOUSE_RULES_AGREE: _("zelf meedoen met de huisregels"),
        Permission.HOUSE_RULES_PUBLISH: _("eigen huisregels publiceren"),
        Permission.NAMES_SEE: _("in de agenda de eigen naam zien"),
    }[permission]

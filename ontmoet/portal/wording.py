"""Permissions and the people who have them, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.matrix import Home
from ontmoet.kernel.permissions import Permission
from ontmoet.people.wording import function_word
from ontmoet.web.i18n import gettext as _

if TYPE_CHECKING:
    from ontmoet.kernel.matrix import Who


def person(who: Who) -> str:
    """What this kind of person is called."""
    match who:
        case Home.NONE:
            return _("bezoeker zonder account")
        case Home.RESIDENT:
            return _("bewoner")
        case _:
            return function_word(who)


def deed(permission: Permission) -> str:
    """What somebody with the permission may do."""
    return {
        Permission.OWN_PAGES: _("je eigen pagina bekijken"),
        Permission.BOOKING_MAKE: _("de ruimte reserveren"),
        Permission.BOOKING_SEE: _("een reservering helemaal bekijken"),
        Permission.BOOKING_CHANGE: _("een reservering veranderen"),
        Permission.BOOKING_CANCEL: _("een reservering afzeggen"),
        Permission.BOOKING_CALL_OFF: _("een reservering niet door laten gaan, met een reden"),
        Permission.DROP_IN_HOLD: _("een inloop houden, waar iedereen binnen mag lopen"),
        Permission.REQUEST_DECIDE: _("aanvragen goedkeuren of afwijzen, en er iets over vragen"),
        Permission.CLOSURES_MANAGE: _("de ruimte een tijd sluiten, ook als er gereserveerd is"),
        Permission.CALENDAR_TAKE_OVER: _("een agenda uit een ander programma overnemen"),
        Permission.WORKS_ANNOUNCE: _("aankondigen dat er iemand komt werken"),
        Permission.ATTENDANCE_COUNT: _("opschrijven hoeveel mensen er waren"),
        Permission.USE_RECORD: _("opschrijven dat een ander er is, en hoe de ruimte achterblijft"),
        Permission.ON_BEHALF: _("iets regelen namens een bewoner of partner"),
        Permission.FAIR_USE_EXCEPTION: _("een uitzondering maken op eerlijk delen"),
        Permission.HOUSE_RULES_AGREE: _("meedoen met de huisregels"),
        Permission.LETTERS_MAKE: _("brieven maken waarmee buren meedoen"),
        Permission.PERSON_DATA: _("gegevens van een ander bekijken, verbeteren of wissen"),
        Permission.HOUSE_RULES_PUBLISH: _("nieuwe huisregels publiceren"),
        Permission.HOURS_CHANGE: _("openingstijden en reserveerregels veranderen"),
        Permission.ROOM_TELL: _("opschrijven wat er is in de ruimte, en wat je doet bij nood"),
        Permission.ROOM_ARRANGE: _("de ruimte inrichten, openen en sluiten"),
        Permission.ROOMS_OVERSEE: _("zien welke ruimtes er zijn en wat er nog mist"),
        Permission.CORPORATION_ARRANGE: _("een complex of ruimte toevoegen"),
        Permission.COMPLEX_ARRANGE: _("de adressen van een complex bijhouden"),
        Permission.NAMES_SEE: _("in de agenda zien wie er komt"),
        Permission.FUNCTIONS_SEE: _("zien wie wat doet in de ruimte"),
        Permission.FUNCTIONS_GIVE: _("iemand een functie geven"),
        Permission.PERSON_SEE: _("een bewoner opzoeken"),
        Permission.PERSON_CHANGE: _("opschrijven dat iemand verhuist of overlijdt"),
        Permission.PERSON_ERASE: _("de gegevens wissen van wie daarom vraagt en niet kan inloggen"),
        Permission.GUESTS_ADMIT: _("een buur toelaten"),
        Permission.GUESTS_EXCEPT: _("een buur bij uitzondering toelaten"),
        Permission.PARTNERS_MANAGE: _("organisaties toevoegen"),
        Permission.COLLEAGUES_MANAGE: _("medewerkers bij ruimtes zetten"),
        Permission.DATA_EXPORT: _("alle gegevens als bestand meenemen"),
        Permission.UPKEEP_SEE: _("zien hoe het werk gaat dat vanzelf gebeurt"),
        Permission.CALL_LIST_SEE: _("op de bellijst zien wie gebeld wil worden"),
        Permission.SLIP_MAKE: _("een inlogbriefje maken voor een ander"),
        Permission.KEYS_HAND_OUT: _("zien wie een sleutel heeft, sleutels uitgeven en innemen"),
        Permission.KEY_SEE: _("zien waar een sleutel is"),
        Permission.KEY_BRING_BACK: _("een sleutel terugbrengen of doorgeven, of kwijt melden"),
        Permission.KEY_ANSWER: _("voor een ander zeggen of een sleutel is ontvangen"),
        Permission.KEYS_MANAGE: _(
            "de lijst van sleutels bijhouden, ook kastjes en de code van de kluis, en labels afdrukken"
        ),
        Permission.KEY_TAKE: _("voor een ander een sleutel uit de kluis pakken"),
        Permission.BOX_CODE_SEE: _("de code van de kluis zien bij de reservering van een ander"),
    }[permission]


def own_deed(permission: Permission) -> str:
    """The same, for who may only with what is their own."""
    return {
        Permission.OWN_PAGES: _("je eigen pagina bekijken"),
        Permission.BOOKING_MAKE: _("je eigen ruimte reserveren"),
        Permission.BOOKING_SEE: _("je eigen reservering bekijken"),
        Permission.BOOKING_CHANGE: _("je eigen reservering veranderen"),
        Permission.BOOKING_CANCEL: _("je eigen reservering afzeggen"),
        Permission.BOOKING_CALL_OFF: _("je eigen reservering niet door laten gaan"),
        Permission.DROP_IN_HOLD: _("je eigen inloop houden"),
        Permission.REQUEST_DECIDE: _("je eigen aanvraag goedkeuren"),
        Permission.CLOSURES_MANAGE: _("je eigen ruimte sluiten"),
        Permission.CALENDAR_TAKE_OVER: _("je eigen agenda van een ruimte overnemen"),
        Permission.WORKS_ANNOUNCE: _("je eigen werk aankondigen"),
        Permission.ATTENDANCE_COUNT: _("jezelf meetellen"),
        Permission.USE_RECORD: _("zeggen ‘ik ben er’ en de afsluitlijst invullen"),
        Permission.ON_BEHALF: _("iets regelen voor jezelf"),
        Permission.FAIR_USE_EXCEPTION: _("jezelf een uitzondering geven op eerlijk delen"),
        Permission.HOUSE_RULES_AGREE: _("zelf meedoen met de huisregels"),
        Permission.LETTERS_MAKE: _("een brief voor je eigen adres maken"),
        Permission.PERSON_DATA: _("je eigen gegevens bekijken, verbeteren, meenemen en wissen"),
        Permission.HOUSE_RULES_PUBLISH: _("je eigen huisregels publiceren"),
        Permission.HOURS_CHANGE: _("je eigen openingstijden maken"),
        Permission.ROOM_TELL: _("over je eigen ruimte vertellen"),
        Permission.ROOM_ARRANGE: _("je eigen ruimte inrichten"),
        Permission.ROOMS_OVERSEE: _("je eigen ruimtes zien"),
        Permission.CORPORATION_ARRANGE: _("je eigen complex toevoegen"),
        Permission.COMPLEX_ARRANGE: _("je eigen adres bijhouden"),
        Permission.NAMES_SEE: _("in de agenda je eigen naam zien"),
        Permission.FUNCTIONS_SEE: _("je eigen functie zien"),
        Permission.FUNCTIONS_GIVE: _("je eigen functie geven"),
        Permission.PERSON_SEE: _("jezelf opzoeken"),
        Permission.PERSON_CHANGE: _("je eigen verhuizing opschrijven"),
        Permission.PERSON_ERASE: _("je eigen gegevens wissen zonder in te loggen"),
        Permission.GUESTS_ADMIT: _("zelf een buur toelaten"),
        Permission.GUESTS_EXCEPT: _("zelf een uitzondering maken"),
        Permission.PARTNERS_MANAGE: _("je eigen organisatie toevoegen"),
        Permission.COLLEAGUES_MANAGE: _("zelf medewerkers bij ruimtes zetten"),
        Permission.DATA_EXPORT: _("alleen je eigen gegevens als bestand meenemen"),
        Permission.UPKEEP_SEE: _("zelf het werk doen dat vanzelf gebeurt"),
        Permission.CALL_LIST_SEE: _("jezelf op de bellijst zien"),
        Permission.SLIP_MAKE: _("een inlogbriefje krijgen"),
        Permission.KEYS_HAND_OUT: _("een sleutel krijgen"),
        Permission.KEY_SEE: _("zien waar de sleutel is die je hebt of bijna krijgt"),
        Permission.KEY_BRING_BACK: _("je eigen sleutel terugbrengen of doorgeven, of kwijt melden"),
        Permission.KEY_ANSWER: _("zeggen of je een sleutel kreeg"),
        Permission.KEYS_MANAGE: _("een label krijgen"),
        Permission.KEY_TAKE: _("zelf een sleutel uit de kluis pakken, als je gereserveerd hebt"),
        Permission.BOX_CODE_SEE: _("de code van de kluis zien bij je eigen reservering"),
    }[permission]

"""What each list and each of its columns is, in the reader's language."""

from __future__ import annotations

from typing import NamedTuple

from ontmoet.web.i18n import lazy_gettext as _l

from .columns import CHANNELS, DOORS, FACILITIES, KEY_PLANS, ORGANISATION_KINDS, POLICIES, WEEKDAYS, Kind


class Said(NamedTuple):
    """A kind of list in words: what stands in it, what goes along, and what is to be known before it is read
    in.
    """

    title: str
    what: str
    out: str
    before: str = ""


def _one_of(words: object) -> str:
    return ", ".join(map(str, words)) if isinstance(words, dict) else ""


SAID = {
    Kind.HOMES: Said(
        _l("Adressen"),
        _l("Complexen met hun adressen. Een complex dat er nog niet is, komt erbij."),
        _l("Alle adressen in complexen. Niet wat beëindigd is, en niet de adressen van buren van buiten."),
    ),
    Kind.ROOMS: Said(
        _l("Ruimtes"),
        _l("Ruimtes met hun delen, openingstijden en regels."),
        _l(
            "Alle ruimtes, ook die nog niet open zijn. Niet wat voorgoed gesloten is, en geen aparte dagen,"
            " huisregels of sleutels."
        ),
        _l("Wat je niet invult, vul je later aan. Een ruimte die er al is, blijft zoals die is."),
    ),
    Kind.ORGANISATIONS: Said(
        _l("Organisaties"),
        _l("Partners die ruimtes gebruiken. Dan kun je hun reserveringen inlezen."),
        _l("Alle organisaties. Niet wie er voor een organisatie komt."),
    ),
    Kind.PEOPLE: Said(
        _l("Mensen"),
        _l("Wie waar woont, en hoe je iemand bereikt."),
        _l("Wie in een complex woont. Geen kinderen, geen buren van buiten en geen functies."),
        _l(
            "Zet er alleen in wie dat weet, en geen kinderen. Niemand krijgt bericht of een wachtwoord."
            " Meedoen gaat met de brief van de woning, of met een link per mail. Wie er al is, blijft zoals"
            " die is."
        ),
    ),
    Kind.BOOKINGS: Said(
        _l("Reserveringen"),
        _l("Uit een oude agenda: wat er al was, en wat er nog komt. Niemand krijgt er bericht van."),
        _l(
            "Wat er vaststaat of vaststond, met het adres of de organisatie. Niet wie het was, en geen"
            " aanvragen."
        ),
    ),
}

MEANINGS = {
    Kind.HOMES: {
        "complex": _l("De naam van het complex. Dit moet."),
        "adres": _l("Straat en huisnummer. Dit moet."),
        "korte naam": _l("Hiermee loggen bewoners zonder e-mail in. Leeg? Dan kiezen wij er een."),
    },
    Kind.ROOMS: {
        "complex": _l("Het complex waar de ruimte bij hoort. Dit moet."),
        "ruimte": _l("De naam van de ruimte. Dit moet."),
        "korte naam": _l("Komt in het adres van de pagina. Leeg? Dan maken wij die van de naam."),
        "mensen": _l("Hoeveel mensen er tegelijk in mogen. Dit moet."),
        "adres": _l("Straat en huisnummer. Nodig om open te gaan."),
        "plaats": _l("Nodig om open te gaan."),
        "soort": _l(
            "SEN (complex voor ouderen), KH (koffiehoek), MFO (voor van alles), BH (buurthuis) of CPO"
            " (van een woongroep). Nodig om open te gaan."
        ),
        "vierkante meter": _l("Een heel getal. Nodig om open te gaan."),
        "delen": _l("Wat je apart kunt reserveren, zoals Grote zaal: 40; Keuken: 8. Leeg is één zaal."),
        **{day: _l("Zoals 9:00-12:00 en 13:00-22:00. Leeg is dicht.") for day in WEEKDAYS},
        "voor wie": _one_of(POLICIES),
        "ook voor": _l("Andere complexen die de ruimte mogen gebruiken, met een ; ertussen."),
        "sleutel": _one_of(KEY_PLANS),
        "uitleg sleutel": _l("Hoe je binnenkomt, in een paar zinnen."),
        "wat is er": _one_of(FACILITIES),
        "welkom": _l("Een zin op de pagina van de ruimte."),
        "deur": _one_of(DOORS),
        "kortste tijd": _l("In minuten. Leeg is 30."),
        "gewone tijd": _l("In minuten. Leeg is 120."),
        "langste tijd": _l("In minuten. Leeg is 480."),
        "dagen vooruit": _l("Hoeveel dagen vooruit je kunt reserveren. Leeg is 180."),
        "opruimtijd": _l("Minuten tussen twee reserveringen. Leeg is 0."),
        "reeks vooruit": _l("Hoeveel dagen vooruit een reeks mag lopen. Leeg is 366."),
        "eerst vragen": _l("Of de beheergroep eerst ja zegt als een bewoner reserveert: ja of nee."),
        "activiteit eerst vragen": _l("Hetzelfde voor een activiteit voor iedereen: ja of nee."),
        "keer per maand": _l("Hoe vaak elk adres mag. Leeg is zonder grens."),
        "telt vanaf": _l("Vanaf hoe laat dat telt, zoals 18:00. Leeg is de hele dag."),
        "open": _l("Ja: mensen kunnen meteen reserveren, als er niets mist. Leeg is nee."),
    },
    Kind.ORGANISATIONS: {
        "organisatie": _l("De naam. Dit moet."),
        "soort": _one_of(ORGANISATION_KINDS),
    },
    Kind.PEOPLE: {
        "naam": _l("Voornaam en achternaam. Dit moet."),
        "adres": _l("De korte naam van de woning, of straat en huisnummer. Dit moet."),
        "telefoon": _l("Om iemand te kunnen bellen."),
        "e-mail": _l("Hiermee kan iemand met een link inloggen. Elk adres is van één persoon."),
        "bericht": _one_of(CHANNELS),
        "taal": _l("Nederlands of Engels. Leeg is Nederlands."),
    },
    Kind.BOOKINGS: {
        "ruimte": _l("De naam of de korte naam van de ruimte. Dit moet."),
        "deel": _l("Leeg is de hele ruimte."),
        "dag": _l("Zoals 2-1-2027. Eerst de dag, dan de maand. Dit moet."),
        "begin": _l("Zoals 14:00. Dit moet."),
        "einde": _l("Zoals 16:00, op dezelfde dag. Dit moet."),
        "adres": _l(
            "De woning die reserveert. Een ? als niemand dat meer weet. Leeg, en ook geen organisatie? Dan is"
            " het voor de corporatie."
        ),
        "organisatie": _l("De naam van een organisatie die Ontmoet al kent."),
        "aantal mensen": _l("Leeg is 1."),
        "waarvoor": _l("In een paar woorden. Noem geen namen."),
    },
}

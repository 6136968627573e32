"""The columns of each list: what is read in, and what an administrator takes out. Pure.

Their heads, and the words that stand in some of them, are a file format: they do not follow the language of
a reader, and whoever changes one breaks the lists that people keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_CELL = 4000
LONGEST_WORD = 40
"""Of a number, a time or a word to choose: long enough to say what may stand there instead."""


class Kind(StrEnum):
    """What a list is of, as commands name it; in the order in which they can be read in."""

    HOMES = "homes"
    ROOMS = "rooms"
    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    BOOKINGS = "bookings"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its head; `also` are heads that mean the same in lists of others."""

    head: str
    is_required: bool
    longest: int
    example: str
    also: tuple[str, ...] = ()


WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

_HOURS = tuple(
    Column(day, False, 80, "" if day == "zondag" else "9:00-12:00 en 13:00-22:00", (day[:2],))
    for day in WEEKDAYS
)

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.HOMES: (
        Column("complex", True, 60, "Lindehof", ("complexnaam", "naam complex")),
        Column("adres", True, 80, "Lindestraat 14", ("straat en huisnummer",)),
        Column("korte naam", False, 40, "linde-14", ("inlognaam",)),
    ),
    Kind.ROOMS: (
        Column("complex", True, 60, "Lindehof", ("complexnaam", "naam complex")),
        Column("ruimte", True, 60, "De Linde", ("zaal", "naam ruimte")),
        Column("korte naam", False, 40, "de-linde"),
        Column("mensen", True, LONGEST_WORD, "45", ("aantal mensen", "plaatsen", "capaciteit")),
        Column("adres", False, 80, "Lindestraat 2", ("straat en huisnummer",)),
        Column("plaats", False, 80, "Proefwijk", ("woonplaats",)),
        Column("soort", False, LONGEST_WORD, "MFO", ("type", "typologie")),
        Column("vierkante meter", False, LONGEST_WORD, "80", ("m2", "oppervlakte")),
        Column("delen", False, LONGEST_CELL, "Grote zaal: 40; Keuken: 8", ("zones",)),
        *_HOURS,
        Column("voor wie", False, 40, "bewoners en buren"),
        Column("ook voor", False, LONGEST_CELL, "", ("andere complexen",)),
        Column("sleutel", False, 40, "sleutelbeheerder"),
        Column("uitleg sleutel", False, 400, "De sleutelbeheerder woont op nummer 3."),
        Column("wat is er", False, LONGEST_CELL, "keuken; wifi", ("voorzieningen",)),
        Column("welkom", False, 200, "Voor alle bewoners."),
        Column("deur", False, LONGEST_WORD, "groen", ("kleur deur",)),
        Column("kortste tijd", False, LONGEST_WORD, "30"),
        Column("gewone tijd", False, LONGEST_WORD, "120"),
        Column("langste tijd", False, LONGEST_WORD, "480"),
        Column("dagen vooruit", False, LONGEST_WORD, "180"),
        Column("opruimtijd", False, LONGEST_WORD, "0"),
        Column("reeks vooruit", False, LONGEST_WORD, "366"),
        Column("eerst vragen", False, LONGEST_WORD, "nee"),
        Column("activiteit eerst vragen", False, LONGEST_WORD, "nee"),
        Column("keer per maand", False, LONGEST_WORD, "4"),
        Column("telt vanaf", False, LONGEST_WORD, "18:00"),
        Column("open", False, LONGEST_WORD, "nee", ("te reserveren",)),
    ),
    Kind.ORGANISATIONS: (
        Column("organisatie", True, 80, "Welzijn De Linde", ("naam", "partner")),
        Column("soort", True, 40, "welzijn"),
    ),
    Kind.PEOPLE: (
        Column("naam", True, 80, "Noor de Vries", ("bewoner",)),
        Column("adres", True, 80, "linde-14", ("korte naam",)),
        Column("telefoon", False, 30, "06 12345678", ("telefoonnummer", "mobiel")),
        Column("e-mail", False, 254, "", ("e-mailadres", "mail")),
        Column("bericht", False, LONGEST_WORD, "bellen"),
        Column("taal", False, LONGEST_WORD, "Nederlands"),
    ),
    Kind.BOOKINGS: (
        Column("ruimte", True, 60, "De Linde", ("zaal", "naam ruimte")),
        Column("deel", False, 60, "", ("zone",)),
        Column("dag", True, 40, "2-1-2027", ("datum",)),
        Column("begin", True, LONGEST_WORD, "14:00", ("van", "begintijd", "starttijd")),
        Column("einde", True, LONGEST_WORD, "16:00", ("tot", "eindtijd")),
        Column("adres", False, 80, "linde-14", ("korte naam",)),
        Column("organisatie", False, 80, "", ("partner",)),
        Column("aantal mensen", False, LONGEST_WORD, "8", ("aantal", "personen")),
        Column("waarvoor", False, 80, "Koffie", ("doel", "omschrijving", "titel", "activiteit")),
    ),
}

TYPOLOGIES = {"SEN": "sen", "KH": "kh", "MFO": "mfo", "BH": "bh", "CPO": "cpo"}
POLICIES = {"bewoners": "tenants", "bewoners en buren": "neighbours", "iedereen": "hirers"}
KEY_PLANS = {
    "sleutelbeheerder": "handed_out",
    "buur": "neighbour_opens",
    "eigen sleutel": "own_key",
    "sleutelkluis": "code_box",
}
DOORS = {
    "groen": "linde",
    "rood": "hoekje",
    "bruin": "plein",
    "blauw": "brug",
    "olijfgroen": "wilgen",
    "paars": "ark",
}
FACILITIES = {
    "keuken": "kitchen",
    "koffiehoek": "coffee",
    "tafels en stoelen": "tables",
    "spelletjes": "games",
    "beamer": "beamer",
    "groot scherm": "screen",
    "muziek en geluid": "music",
    "wifi": "wifi",
    "lift": "lift",
    "zonder drempels": "step_free",
    "invalidentoilet": "accessible_toilet",
    "ringleiding": "hearing_loop",
    "tuin of terras": "outdoors",
}
ORGANISATION_KINDS = {
    "woningcorporatie": "p1",
    "bewoners of vrijwilligers": "p2",
    "gemeente": "p3",
    "zorg": "p4",
    "welzijn": "p5",
    "sociale onderneming": "p6",
}
CHANNELS = {"mail": "mail", "bellen": "call", "briefje": "print"}
LANGUAGES = {"Nederlands": "nl", "Engels": "en"}
YES_NO = {"ja": "ja", "nee": "nee"}

NOBODY_KNOWS = "?"
"""For whom a booking was, when nobody knows any more. No short name of a home can be this."""


def word_of(words: Mapping[str, str], code: str) -> str:
    """The word of a list that stands for a code."""
    return next(word for word, meant in words.items() if meant == code)

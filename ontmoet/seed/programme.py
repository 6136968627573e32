"""What goes on in the six rooms, as data: what comes back each week, and how use rose and fell."""

from __future__ import annotations

from dataclasses import dataclass

from ontmoet.bookings.states import CancelReason
from ontmoet.rooms.rules import UseKind

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
FIRST_WEEK, LAST_WEEK = -104, 8
"""Two years back and eight weeks ahead; week 0 is the present one."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """Something that comes back. Hours are of the wall clock: 19.5 is half past seven.

    `by` is a given name from the cast. `all_year` goes on in school holidays.
    """

    weekday: int
    starts: float
    ends: float
    purpose: str
    by: str
    zone: str = ""
    people: tuple[int, int] = (6, 14)
    kind: UseKind = UseKind.OPEN_ACTIVITY
    is_open: bool = True
    every: int = 1
    until_week: int = LAST_WEEK
    all_year: bool = False


@dataclass(frozen=True, slots=True)
class Works:
    """A closure, from one day and hour until another; days count from today."""

    zone: str
    first_day: int
    opens: float
    last_day: int
    closes: float
    reason: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Work that is announced, from one hour until another; days count from today."""

    day: int
    opens: float
    closes: float
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Story:
    """The life of one room.

    `a_week` is how often people use it by themselves in an ordinary week, `course` how that rose and
    fell: (week, share), straight lines between. `cancelled` is a share of all bookings; `worries` are
    what people say then besides that their plans changed.
    """

    weekly: tuple[Weekly, ...]
    a_week: float
    course: tuple[tuple[int, float], ...] = ((FIRST_WEEK, 1.0), (LAST_WEEK, 1.0))
    cancelled: float = 0.05
    worries: tuple[CancelReason, ...] = (CancelReason.TOO_FEW,)
    lettings: float = 0.06
    days_ahead: int = 7 * LAST_WEEK
    works: tuple[Works, ...] = ()
    visits: tuple[Visit, ...] = ()


LINDE = Story(
    weekly=(
        Weekly(MON, 10, 12, "Koffie-inloop", "Bram", "grote-zaal", (8, 18), all_year=True),
        Weekly(MON, 19.5, 21.5, "Koor De Lindezangers", "Wil", "grote-zaal", (14, 24)),
        Weekly(TUE, 10, 12, "Koffie-inloop", "Hennie", "grote-zaal", (8, 16), all_year=True),
        Weekly(TUE, 14, 16, "Breien en haken", "Hennie", "grote-zaal", (5, 9)),
        Weekly(TUE, 19.5, 21.5, "Bingo", "Bram", "grote-zaal", (18, 32), all_year=True),
        Weekly(WED, 9, 11, "Stoelgym", "Els", "grote-zaal", (10, 16), UseKind.ORGANISATION),
        Weekly(WED, 14, 16, "Schilderen", "Wil", "grote-zaal", (4, 8), UseKind.OWN, is_open=False),
        Weekly(WED, 19.5, 21.5, "Leesgroep", "Kees", "keuken", (5, 8), every=2),
        Weekly(THU, 10, 12, "Koffie-inloop", "Bram", "grote-zaal", (8, 18), all_year=True),
        Weekly(THU, 14, 16, "Hulp met je telefoon", "Kees", "keuken", (3, 7)),
        Weekly(THU, 17.5, 20, "Samen eten", "Wil", "", (14, 28)),
        Weekly(FRI, 9.5, 12, "Samen koken", "Wil", "keuken", (4, 7)),
        Weekly(FRI, 19, 21.5, "Klaverjassen", "Kees", "grote-zaal", (12, 20), all_year=True),
        Weekly(SAT, 9.5, 12, "Repareren met koffie", "Kees", "grote-zaal", (6, 14), every=2),
        Weekly(SUN, 13, 16, "Spelletjes", "Hennie", "grote-zaal", (6, 14), all_year=True),
    ),
    a_week=16.5,
    lettings=0.1,
    works=(Works("", 11, 8, 11, 13, "De vloer wordt gelakt"),),
    visits=(Visit(2, 9, 11, "De ketel wordt nagekeken", "Monteur cv-ketel"),),
)

HOEKJE = Story(
    weekly=(Weekly(WED, 10, 11.5, "Koffie in ’t Hoekje", "Ans", people=(3, 8), all_year=True),),
    a_week=0.7,
    lettings=0.0,
    days_ahead=20,
    works=(Works("", -33, 0, -32, 24, "Er wordt geschilderd"),),
)

# Two people carry Het Plein. Cor is on his way out, and what he did stops, one thing after the other.
PLEIN = Story(
    weekly=(
        Weekly(MON, 10, 12, "Vrouwenochtend", "Fatma", "huiskamer", (8, 16)),
        Weekly(TUE, 19, 21, "Taalcafé", "Fatma", "huiskamer", (6, 14)),
        Weekly(WED, 13.5, 16, "Naaicafé", "Fatma", "atelier", (5, 11)),
        Weekly(FRI, 17, 20, "Wijktafel", "Fatma", "zaal", (20, 45), until_week=-3),
        Weekly(TUE, 10, 12, "Koffie op Het Plein", "Cor", "huiskamer", (7, 15), until_week=-9),
        Weekly(WED, 13.5, 16.5, "Knutselen met kinderen", "Cor", "zaal", (8, 20), until_week=-17),
        Weekly(THU, 19.5, 21.5, "Sjoelen", "Cor", "zaal", (10, 22), until_week=-13),
        Weekly(SAT, 13, 16, "Repaircafé", "Cor", "atelier", (8, 14), until_week=-15),
        Weekly(SUN, 14, 17, "Muziekmiddag", "Cor", "zaal", (15, 35), until_week=-11),
        Weekly(THU, 9.5, 11, "Spreekuur De Brink", "Sanne", "atelier", (2, 6), every=4),
    ),
    a_week=5.5,
    course=((FIRST_WEEK, 1.0), (-17, 1.0), (-2, 0.4), (LAST_WEEK, 0.35)),
    cancelled=0.07,
    worries=(CancelReason.NO_HOST, CancelReason.TOO_FEW),
)

# Welzijn Rivierenland gives two thirds of all hours of De Brug.
BRUG = Story(
    weekly=(
        *(
            Weekly(day, 9, 12, "Inloop", "Riet", "grote-zaal", (10, 25), UseKind.ORGANISATION)
            for day in (MON, TUE, WED, THU, FRI)
        ),
        *(
            Weekly(day, 13, 16.5, "Dagbesteding", "Riet", "grote-zaal", (8, 14), kind, is_open=False)
            for day, kind in ((TUE, UseKind.ORGANISATION), (THU, UseKind.ORGANISATION))
        ),
        Weekly(WED, 13, 15, "Spreekuur geld", "Riet", "kleine-zaal", (2, 6), UseKind.ORGANISATION),
        Weekly(MON, 19, 21, "Buurtkoor", "Gonny", "grote-zaal", (12, 24)),
        Weekly(WED, 19, 21, "Darten", "Marek", "grote-zaal", (6, 14)),
        Weekly(THU, 19, 21, "Pools eten", "Marek", "kleine-zaal", (5, 10), every=2),
        Weekly(SAT, 10.5, 13, "Koffie met de buurt", "Gonny", "grote-zaal", (6, 16), every=2),
    ),
    a_week=3.0,
    lettings=0.1,
)

WILGEN = Story(
    weekly=(
        Weekly(MON, 19.5, 21.5, "Yoga", "Linda", "woonkeuken", (6, 12)),
        Weekly(TUE, 17.5, 20, "Samen eten", "Linda", "woonkeuken", (10, 22)),
        Weekly(WED, 13, 16, "Fietsen maken", "Ravi", "werkplaats", (3, 7)),
        Weekly(THU, 10, 12, "Koffie", "Ravi", "woonkeuken", (5, 12), all_year=True),
        Weekly(THU, 20, 22, "Bestuur", "Joost", "woonkeuken", (5, 7), is_open=False, every=4),
        Weekly(SAT, 10, 13, "Klussen", "Ravi", "werkplaats", (3, 8), every=2),
        Weekly(SUN, 16, 18, "Borrel", "Joost", "woonkeuken", (8, 20), every=2),
    ),
    a_week=6.5,
    cancelled=0.03,
)

# The kitchen of De Ark is broken and its door is heavy: fewer and fewer come, and nobody complains.
ARK = Story(
    weekly=(
        Weekly(MON, 10, 12, "Koffie-uur", "Truus", "zaal", (4, 12), all_year=True),
        Weekly(TUE, 13.5, 16, "Kaarten", "Truus", "zaal", (8, 14), until_week=-21),
        Weekly(WED, 17, 20, "Eettafel", "Hamid", "", (15, 30), until_week=-22),
        Weekly(THU, 10, 12, "Taalles", "Hamid", "keuken", (5, 9), until_week=-35),
        Weekly(THU, 13.5, 16, "Zorg op tijd", "Els", "zaal", (8, 16), UseKind.ORGANISATION),
        Weekly(FRI, 19, 21.5, "Filmavond", "Hamid", "zaal", (10, 25), until_week=-14),
        Weekly(SAT, 13, 16, "Kindermiddag", "Truus", "zaal", (8, 18), until_week=-48),
        Weekly(SUN, 11, 13, "Soep en praten", "Truus", "", (8, 16), until_week=-30),
        Weekly(TUE, 9.5, 11, "Spreekuur De Brink", "Sanne", "zaal", (2, 6), every=4),
    ),
    a_week=7.0,
    course=((FIRST_WEEK, 1.0), (-61, 1.0), (-4, 0.2), (LAST_WEEK, 0.15)),
    cancelled=0.1,
    worries=(CancelReason.FACILITY, CancelReason.DEFECT, CancelReason.ACCESS),
    works=(Works("keuken", -150, 0, 40, 24, "De keuken is kapot"),),
    visits=(Visit(3, 13, 15, "De nieuwe keuken wordt opgemeten", "Keukenbouwer"),),
)

STORIES = {
    "de-linde": LINDE,
    "t-hoekje": HOEKJE,
    "het-plein": PLEIN,
    "de-brug": BRUG,
    "de-wilgen": WILGEN,
    "de-ark": ARK,
}

# What people write themselves; most leave it empty, for neighbours read "bezet" anyway.
PURPOSES = (
    *[""] * 14,
    *("Verjaardag", "Koffie met buren", "Familie op bezoek", "Kaarten", "Overleg", "Spelletjes"),
    *("Handwerken", "Huiswerk maken", "Kinderfeestje", "Samen koken", "Muziek maken", "Oefenen"),
    *("Vergadering", "Lunch", "Buren leren kennen", "Filmavond"),
)
LETTING_PURPOSES = ("Verjaardag", "Feest", "Jubileum", "Familiedag", "Babyborrel", "Diploma vieren")

CLOSING_REASONS = (CancelReason.CLASH, CancelReason.SIZE, CancelReason.RULES)
"""Why somebody who decides on a request says no."""

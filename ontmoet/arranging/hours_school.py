"""School holidays of primary and secondary schools, by region.

Source: Ministerie van Onderwijs, Cultuur en Wetenschap, “Overzicht schoolvakanties per schooljaar”
(rijksoverheid.nl, onderwerp schoolvakanties), school years 2026–2027 and 2027–2028. Christmas, one week in
May and summer are fixed; autumn and spring are advice, from which a school may differ. A school year that
the Ministry publishes is one more entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Region(StrEnum):
    """The three regions between which school holidays are spread."""

    NORTH = "noord"
    MIDDLE = "midden"
    SOUTH = "zuid"


class School(StrEnum):
    """The holidays of a school year."""

    AUTUMN = "autumn"
    CHRISTMAS = "christmas"
    SPRING = "spring"
    MAY = "may"
    SUMMER = "summer"


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """From its first day to its last, weekends included."""

    kind: School
    first: date
    last: date


def _everywhere(first: date, last: date) -> dict[Region, tuple[date, date]]:
    return dict.fromkeys(Region, (first, last))


_N, _M, _S = Region.NORTH, Region.MIDDLE, Region.SOUTH

_PUBLISHED: tuple[tuple[School, dict[Region, tuple[date, date]]], ...] = (
    (
        School.AUTUMN,
        {
            _N: (date(2026, 10, 10), date(2026, 10, 18)),
            _M: (date(2026, 10, 17), date(2026, 10, 25)),
            _S: (date(2026, 10, 17), date(2026, 10, 25)),
        },
    ),
    (School.CHRISTMAS, _everywhere(date(2026, 12, 19), date(2027, 1, 3))),
    (
        School.SPRING,
        {
            _N: (date(2027, 2, 20), date(2027, 2, 28)),
            _M: (date(2027, 2, 20), date(2027, 2, 28)),
            _S: (date(2027, 2, 13), date(2027, 2, 21)),
        },
    ),
    (School.MAY, _everywhere(date(2027, 4, 24), date(2027, 5, 2))),
    (
        School.SUMMER,
        {
            _N: (date(2027, 7, 10), date(2027, 8, 22)),
            _M: (date(2027, 7, 17), date(2027, 8, 29)),
            _S: (date(2027, 7, 24), date(2027, 9, 5)),
        },
    ),
    (
        School.AUTUMN,
        {
            _N: (date(2027, 10, 16), date(2027, 10, 24)),
            _M: (date(2027, 10, 16), date(2027, 10, 24)),
            _S: (date(2027, 10, 23), date(2027, 10, 31)),
        },
    ),
    (School.CHRISTMAS, _everywhere(date(2027, 12, 25), date(2028, 1, 9))),
    (
        School.SPRING,
        {
            _N: (date(2028, 2, 19), date(2028, 2, 27)),
            _M: (date(2028, 2, 26), date(2028, 3, 5)),
            _S: (date(2028, 2, 26), date(2028, 3, 5)),
        },
    ),
    (School.MAY, _everywhere(date(2028, 4, 29), date(2028, 5, 7))),
    (
        School.SUMMER,
        {
            _N: (date(2028, 7, 15), date(2028, 8, 27)),
            _M: (date(2028, 7, 8), date(2028, 8, 20)),
            _S: (date(2028, 7, 22), date(2028, 9, 3)),
        },
    ),
)


def school_holidays(region: Region) -> tuple[SchoolHoliday, ...]:
    """All that are known for a region, in order."""
    return tuple(SchoolHoliday(kind, *days[region]) for kind, days in _PUBLISHED)

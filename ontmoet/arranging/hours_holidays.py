"""Holidays that a room may close for: suggestions, of which each is taken over or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from holidays import country_holidays

from ontmoet.web.i18n import gettext as _

from .hours_school import School, school_holidays

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .hours_rules import SpecialDay
    from .hours_school import Region

DAYS_AHEAD = 400
"""No further than anybody can book."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Days to close for, and what stands on those days now; empty when they go as usual."""

    first: date
    last: date
    name: str
    stands: tuple[SpecialDay, ...] = ()


@lru_cache(maxsize=8)
def _of_year(year: int) -> tuple[tuple[date, str], ...]:
    """The Dutch holidays of a year, with 5 May and Good Friday, which are no day off for everybody."""
    found = country_holidays("NL", years=year, language="nl", categories=("public", "optional"))
    return tuple(sorted(found.items()))


def public_holidays(special: Iterable[SpecialDay], *, today: date) -> list[Suggestion]:
    """What is to come of this year and the next."""
    stands = {one.day: one for one in special}
    days = (pair for year in (today.year, today.year + 1) for pair in _of_year(year))
    return [
        Suggestion(day, day, name, (stands[day],) if day in stands else ())
        for day, name in days
        if day >= today
    ]


def coming_school_holidays(region: Region, special: Iterable[SpecialDay], *, today: date) -> list[Suggestion]:
    """Those of a region that are not over, from today on, as far ahead as anybody can book."""
    stands = tuple(special)
    furthest = today + timedelta(days=DAYS_AHEAD)
    return [
        Suggestion(
            max(one.first, today),
            one.last,
            _school_name(one.kind),
            tuple(day for day in stands if max(one.first, today) <= day.day <= one.last),
        )
        for one in school_holidays(region)
        if one.last >= today and one.first <= furthest
    ]


def _school_name(kind: School) -> str:
    return {
        School.AUTUMN: _("Herfstvakantie"),
        School.CHRISTMAS: _("Kerstvakantie"),
        School.SPRING: _("Voorjaarsvakantie"),
        School.MAY: _("Meivakantie"),
        School.SUMMER: _("Zomervakantie"),
    }[kind]

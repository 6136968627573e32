"""Which day of a changed series each old day becomes. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import month_of

from .rules import Frequency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def carried(old: Iterable[date], new: Iterable[date], frequency: Frequency) -> dict[date, date]:
    """Which day of a changed series each old day became: the same day where there is one; else the day at
    the same place in that week or month. Old days that became none are left out.
    """
    left_old, left_new = set(old), set(new)
    became = {day: day for day in left_old & left_new}
    places: defaultdict[object, tuple[list[date], list[date]]] = defaultdict(lambda: ([], []))
    period = _period(frequency)
    for day in sorted(left_old - became.keys()):
        places[period(day)][0].append(day)
    for day in sorted(left_new - became.keys()):
        places[period(day)][1].append(day)
    for olds, news in places.values():
        became.update(zip(olds, news, strict=False))
    return became


def _period(frequency: Frequency) -> Callable[[date], object]:
    if frequency is Frequency.MONTHLY:
        return month_of
    if frequency is Frequency.WEEKLY:
        return lambda day: day - timedelta(days=day.weekday())
    return lambda day: day


def start_of_period(frequency: Frequency, day: date) -> date:
    """The first day of the week or month in which a day falls."""
    if frequency is Frequency.MONTHLY:
        return day.replace(day=1)
    if frequency is Frequency.WEEKLY:
        return day - timedelta(days=day.weekday())
    return day

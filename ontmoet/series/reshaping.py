"""What a change of a series means for each of its dates to come, before anything is stored.

A date that was struck stays struck. A date that was moved on its own stays as it was moved. A date whose new
time is not free keeps the time it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.bookings.rules import slot_on
from ontmoet.bookings.states import lapses_at
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of

from .carrying import carried, start_of_period
from .planning import look_on
from .queries import dates_of
from .rules import At, DateState, Standing, days_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .planning import Asked
    from .queries import DateView, SeriesView
    from .rules import Outlook, Rhythm


class Became(StrEnum):
    """What a change makes of a date."""

    STAYS = "stays"
    MOVES = "moves"
    KEEPS = "keeps"
    """Its new time is not free, so it keeps the old one."""
    NEW = "new"
    REFUSED = "refused"
    STRUCK = "struck"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Step:
    """One date under a change: the row that was there, the day it is from now on, and how that day looks
    where its time or part changes.
    """

    old: DateView | None
    day: date
    became: Became
    outlook: Outlook | None = None

    @property
    def slot(self) -> TimeSlot | None:
        """When it will be; None for a time that the clock skips."""
        stays = self.became in (Became.STAYS, Became.KEEPS)
        asked = self.outlook.slot if self.outlook and not stays else None
        return asked or (self.old.slot if self.old else None)

    @property
    def is_wanted_still(self) -> bool:
        """Whether the series wanted this day before too, and waits for it still: who let an offer go asks
        anew.
        """
        if (
            self.old is None
            or self.old.offered_at
            or self.old.standing in (Standing.STRUCK, Standing.DROPPED)
        ):
            return False
        return self.old.day == self.day


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A change of a series from a day on: its new rhythm, and all dates in order. `splits` tells whether
    dates before it stay with the series as it was.
    """

    rhythm: Rhythm
    since: date
    splits: bool
    steps: tuple[Step, ...]

    @property
    def seen(self) -> dict[date, str]:
        """What whoever looks at it sees, to compare with later."""
        return {step.day: step.became for step in self.steps}

    def lapses(self, now: datetime) -> list[datetime]:
        """Where somebody decides: when each date that is asked anew lapses without an answer."""
        return [
            lapses_at(now, step.outlook.slot.starts)
            for step in self.steps
            if step.became in (Became.NEW, Became.MOVES) and step.outlook and step.outlook.slot
        ]


def reshape(
    series: SeriesView,
    asked: Asked,
    room: RoomView,
    party: Party,
    *,
    since: date | None,
    struck: Collection[date],
    now: datetime,
) -> Reshaped:
    """What becomes of the dates from `since` on, or of all that are to come. `struck` are days that whoever
    changes it leaves out.
    """
    rows = dates_of(series.series_id, now=now)
    today = day_of(now)
    coming = [row for row in rows if row.day >= (since or today) and not row.has_begun(now)]
    boundary = since or min((row.day for row in coming), default=today)
    touched = {row.date_id for row in coming}
    before = [row for row in rows if row.date_id not in touched]
    has_same_days = replace(asked.rhythm, first=series.rhythm.first, last=series.rhythm.last) == series.rhythm
    start = boundary if has_same_days else _start(asked.rhythm, boundary, {row.day for row in before}, today)
    rhythm = _rhythm_from(asked.rhythm, series.rhythm, start)
    elsewhere = {row.day for row in before}
    new = [day for day in days_of(rhythm) if day >= start and day not in elsewhere]
    its_day = carried(_carrying(coming, new), new, rhythm.frequency)
    row_on = {its_day[row.day]: row for row in coming if row.day in its_day}
    steps = _on_new_days(series, asked, new, row_on, room, party, struck=struck, now=now)
    left = [
        Step(row, row.day, Became.STRUCK if row.standing is Standing.STRUCK else Became.DROPPED)
        for row in coming
        if row.day not in its_day
    ]
    splits = since is not None and any(row.standing is not Standing.DROPPED for row in before)
    ordered = sorted([*steps, *left], key=lambda step: step.day)
    return Reshaped(rhythm, start, splits, tuple(ordered))


def _start(rhythm: Rhythm, boundary: date, taken: Collection[date], today: date) -> date:
    """From which day other days count: a group that goes from Tuesday to Monday comes that same week."""
    start = max(start_of_period(rhythm.frequency, boundary), today)
    return boundary if start > boundary or any(start <= day < boundary for day in taken) else start


def _rhythm_from(asked: Rhythm, old: Rhythm, start: date) -> Rhythm:
    """Every other week stays the same other week, when nothing about that was changed."""
    is_same_pace = (asked.frequency, asked.every) == (old.frequency, old.every)
    return replace(asked, first=old.first if is_same_pace and old.first <= start else start)


def _carrying(coming: Sequence[DateView], new: Collection[date]) -> list[date]:
    """Old days that can become new ones: a dropped one only comes back on its own day."""
    days = set(new)
    return [row.day for row in coming if row.standing is not Standing.DROPPED or row.day in days]


def _on_new_days(
    series: SeriesView,
    asked: Asked,
    new: Sequence[date],
    row_on: dict[date, DateView],
    room: RoomView,
    party: Party,
    *,
    struck: Collection[date],
    now: datetime,
) -> list[Step]:
    zone = asked.zone(room)
    zone_id = zone.zone_id if zone else None
    settled: list[Step] = []
    to_look_at: list[At] = []
    moving: list[int] = []
    for day in new:
        row = row_on.get(day)
        if row is not None and row.standing is Standing.STRUCK:
            settled.append(Step(row, day, Became.STRUCK))
        elif row is not None and row.is_live and row.booking_id is not None:
            if _stays(series, row, At(day, asked.starts, asked.ends, zone), zone_id):
                settled.append(Step(row, day, Became.STRUCK if day in struck else Became.STAYS))
            else:
                to_look_at.append(At(day, asked.starts, asked.ends, zone))
                moving.append(row.booking_id)
        else:
            to_look_at.append(At(day, asked.starts, asked.ends, zone))
            if row is not None and row.standing is Standing.OFFERED and row.booking_id is not None:
                moving.append(row.booking_id)
    outlooks = look_on(to_look_at, room, party, now=now, struck=struck, leave_out=moving)
    return [*settled, *(_step(each, row_on.get(each.day), struck) for each in outlooks)]


def _step(outlook: Outlook, row: DateView | None, struck: Collection[date]) -> Step:
    is_live = row is not None and row.is_live
    if outlook.day in struck:
        became = Became.STRUCK
    elif outlook.is_free:
        became = Became.MOVES if is_live else Became.NEW
    else:
        became = Became.KEEPS if is_live else Became.REFUSED
    return Step(row, outlook.day, became, outlook)


def _stays(series: SeriesView, row: DateView, wanted: At, zone_id: int | None) -> bool:
    """Whether its time and part stay: they are wanted so, or this date was moved on its own."""
    if is_own(series, row):
        return True
    try:
        return row.slot == slot_on(wanted.day, wanted.starts, wanted.ends) and row.zone_id == zone_id
    except Refused:
        return False


def is_own(series: SeriesView, row: DateView) -> bool:
    """Whether a date that stands was moved on its own: it is not where and when the series says."""
    try:
        usual = slot_on(row.day, series.starts, series.ends)
    except Refused:
        return True
    return row.slot is not None and (row.slot != usual or row.zone_id != series.zone_id)


STATE_OF = {
    Became.STAYS: DateState.BOOKED,
    Became.MOVES: DateState.BOOKED,
    Became.KEEPS: DateState.BOOKED,
    Became.NEW: DateState.BOOKED,
    Became.REFUSED: DateState.REFUSED,
    Became.STRUCK: DateState.STRUCK,
    Became.DROPPED: DateState.DROPPED,
}

"""On which days a series falls, what is in the way of each, and what stays when the series changes.

A series is wall clock: 10:00 stays 10:00, whatever the clock does in March and October. A date of a series
is known by the series and the local day it falls on by the rule, also after it was moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from ontmoet.bookings.rules import BookingWish, FairUse, Taken, first_clash, slot_on
from ontmoet.bookings.states import Status
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import month_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView, ZoneView

MOST_DATES = 400
"""A day of each of more than a year. What is longer is no series but an agreement."""

MOST_EVERY = 12
LAST_WEEK_STARTS = 29
"""Who begins on the 29th or later on a weekday means the last one of the month."""


class Frequency(StrEnum):
    """How a series goes on."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class DateState(StrEnum):
    """What became of a date of a series. What its booking went through since is told by the booking."""

    BOOKED = "booked"
    STRUCK = "struck"
    REFUSED = "refused"
    DROPPED = "dropped"
    """No date of the series any more since it was changed or ended; when it is one again, it comes back."""


class Standing(StrEnum):
    """How a date stands now: its state, and what became of its booking."""

    BOOKED = "booked"
    REQUESTED = "requested"
    OFFERED = "offered"
    STRUCK = "struck"
    REFUSED = "refused"
    DISPLACED = "displaced"
    DROPPED = "dropped"


class Why(StrEnum):
    """Why a date of a series cannot be had."""

    TAKEN = "taken"
    CLOSED = "closed"
    SHUT = "shut"
    NO_SUCH_TIME = "no_such_time"
    FAIR_USE = "fair_use"
    PAST = "past"


class Reason(StrEnum):
    """Why a series is refused as a whole, or a deed on it."""

    NO_DATES = "no_dates"
    TOO_MANY_DATES = "too_many_dates"
    LASTS_TOO_LONG = "lasts_too_long"
    NO_END = "no_end"
    ENDS_BEFORE_FIRST = "ends_before_first"
    STARTS_IN_PAST = "starts_in_past"
    NOTHING_FREE = "nothing_free"
    CHANGED_MEANWHILE = "changed_meanwhile"
    OVER = "over"
    NOT_ITS_DATE = "not_its_date"
    CANNOT_PROLONG = "cannot_prolong"
    NO_HOST = "no_host"
    NOBODY_BEHIND = "nobody_behind"
    NOT_FREE = "not_free"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days, from `first` to `last`. Weekly: on `weekdays` (0 is Monday). Monthly: on `month_day`, or
    on the last day of a month that is shorter; or on the `nth` of the one weekday in `weekdays`, -1 the last.
    """

    frequency: Frequency
    every: int
    first: date
    last: date
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Held(Taken):
    """What is taken; of a closure also why."""

    closed_for: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it is on one day: `why` and `clash` say what is in the way; `slot` is None for a time that the
    clock skips. `closed_for` is why the room is closed or shut then.
    """

    day: date
    slot: TimeSlot | None
    zone: ZoneView | None
    why: Why | None = None
    clash: Taken | None = None
    closed_for: str = ""

    @property
    def is_free(self) -> bool:
        return self.why is None


def nth_of(day: date) -> int:
    """Which of its weekday in the month a day is: 1 to 4, or -1 for a fifth, which is always the last."""
    return -1 if day.day >= LAST_WEEK_STARTS else (day.day - 1) // 7 + 1


@lru_cache(maxsize=64)
def days_of(rhythm: Rhythm, *, most: int = MOST_DATES + 1) -> tuple[date, ...]:
    """Its days in order, at most `most`. Remembered: one page asks several times."""
    rule = rrule(
        {Frequency.DAILY: DAILY, Frequency.WEEKLY: WEEKLY, Frequency.MONTHLY: MONTHLY}[rhythm.frequency],
        dtstart=datetime.combine(rhythm.first, time()),
        until=datetime.combine(rhythm.last, time()),
        interval=rhythm.every,
        cache=False,
        **_on(rhythm),
    )
    return tuple(moment.date() for moment in islice(rule, most))


def _on(rhythm: Rhythm) -> dict[str, object]:
    if rhythm.frequency is Frequency.WEEKLY:
        return {"byweekday": rhythm.weekdays}
    if rhythm.frequency is Frequency.MONTHLY and rhythm.nth is not None:
        return {"byweekday": [weekday(rhythm.weekdays[0], rhythm.nth)]}
    if rhythm.frequency is Frequency.MONTHLY and rhythm.month_day is not None:
        # Of a month without a 31st the last day is meant.
        days = range(min(rhythm.month_day, 28), rhythm.month_day + 1)
        return {"bymonthday": list(days), "bysetpos": -1}
    return {}


def last_of(rhythm: Rhythm, count: int) -> date:
    """The day on which a rhythm without an end has been `count` times."""
    furthest = rhythm.first + timedelta(days=366 * 12)
    return days_of(replace(rhythm, last=furthest), most=count)[-1]


def furthest_day(room: RoomView, today: date) -> date:
    """The last day that a series may have in a room."""
    return today + timedelta(days=room.series_days)


def objections_to_rhythm(rhythm: Rhythm, room: RoomView, *, today: date) -> tuple[Objection, ...]:
    """What is wrong with it as a whole; empty when it can be looked at day by day."""
    if rhythm.first < today:
        return (Objection(Reason.STARTS_IN_PAST, "first"),)
    if rhythm.last < rhythm.first:
        return (Objection(Reason.ENDS_BEFORE_FIRST, "last"),)
    furthest = furthest_day(room, today)
    if rhythm.last > furthest:
        return (Objection(Reason.LASTS_TOO_LONG, "last", {"furthest": furthest}),)
    days = days_of(rhythm)
    if not days:
        return (Objection(Reason.NO_DATES, "last"),)
    if len(days) > MOST_DATES:
        return (Objection(Reason.TOO_MANY_DATES, "last", {"most": MOST_DATES}),)
    return ()


@dataclass(frozen=True, slots=True)
class At:
    """A day of a series with its time (minutes after midnight) and zone (None is the whole room)."""

    day: date
    starts: int
    ends: int
    zone: ZoneView | None

    @property
    def slot(self) -> TimeSlot | None:
        """The same as instants; None for a time that the clock skips."""
        try:
            return slot_on(self.day, self.starts, self.ends)
        except Refused:
            return None


def look_at(
    asked: Sequence[At],
    slots: Sequence[TimeSlot | None],
    room: RoomView,
    *,
    taken: Mapping[date, tuple[Held, ...]],
    fair_use: tuple[FairUse, ...],
    struck: Collection[date],
    now: datetime,
) -> tuple[Outlook, ...]:
    """How it is on each day; `slots` are those of `asked`. Days are judged in order, since each one that is
    free spends a turn; what is struck spends none.
    """
    months = {month.month: month for month in fair_use}
    used = {month.month: month.used for month in fair_use}
    found = []
    for at, slot in zip(asked, slots, strict=True):
        outlook = _look_at_day(at, slot, room, taken.get(at.day, ()), now)
        if outlook.slot is not None and outlook.is_free and at.day not in struck:
            month = months.get(month_of(at.day))
            if month is not None and at.starts >= month.quota_from:
                if used[month.month] >= month.quota:
                    outlook = replace(outlook, why=Why.FAIR_USE)
                else:
                    used[month.month] += 1
        found.append(outlook)
    return tuple(found)


def _look_at_day(
    at: At, slot: TimeSlot | None, room: RoomView, taken: tuple[Held, ...], now: datetime
) -> Outlook:
    if slot is None:
        return Outlook(at.day, None, at.zone, Why.NO_SUCH_TIME)
    if slot.starts < now:
        return Outlook(at.day, slot, at.zone, Why.PAST)
    if not room.hours.cover(slot):
        return Outlook(at.day, slot, at.zone, Why.SHUT, closed_for=room.hours.reasons.get(at.day, ""))
    clash = first_clash(BookingWish(slot, at.zone, 1, ""), room, taken) if taken else None
    if clash is not None:
        why = Why.CLOSED if clash.is_closure else Why.TAKEN
        closed_for = clash.closed_for if isinstance(clash, Held) else ""
        return Outlook(at.day, slot, at.zone, why, clash, closed_for)
    return Outlook(at.day, slot, at.zone)


def standing_of(state: DateState, status: Status | None, *, was_closed: bool, was_offered: bool) -> Standing:
    """How a date stands. A booking that was called off is struck, whoever did it; one that had to make way
    for a closure comes free again. An offer that nobody took, or could take, leaves the date as it was:
    refused.
    """
    if state is not DateState.BOOKED:
        return Standing(state.value)
    if status is Status.CONFIRMED:
        return Standing.BOOKED
    if status is Status.REQUESTED:
        return Standing.REQUESTED
    if status is Status.OFFERED:
        return Standing.OFFERED
    if status is Status.LAPSED and was_offered:
        return Standing.REFUSED
    return Standing.DISPLACED if was_closed else Standing.STRUCK


def prolonged_until(rhythm: Rhythm, room: RoomView, *, today: date) -> date | None:
    """The last day when it goes on as long as it lasted, as far as the room allows; None when it cannot."""
    length = max(rhythm.last - rhythm.first, timedelta(weeks=8))
    until = min(rhythm.last + length, furthest_day(room, today))
    return until if any(day > rhythm.last for day in days_of(replace(rhythm, last=until))) else None


CONFIRMED_FOR = timedelta(weeks=8)
"""So long a weekly group is believed to come, once it said so."""
ASKED_BEFORE = timedelta(weeks=2)
TOLD_BEFORE_END = timedelta(weeks=4)


def asks_to_confirm(frequency: Frequency, believed_until: date, last: date, *, today: date) -> bool:
    """Whether it is time to ask a group if it still comes: every eight weeks, not when it is over soon."""
    is_group = frequency is Frequency.WEEKLY
    return is_group and believed_until - ASKED_BEFORE <= today and last > believed_until

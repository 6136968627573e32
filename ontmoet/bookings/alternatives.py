"""What is possible instead: the same wish a little earlier, in another part, or on another day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import NonexistentTime, day_of, instant, instant_or_next, minutes_of, start_of
from ontmoet.rooms.rules import RoomView, ZoneView

from .rules import BookingWish, FairUse, Taken, objections_to, slot_on

DAYS_SEARCHED = 14
QUARTER = timedelta(minutes=15)

LONGEST_HOLD = timedelta(days=LONGEST_HOLD_DAYS)
"""No row of what is taken lasts longer (decision 1), but for a closure that is not there yet."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A slot that can be booked as it stands. `is_shorter`: less time than was asked."""

    slot: TimeSlot
    zone: ZoneView | None
    is_shorter: bool = False


def alternatives_to(
    wish: BookingWish,
    room: RoomView,
    *,
    taken: tuple[Taken, ...],
    fair_use: tuple[FairUse, ...],
    now: datetime,
    first: date | None = None,
    days: int = DAYS_SEARCHED,
    most: int = 3,
) -> tuple[Alternative, ...]:
    """At most `most` slots near the wish; each would be accepted now.

    `taken` and `fair_use` cover the `days` that are searched, from `first` on: `first_day_searched` unless it
    is said.
    """
    first = first or first_day_searched(wish, room, now)
    held = _Held(taken, room)
    found: list[Alternative] = []
    for candidate in _candidates(wish, room, held, fair_use, now, _nearest_first(wish, first, days)):
        possible = replace(wish, slot=candidate.slot, zone=candidate.zone)
        in_the_way = held.on(day_of(candidate.slot.starts))
        if objections_to(possible, room, taken=in_the_way, fair_use=fair_use, now=now):
            continue
        if not _can_be_chosen(candidate.slot):
            continue
        if any(candidate.slot == other.slot and candidate.zone == other.zone for other in found):
            continue
        found.append(candidate)
        if len(found) == most:
            break
    return tuple(sorted(found, key=lambda a: day_of(a.slot.starts) != day_of(wish.slot.starts)))


def next_free(
    room: RoomView, *, taken: tuple[Taken, ...], now: datetime, days: int, after: int = 0
) -> Alternative | None:
    """The first slot of the room's usual length from now on, or a shorter one that starts sooner: on one of
    the next `days` days, after so many of them.

    Of a divisible room in the first zone: that is the one people mean. Where that has nothing by then, in the
    zone that has something soonest.
    """
    zones: tuple[ZoneView | None, ...] = room.zones if room.is_divisible else (None,)
    searched = range(after, min(days, room.horizon_days + 1))
    held = _Held(taken, room)
    first = _next_free_in(zones[0], room, held, now, searched)
    if first is not None:
        return first
    others = (_next_free_in(zone, room, held, now, searched) for zone in zones[1:])
    return min((found for found in others if found), key=lambda found: found.slot.starts, default=None)


def _next_free_in(
    zone: ZoneView | None, room: RoomView, held: _Held, now: datetime, days: range
) -> Alternative | None:
    zones = room.zone_ids if zone is None else frozenset({zone.zone_id})
    usual = timedelta(minutes=room.usual_minutes)
    shortest = timedelta(minutes=room.shortest_minutes)
    for ahead in days:
        day = day_of(now) + timedelta(days=ahead)
        for gap in _gaps_on(day, room, zones, held.on(day), now):
            start = next_quarter(gap.starts)
            room_for = gap.ends - start
            if room_for < shortest:
                continue
            slot = TimeSlot(start, start + min(usual, room_for))
            if _can_be_chosen(slot):
                return Alternative(slot, zone)
    return None


def first_day_searched(wish: BookingWish, room: RoomView, now: datetime) -> date:
    """Where the search for alternatives starts: on the day of the wish, or earlier where after it too few can
    be booked.
    """
    latest = last_day_searched(room, now) - timedelta(days=DAYS_SEARCHED - 1)
    return max(min(day_of(wish.slot.starts), latest), day_of(now))


def last_day_searched(room: RoomView, now: datetime) -> date:
    """The last day on which this room can be booked now."""
    return day_of(now) + timedelta(days=room.horizon_days)


def slot_meant(day: date, starts: int, room: RoomView) -> TimeSlot:
    """What may be meant by a beginning whose end makes no sense: the usual time, on the day."""
    end_of_day = start_of(day + timedelta(days=1))
    usual = timedelta(minutes=room.usual_minutes)
    begin = min(instant_or_next(day, starts), end_of_day - usual)
    return TimeSlot(begin, begin + usual)


def _can_be_chosen(slot: TimeSlot) -> bool:
    """Whether the form can say it: of the hour that comes twice in October it can say one."""
    try:
        return slot_on(day_of(slot.starts), minutes_of(slot.starts), minutes_of(slot.ends)) == slot
    except Refused:
        return False


class _Held:
    """What is taken, in order of time: each day looks only at what can be in its way, also of half a year."""

    def __init__(self, taken: Iterable[Taken], room: RoomView) -> None:
        in_order = sorted(taken, key=lambda each: each.slot.starts)
        self._long = tuple(each for each in in_order if each.slot.length > LONGEST_HOLD)
        self._taken = [each for each in in_order if each.slot.length <= LONGEST_HOLD]
        self._starts = [each.slot.starts for each in self._taken]
        self._buffer = timedelta(minutes=room.buffer_minutes)

    def on(self, day: date) -> tuple[Taken, ...]:
        """What may reach into this day."""
        since, until = start_of(day) - LONGEST_HOLD, start_of(day + timedelta(days=1)) + self._buffer
        near = self._taken[bisect_left(self._starts, since) : bisect_left(self._starts, until)]
        return (*self._long, *near)


def _nearest_first(wish: BookingWish, first: date, days: int) -> list[date]:
    """The days searched: that of the wish, the ones after it, then the ones before."""
    searched = [first + timedelta(days=ahead) for ahead in range(days)]
    own = max(first, min(day_of(wish.slot.starts), searched[-1]))
    return [*(day for day in searched if day >= own), *reversed([day for day in searched if day < own])]


def _candidates(
    wish: BookingWish,
    room: RoomView,
    held: _Held,
    fair_use: tuple[FairUse, ...],
    now: datetime,
    days: list[date],
) -> Iterator[Alternative]:
    zones = _zones_that_fit(wish, room)
    own, *others = days

    def on(day: date, zone: ZoneView | None) -> Iterator[Alternative]:
        return on_day(wish, zone, room, day, held.on(day), fair_use, now)

    same_day = list(on(own, zones[0])) if zones else []
    yield from same_day[:1]
    if day_of(wish.slot.starts) == own:
        for zone in zones[1:]:
            yield Alternative(wish.slot, zone)
    for zone in zones[:1]:
        for day in others:
            yield from (each for each in on(day, zone) if not each.is_shorter)
            if day == others[0]:
                yield from same_day[1:2]
    for zone in zones[1:]:
        for day in days:
            yield from on(day, zone)


def _zones_that_fit(wish: BookingWish, room: RoomView) -> list[ZoneView | None]:
    """The zone that was asked for first, then the other ones that are large enough."""
    asked: list[ZoneView | None] = [wish.zone]
    others: list[ZoneView | None] = [zone for zone in room.zones if zone != wish.zone]
    if wish.zone is not None and room.is_divisible:
        others.append(None)
    elif not room.is_divisible:
        others = []
    return [
        zone for zone in asked + others if wish.people <= (room.capacity if zone is None else zone.capacity)
    ]


def on_day(
    wish: BookingWish,
    zone: ZoneView | None,
    room: RoomView,
    day: date,
    taken: tuple[Taken, ...],
    fair_use: tuple[FairUse, ...],
    now: datetime,
) -> Iterator[Alternative]:
    """Slots on one day: of the length that was asked, nearest in time first; then shorter ones."""
    try:
        wanted = instant(day, minutes_of(wish.slot.starts))
    except NonexistentTime:
        return
    zones = room.zone_ids if zone is None else frozenset({zone.zone_id})
    length = min(wish.slot.length, timedelta(minutes=room.longest_minutes))
    length = max(length, timedelta(minutes=room.shortest_minutes))
    whole, shorter = [], []
    for gap in _split_for(fair_use, length, _gaps_on(day, room, zones, taken, now)):
        start = max(gap.starts, min(wanted, gap.ends - length))
        if start == gap.starts and day == day_of(now):
            start = next_quarter(start)
        if start + length <= gap.ends:
            whole.append(Alternative(TimeSlot(start, start + length), zone))
        elif gap.ends - start >= timedelta(minutes=room.shortest_minutes):
            shorter.append(Alternative(TimeSlot(start, gap.ends), zone, is_shorter=True))
    for found in (whole, shorter):
        yield from sorted(found, key=lambda a: abs(a.slot.starts - wanted))


def _gaps_on(
    day: date, room: RoomView, zones: frozenset[int], taken: tuple[Taken, ...], now: datetime
) -> Iterator[TimeSlot]:
    """Stretches of a day in which any slot may be booked, its buffer included."""
    buffer = timedelta(minutes=room.buffer_minutes)
    held = [TimeSlot(t.slot.starts - buffer, t.slot.ends) for t in taken if t.zone_id in zones]
    for open_ in room.hours.slots_on(day):
        for gap in gaps(open_, held):
            if gap.ends > now:
                yield TimeSlot(max(gap.starts, now), gap.ends)


def _split_for(
    fair_use: tuple[FairUse, ...], length: timedelta, found: Iterable[TimeSlot]
) -> Iterator[TimeSlot]:
    """Where a month's turns are spent, first the part of a gap in which a start does not count."""
    borders = [month.quota_from for month in fair_use if month.is_spent and month.quota_from]
    for gap in found:
        for border in borders[:1]:
            last_start = instant_or_next(day_of(gap.starts), border) - QUARTER
            if gap.starts <= last_start < gap.ends:
                yield TimeSlot(gap.starts, min(gap.ends, last_start + length))
        yield gap


def next_quarter(moment: datetime) -> datetime:
    """The first quarter of an hour at or after `moment`; every zone offset here is whole quarters."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second)
    return moment if not past else moment - past + QUARTER

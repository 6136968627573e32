"""Other times for who had the room when it was closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, instant_or_next, minutes_of, start_of
from ontmoet.rooms.queries import goes_on_in

from .alternatives import DAYS_SEARCHED, alternatives_to
from .closure_queries import closures_during
from .instead import Way, way_to
from .parties import party_behind
from .rules import BookingWish, Taken
from .states import CancelReason
from .taken_queries import taken_between
from .turns import fair_use_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .closure_queries import Affected
    from .queries import BookingView
    from .rules import FairUse

A_WEEK = timedelta(days=7)


def ways_for_each(
    affected: Iterable[Affected], room: RoomView, closing: TimeSlot, zone_id: int | None, *, now: datetime
) -> dict[int, list[Way]]:
    """At most three times for each booking that a closure would displace: when the room is free, whoever's
    turns are spent. One statement.
    """
    all_of_them = tuple(affected)
    if not all_of_them:
        return {}
    first = min(max(day_of(each.slot.starts), day_of(now)) for each in all_of_them)
    until = max(closing.ends, *(each.slot.ends for each in all_of_them)) + _searched()
    zone_ids = room.zone_ids if zone_id is None else frozenset({zone_id})
    taken = (
        *taken_between(room.room_id, start_of(first), until, now=now),
        *(Taken(each, closing, is_closure=True) for each in zone_ids),
    )
    return {
        each.booking_id: _ways(
            _wish(each, room), room, taken, fair_use=(), closed_until=closing.ends, now=now
        )
        for each in all_of_them
    }


def ways_after_closing(found: BookingView, room: RoomView, person: Actor, *, now: datetime) -> list[Way]:
    """At most three times for somebody whose time was shut, as they had it, asked for it or were offered it,
    and is not over yet, that they can have. Three statements, none for other bookings.
    """
    if found.reason is not CancelReason.CLOSED or found.slot.ends <= now:
        return []
    # Who was called off since the room goes on in another one chooses a time there.
    room = goes_on_in(room) or room
    if not allows(person, Permission.BOOKING_MAKE, room):
        return []
    closures = closures_during(room.room_id, found.slot)
    closed_until = max((each.slot.ends for each in closures), default=found.slot.ends)
    first = max(day_of(found.slot.starts), day_of(now))
    until = closed_until + _searched()
    taken = taken_between(room.room_id, start_of(first), until, now=now)
    party = party_behind(
        person, room, found.use_kind, home_id=found.home_id, organisation_id=found.organisation_id
    )
    fair_use = fair_use_of(room, party, first, day_of(until), now=now)
    zone = next((each for each in room.zones if each.zone_id == found.zone_id), None)
    wish = BookingWish(found.slot, zone, found.people, found.purpose)
    return _ways(wish, room, taken, fair_use=fair_use, closed_until=closed_until, now=now)


def _searched() -> timedelta:
    return timedelta(days=DAYS_SEARCHED + 8)


def _wish(each: Affected, room: RoomView) -> BookingWish:
    zone = next((zone for zone in room.zones if zone.zone_id == each.zone_id), None)
    return BookingWish(each.slot, zone, each.people, "")


def _ways(
    wish: BookingWish,
    room: RoomView,
    taken: tuple[Taken, ...],
    *,
    fair_use: tuple[FairUse, ...],
    closed_until: datetime,
    now: datetime,
) -> list[Way]:
    """Near the time that was wanted; when there is none, in the first week after the closure."""
    found = alternatives_to(wish, room, taken=taken, fair_use=fair_use, now=now)
    if not found:
        later = replace(wish, slot=_week_after(wish.slot, closed_until))
        found = alternatives_to(later, room, taken=taken, fair_use=fair_use, now=now)
    asked_day = day_of(wish.slot.starts)
    return [way_to(each, room, people=wish.people, asked_day=asked_day, now=now) for each in found]


def _week_after(slot: TimeSlot, moment: datetime) -> TimeSlot:
    """The same weekday and time, in the first week in which it is after that moment."""
    day, minutes = day_of(slot.starts), minutes_of(slot.starts)
    starts = slot.starts
    while starts < moment:
        day += A_WEEK
        starts = instant_or_next(day, minutes)
    return TimeSlot(starts, starts + slot.length)

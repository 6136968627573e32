"""What came into a room from calendars before, and what of it a newer file has no more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, literal, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import HOLDS_THE_ROOM
from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.models import Room

from .models import TakenOverEvent
from .rules import Stays, all_parts, by_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .rules import Event, ReadCalendar

_booking, _event, _room = Booking.__table__, TakenOverEvent.__table__, Room.__table__

_at_once = (
    select(_room.c.id, literal(1).label("merges"))
    .where(_room.c.merged_into_id == bindparam("room_id"))
    .cte(recursive=True)
)
_merged = _at_once.union(
    select(_room.c.id, _at_once.c.merges + 1).join(_at_once, _at_once.c.id == _room.c.merged_into_id)
)
_MERGES = select(_merged.c.id, _merged.c.merges)
STANDS = (_booking.c.id, _booking.c.starts_at, _booking.c.ends_at, _booking.c.status)
_CAME = (
    select(
        *STANDS,
        _booking.c.public_id,
        _booking.c.purpose,
        _booking.c.version,
        _event.c.mark,
        _event.c.event_mark,
    )
    .join_from(_event, _booking, _booking.c.id == _event.c.booking_id)
    .where(or_(_booking.c.room_id == bindparam("room_id"), _booking.c.room_id.in_(select(_merged.c.id))))
    .order_by(_event.c.id)
)


class Booked(NamedTuple):
    """A booking as it stands now."""

    booking_id: int
    starts: datetime
    ends: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A date that its calendar has no more, and that holds the room here. `stays` is why it is not for us to
    call it off.
    """

    booking_id: int
    public_id: str
    slot: TimeSlot
    title: str
    stays: Stays | None


class _Came(NamedTuple):
    booked: Booked
    public_id: str
    title: str
    version: int
    mark: str
    event_mark: str | None


class CameBefore:
    """All that came into a room from calendars. One statement, and another when there is anything: rooms that
    were merged into it, at once or by way of another, brought what was to come, and kept what is over.
    """

    def __init__(self, room_id: int) -> None:
        self._all = [_came(*row) for row in execute(_CAME, room_id=room_id)]
        merged = execute(_MERGES, room_id=room_id).all() if self._all else ()
        # Each with the number of times that what came from it went along.
        self._rooms = {room_id: 0, **{row.id: row.merges for row in merged}}
        self._by_mark = {one.mark: one.booked for one in self._all}
        self._by_time = {
            (one.event_mark, one.booked.starts, one.booked.ends): one.booked for one in self._all
        }

    def of(self, event: Event) -> Booked | None:
        """What came of this date. The same event at the same time is the same date, under whatever name: they
        get others when an event begins to repeat.
        """
        slot = event.slot
        by_name = (
            self._by_mark.get(mark_of(room_id, event.uid, event.recurrence)) for room_id in self._rooms
        )
        by_time = (
            self._by_time.get((event_mark_of(room_id, event.uid), slot.starts, slot.ends))
            for room_id in self._rooms
        )
        return next((one for some in (by_name, by_time) for one in some if one is not None), None)

    def gone(self, read: ReadCalendar, *, now: datetime, last: datetime) -> list[Gone]:
        """What the file has no more, by time, of what is not over yet and begins before `last`."""
        whole = {event_mark_of(room_id, uid): room_id for room_id in self._rooms for uid in read.whole}
        struck = self._marks(_named(read.struck))
        parts = [part for event in read.events for part in by_day(event)]
        # Programs give what goes on another name: what is there at the same time is not gone.
        times = {(part.slot.starts, part.slot.ends) for part in parts}
        has = {mark_of(room_id, part.uid, part.recurrence) for part in parts for room_id in self._rooms}
        # Of what is elsewhere each part is. Of what is where it was the last can be gone: it ends earlier.
        found = {(event.uid, event.recurrence): self._has_moved(event) for event in read.events}
        has |= self._marks(each for each, has_moved in found.items() if has_moved).keys()
        has |= self._marks(each for each in _named(read.whole) if each not in found).keys()
        gone = [
            self._gone(one, came_to, now)
            for one in self._all
            if (came_to := struck.get(one.mark) or (one.mark not in has and whole.get(one.event_mark or "")))
            and (one.booked.starts, one.booked.ends) not in times
            and one.booked.status in HOLDS_THE_ROOM
            and now < one.booked.ends
            and one.booked.starts < last
        ]
        return sorted(gone, key=lambda one: (one.slot, one.booking_id))

    def _has_moved(self, event: Event) -> bool:
        there = self.of(event)
        return there is not None and there.starts != event.slot.starts

    def _gone(self, one: _Came, came_to: int, now: datetime) -> Gone:
        booked = one.booked
        # Each time that its room was merged is a version too.
        was_changed = one.version > 1 + self._rooms[came_to]
        stays = Stays.BEGUN if booked.starts <= now else Stays.CHANGED if was_changed else None
        slot = TimeSlot(booked.starts, booked.ends)
        return Gone(booked.booking_id, one.public_id, slot, one.title, stays)

    def _marks(self, named: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Each mark that these dates can have, with the room into which they came."""
        return {
            mark_of(room_id, uid, part): room_id
            for uid, recurrence in named
            for part in all_parts(recurrence)
            for room_id in self._rooms
        }


def mark_of(room_id: int, uid: str, recurrence: str) -> str:
    """What says of which date of which event a booking is, and tells neither."""
    return _digest(f"{room_id}\n{recurrence}\n{uid}")


def event_mark_of(room_id: int, uid: str) -> str:
    """The same for an event with all its dates."""
    return _digest(f"{room_id}\n{uid}")


def _named(dates: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    return ((uid, recurrence) for uid, some in dates.items() for recurrence in some)


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def _came(
    booking_id: int,
    starts: datetime,
    ends: datetime,
    status: str,
    public_id: str,
    title: str,
    version: int,
    mark: str,
    event_mark: str | None,
) -> _Came:
    return _Came(Booked(booking_id, starts, ends, status), public_id, title, version, mark, event_mark)

"""What came into a room from calendars before, and what of it a newer file has no more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.rules import HOLDS_THE_ROOM
from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.models import Room

from .models import TakenOverEvent
from .rules import Stays, all_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from .rules import Event, ReadCalendar

_booking, _event, _room = Booking.__table__, TakenOverEvent.__table__, Room.__table__

STANDS = (_booking.c.id, _booking.c.starts_at, _booking.c.ends_at, _booking.c.status)
_CAME = (
    select(
        *STANDS,
        _booking.c.public_id,
        _booking.c.purpose,
        _booking.c.version,
        _booking.c.came_from_id,
        _event.c.mark,
        _event.c.event_mark,
    )
    .join_from(_event, _booking, _booking.c.id == _event.c.booking_id)
    .where(_booking.c.room_id == bindparam("room_id"))
    .order_by(_event.c.id)
)
_MERGED_INTO = select(_room.c.id).where(_room.c.merged_into_id == bindparam("room_id"))


class Standing(NamedTuple):
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
    standing: Standing
    public_id: str
    title: str
    was_changed: bool
    mark: str
    event_mark: str | None


class CameBefore:
    """All that came into a room from calendars. One statement, and another when there is anything: rooms that
    were merged into it brought their own.
    """

    def __init__(self, room_id: int) -> None:
        self._all = [_came(*row) for row in execute(_CAME, room_id=room_id)]
        self._rooms = [room_id, *execute(_MERGED_INTO, room_id=room_id).scalars()] if self._all else []
        self._by_mark = {one.mark: one.standing for one in self._all}
        self._by_time = {
            (one.event_mark, one.standing.starts, one.standing.ends): one.standing for one in self._all
        }

    def of(self, event: Event) -> Standing | None:
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

    def gone(
        self, read: ReadCalendar, still_there: Collection[int], *, now: datetime, last: datetime
    ) -> list[Gone]:
        """What the file has no more, by time, of what is not over yet and begins before `last`. `still_there`
        are the bookings of dates that are among its events.
        """
        whole = {event_mark_of(room_id, uid) for room_id in self._rooms for uid in read.whole}
        # Of a date that is among the events each part is: where it ends earlier now, the last can be gone.
        found = {(event.uid, event.recurrence) for event in read.events}
        has = self._marks([each for each in _named(read.whole) if each not in found])
        struck = self._marks(_named(read.struck))
        gone = [
            _gone(one, now)
            for one in self._all
            if one.standing.booking_id not in still_there
            and one.standing.status in HOLDS_THE_ROOM
            and now < one.standing.ends
            and one.standing.starts < last
            and (one.mark in struck or (one.event_mark in whole and one.mark not in has))
        ]
        return sorted(gone, key=lambda one: (one.slot, one.booking_id))

    def _marks(self, named: Iterable[tuple[str, str]]) -> set[str]:
        return {
            mark_of(room_id, uid, part)
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
    came_from_id: int | None,
    mark: str,
    event_mark: str | None,
) -> _Came:
    # That its room was merged is a version too.
    was_changed = version > (1 if came_from_id is None else 2)
    return _Came(Standing(booking_id, starts, ends, status), public_id, title, was_changed, mark, event_mark)


def _gone(one: _Came, now: datetime) -> Gone:
    standing = one.standing
    stays = Stays.BEGUN if standing.starts <= now else Stays.CHANGED if one.was_changed else None
    return Gone(
        standing.booking_id, one.public_id, TimeSlot(standing.starts, standing.ends), one.title, stays
    )

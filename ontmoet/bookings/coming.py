"""What is on for everybody in the days to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from ontmoet.db import Instant, Memory, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import start_of

from .models import Booking
from .states import Status, Visibility

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

MOST_ACTIVITIES = 10

_booking = Booking.__table__
_COMING = (
    select(_booking.c.starts_at, _booking.c.ends_at, _booking.c.purpose)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.starts_at >= bindparam("since", type_=Instant()),
        _booking.c.status == Status.CONFIRMED,
        _booking.c.visibility == Visibility.OPEN,
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
    .limit(MOST_ACTIVITIES)
)


class Activity(NamedTuple):
    """A booking that is open to everybody."""

    slot: TimeSlot
    title: str


_memory: Memory[int, tuple[Activity, ...]] = Memory(most=1000)


def activities_after(room: RoomView, day: date) -> tuple[Activity, ...]:
    """The next ten after a day. One statement, or none when this process knows."""

    def read() -> tuple[Activity, ...]:
        since: datetime = start_of(day + timedelta(days=1))
        found = execute(_COMING, room_id=room.room_id, since=since)
        return tuple(Activity(TimeSlot(row.starts_at, row.ends_at), row.purpose) for row in found)

    return _memory.recall(room.room_id, (room.agenda_version, day), read)

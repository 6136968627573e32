"""What is still booked in a room or a part of it, in the way of what is arranged there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import THEIRS
from ontmoet.db import Instant, Memory, execute
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.models import Closure, Zone

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

MOST_LISTED = 50
"""Bookings in a list of what stands in the way. One more is read: then the list says that there are more."""

_booking = Booking.__table__
_closure = Closure.__table__
_zone = Zone.__table__

_COMING = (
    select(_booking.c.public_id, _booking.c.starts_at, _booking.c.ends_at, _booking.c.people)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.status.in_([*THEIRS]),
        _booking.c.ends_at > bindparam("now", type_=Instant()),
        # None lasts longer: without it, the whole history of a room would be read.
        _booking.c.starts_at > bindparam("bound", type_=Instant()),
        # A request that waited too long holds nothing, also before somebody writes that down.
        or_(_booking.c.lapses_at.is_(None), _booking.c.lapses_at > bindparam("now", type_=Instant())),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
    .limit(MOST_LISTED + 1)
)
_COMING_IN_ZONE = _COMING.where(_booking.c.zone_id == bindparam("zone_id"))
_TOO_MANY = _COMING.where(
    _booking.c.people
    > case(
        (_booking.c.zone_id.is_(None), bindparam("capacity")),
        else_=select(_zone.c.capacity).where(_zone.c.id == _booking.c.zone_id).scalar_subquery(),
    )
)
_CLOSURES = select(func.count(_closure.c.id)).where(
    _closure.c.zone_id == bindparam("zone_id"), _closure.c.ends_at > bindparam("now", type_=Instant())
)


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A coming booking, without a name."""

    public_id: str
    slot: TimeSlot
    people: int


_beyond_capacity: Memory[int, list[InTheWay]] = Memory(most=1000)


def coming_in(room_id: int, *, now: datetime) -> list[InTheWay]:
    """What is still booked in a room."""
    return _listed(_COMING, room_id=room_id, now=now)


def coming_in_zone(room_id: int, zone_id: int, *, now: datetime) -> list[InTheWay]:
    """What is still booked in one zone, apart from the whole room."""
    return _listed(_COMING_IN_ZONE, room_id=room_id, zone_id=zone_id, now=now)


def closures_of_zone(zone_id: int, *, now: datetime) -> int:
    """How many times one zone is still closed, apart from the whole room."""
    number: int = execute(_CLOSURES, zone_id=zone_id, now=now).scalar_one()
    return number


def beyond_capacity(room: RoomView, *, now: datetime) -> list[InTheWay]:
    """Coming bookings with more people than fit now in what they booked. Remembered with the room and its
    agenda, for the minute.
    """
    minute = now.replace(second=0, microsecond=0)
    return _beyond_capacity.recall(
        room.room_id,
        (room.version, room.agenda_version, minute),
        lambda: _listed(_TOO_MANY, room_id=room.room_id, capacity=room.capacity, now=now),
    )


def _listed(statement: Any, *, now: datetime, **values: Any) -> list[InTheWay]:
    return [
        InTheWay(row.public_id, TimeSlot(row.starts_at, row.ends_at), row.people)
        for row in execute(statement, now=now, bound=now - timedelta(days=LONGEST_HOLD_DAYS), **values)
    ]

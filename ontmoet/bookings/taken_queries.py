"""Reading what holds a room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from ontmoet.db import AnyRow, Memory, execute, instant_named
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.rooms.models import Closure, Zone

from .models import Booking, Occupancy
from .rules import Holder, Taken
from .states import Status

if TYPE_CHECKING:
    from sqlalchemy import Select

    from ontmoet.rooms.rules import RoomView

_occupancy = Occupancy.__table__
_zone = Zone.__table__
_booking = Booking.__table__
_closure = Closure.__table__


def held(*columns: Any) -> Select[Any]:
    """Zone and `columns` of occupancies of a room that touch `[since, until)`.

    The lower bound on `held_from` keeps the search short however long the history is.
    """
    return (
        select(_occupancy.c.zone_id, *columns)
        .join_from(_zone, _occupancy, _occupancy.c.zone_id == _zone.c.id)
        .where(
            _zone.c.room_id == bindparam("room_id"),
            _occupancy.c.held_from < instant_named("until"),
            _occupancy.c.held_from > instant_named("bound"),
            _occupancy.c.held_until > instant_named("since"),
        )
    )


def reach(since: datetime, until: datetime) -> dict[str, datetime]:
    """The bind values of a statement made with `held`."""
    return {"since": since, "until": until, "bound": since - timedelta(days=LONGEST_HOLD_DAYS)}


_TAKEN = (
    held(
        _occupancy.c.held_from,
        _occupancy.c.held_until,
        _occupancy.c.booking_id,
        _occupancy.c.expires_at,
        _booking.c.person_id,
        _booking.c.public_id,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.status,
        _closure.c.ends_at.label("closed_until"),
        _closure.c.reason.label("why"),
    )
    .outerjoin(_booking, _booking.c.id == _occupancy.c.booking_id)
    .outerjoin(_closure, _closure.c.id == _occupancy.c.closure_id)
)


class _Hold(NamedTuple):
    """What is taken, by which booking, and when that ends by itself."""

    taken: Taken
    booking_id: int | None
    expires_at: datetime | None


_memory: Memory[tuple[int, datetime, datetime], tuple[_Hold, ...]] = Memory(most=200)


def taken_between(
    room_id: int, since: datetime, until: datetime, *, now: datetime, leave_out: int | None = None
) -> tuple[Taken, ...]:
    """What is held in a room; `leave_out` is the id of a booking that is about to move."""
    return _standing(_holds_between(room_id, since, until), now, leave_out)


def taken_as_known(
    room: RoomView, since: datetime, until: datetime, *, now: datetime, leave_out: int | None = None
) -> tuple[Taken, ...]:
    """The same for a page, as it was when `room` was read. No statement when this process knows; of what is
    past nothing is kept, it may be a whole history.
    """
    if since < start_of(day_of(now)):
        return taken_between(room.room_id, since, until, now=now, leave_out=leave_out)
    holds = _memory.recall(
        (room.room_id, since, until),
        room.agenda_version,
        lambda: _holds_between(room.room_id, since, until),
    )
    return _standing(holds, now, leave_out)


def _standing(holds: tuple[_Hold, ...], now: datetime, leave_out: int | None) -> tuple[Taken, ...]:
    return tuple(
        taken
        for taken, booking_id, expires_at in holds
        if (expires_at is None or expires_at > now) and (leave_out is None or booking_id != leave_out)
    )


def _holds_between(room_id: int, since: datetime, until: datetime) -> tuple[_Hold, ...]:
    rows = execute(_TAKEN, room_id=room_id, **reach(since, until))
    return tuple(_Hold(_taken(row), row.booking_id, row.expires_at) for row in rows)


def _taken(row: AnyRow) -> Taken:
    holder = None
    if row.booking_id is not None:
        slot = TimeSlot(row.starts_at, row.ends_at)
        holder = Holder(row.person_id, row.public_id, slot, row.status == Status.OFFERED)
    return Taken(
        row.zone_id,
        TimeSlot(row.held_from, row.held_until),
        is_closure=row.booking_id is None,
        closed_until=row.closed_until,
        holder=holder,
        why=row.why or "",
    )

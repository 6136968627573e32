"""Reading figures."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import Status
from ontmoet.db import Instant, LocalDate, execute

from .models import Attendance
from .rules import WALK_IN

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from .rules import Figures

_attendance = Attendance.__table__
_booking = Booking.__table__

_BETWEEN = (
    select(
        _attendance.c.day,
        func.coalesce(_booking.c.public_id, WALK_IN).label("key"),
        _attendance.c.people,
    )
    .outerjoin_from(_attendance, _booking, _booking.c.id == _attendance.c.booking_id)
    .where(
        _attendance.c.room_id == bindparam("room_id"),
        _attendance.c.day >= bindparam("first", type_=LocalDate()),
        _attendance.c.day <= bindparam("last", type_=LocalDate()),
    )
)
_IDS = select(_booking.c.public_id, _booking.c.id).where(
    _booking.c.public_id.in_(bindparam("public_ids", expanding=True)),
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.status == Status.CONFIRMED,
    _booking.c.ends_at <= bindparam("now", type_=Instant()),
)


def figures_between(room_id: int, first: date, last: date) -> dict[date, dict[str, int | None]]:
    """What was counted on each of these days, the last one included."""
    found: defaultdict[date, dict[str, int | None]] = defaultdict(dict)
    for row in execute(_BETWEEN, room_id=room_id, first=first, last=last):
        found[row.day][row.key] = row.people
    return dict(found)


def figures_on(room_id: int, day: date) -> Figures:
    """What was counted on a day."""
    return figures_between(room_id, day, day).get(day, {})


def bookings_over(room_id: int, public_ids: Collection[str], *, now: datetime) -> dict[str, int]:
    """The ids of these bookings, of those that are over in this room."""
    rows = execute(_IDS, public_ids=list(public_ids), room_id=room_id, now=now)
    return {row.public_id: row.id for row in rows}

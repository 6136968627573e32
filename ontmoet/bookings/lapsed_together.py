"""Dates of a series to which nobody gave an answer in time: one message tells of all that lapsed at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot

from .models import Booking
from .states import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_booking = Booking.__table__
_told = _booking.alias("told")

_TOGETHER = (
    select(_told.c.id, _booking.c.public_id, _booking.c.starts_at, _booking.c.ends_at)
    .join_from(
        _told,
        _booking,
        and_(
            _booking.c.room_id == _told.c.room_id,
            # True of all of them, and without it the whole history of a room would be read.
            _booking.c.starts_at > _told.c.made_at,
            _booking.c.series_number == _told.c.series_number,
            _booking.c.ended_at == _told.c.ended_at,
            _booking.c.reason == _told.c.reason,
        ),
    )
    .where(_told.c.id.in_(bindparam("booking_ids", expanding=True)), _booking.c.status == Status.LAPSED)
    .order_by(_booking.c.starts_at)
)


def lapsed_together(booking_ids: Sequence[int]) -> Mapping[int, Mapping[str, TimeSlot]]:
    """The dates that lapsed at once with each of these bookings of which a message tells, its own among them,
    in order of time, by public id; none for what is no date of a series. One statement, or none.
    """
    found: defaultdict[int, dict[str, TimeSlot]] = defaultdict(dict)
    for row in execute(_TOGETHER, booking_ids=[*booking_ids]) if booking_ids else ():
        found[row.id][row.public_id] = TimeSlot(row.starts_at, row.ends_at)
    return found

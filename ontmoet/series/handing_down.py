"""What lower slices show about series: `slices.py` hands it down, since series stand above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of

from .models import Series, SeriesDate
from .queries import rhythm_of
from .wording import series_title

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.kernel.actor import Actor

_date = SeriesDate.__table__
_series = Series.__table__

_LINES = (
    select(_date.c.booking_id, _date.c.day, _series)
    .join_from(_date, _series, _series.c.id == _date.c.series_id)
    .where(_date.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class PartOf:
    """Of which series a booking is a date. From `since` on, that date by the rule, the series is changed;
    from `falls_on` on, the day of the booking itself, it is called off.
    """

    href: str
    title: str
    since: str
    falls_on: str
    may_change: bool


def part_of_series(booking: BookingView, actor: Actor, *, now: datetime) -> PartOf | None:
    """The series to which a booking belongs. One statement."""
    row = execute(_LINES, booking_ids=[booking.booking_id]).one_or_none()
    if row is None:
        return None
    goes_on = row.ended_at is None and booking.slot.starts > now
    may_change = goes_on and allows(actor, Permission.BOOKING_CHANGE, booking)
    title = series_title(rhythm_of(row), row.starts, row.ends)
    falls_on = day_of(booking.slot.starts).isoformat()
    return PartOf(f"/reeksen/{row.public_id}", title, row.day.isoformat(), falls_on, may_change)

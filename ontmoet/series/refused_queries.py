"""Dates that series could not have and still want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import MADE_WAY, CancelReason
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of

from .models import Series, SeriesDate
from .queries import IS_ALIVE
from .rules import DateState, Why

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.db import AnyRow

_series = Series.__table__
_date = SeriesDate.__table__
_booking = Booking.__table__

_IN_TURN = (
    select(_date.c.id, _date.c.series_id, _date.c.day, _date.c.asked_at, _series.c.room_id)
    .join_from(_date, _series, _series.c.id == _date.c.series_id)
    .outerjoin(_booking, _booking.c.id == _date.c.booking_id)
    .where(
        _date.c.day >= bindparam("today", type_=LocalDate()),
        _date.c.offered_at.is_(None),
        _series.c.ended_at.is_(None),
        _series.c.person_id.is_not(None),
        # Who waits for a turn of their own chooses the day that it is for.
        and_(_date.c.state == DateState.REFUSED, _date.c.why.is_distinct_from(Why.FAIR_USE), IS_ALIVE)
        | and_(
            _date.c.state == DateState.BOOKED,
            _booking.c.status.in_([*MADE_WAY]),
            _booking.c.reason == CancelReason.CLOSED,
        ),
    )
)
_IN_TURN_HERE = _IN_TURN.where(_series.c.room_id == bindparam("room_id")).order_by(_date.c.id)
_BEFORE = _IN_TURN.with_only_columns(func.count(), maintain_column_froms=True).where(
    _series.c.room_id == bindparam("room_id"),
    _series.c.person_id != bindparam("person_id"),
    _series.c.starts < bindparam("until"),
    _series.c.ends > bindparam("since"),
    _date.c.day == bindparam("day", type_=LocalDate()),
    # The whole room and each part of it are in each other's way; two parts are not.
    or_(
        _series.c.zone_id.is_(None),
        _series.c.zone_id
        == func.coalesce(bindparam("zone_id", type_=_series.c.zone_id.type), _series.c.zone_id),
    ),
    _date.c.asked_at < bindparam("asked_at", type_=Instant()),
)
# Never looked at goes first. Of one moment: in the order in which they were looked at.
_TO_LOOK_AT = _IN_TURN.order_by(
    _series.c.looked_at.is_not(None), _series.c.looked_at, _series.c.made_at, _series.c.id, _date.c.day
).limit(bindparam("most"))


def refused_dates(now: datetime, *, most: int) -> list[AnyRow]:
    """Dates to come that could not be had and were not offered since: id, series_id, day, asked_at, room_id.
    As many as `most`, those of the series that were not looked at for the longest time.
    """
    return list(execute(_TO_LOOK_AT, today=day_of(now), now=now, most=most).all())


def refused_dates_in(room_id: int, *, now: datetime) -> list[AnyRow]:
    """All of them in a room."""
    return list(execute(_IN_TURN_HERE, room_id=room_id, today=day_of(now), now=now).all())


def dates_before(wish: BookingView, *, now: datetime) -> int:
    """How many dates of series of others, that want some of the time and place of this wish, were asked for
    earlier.
    """
    slot = wish.slot
    day = day_of(slot.starts)
    found: int = execute(
        _BEFORE,
        room_id=wish.room_id,
        person_id=wish.person_id,
        day=day,
        zone_id=wish.zone_id,
        since=minutes_of(slot.starts),
        until=minutes_of(slot.ends) if day_of(slot.ends) == day else MINUTES_A_DAY,
        asked_at=wish.made_at,
        today=day_of(now),
        now=now,
    ).scalar_one()
    return found

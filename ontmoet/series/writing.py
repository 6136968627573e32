"""Writing many bookings at once, in a room that is locked. Commits nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from ontmoet.bookings.ending import end_all
from ontmoet.bookings.holding import ToHold, hold_all
from ontmoet.bookings.models import Booking
from ontmoet.bookings.rules import BookingWish
from ontmoet.bookings.states import CancelReason, Status, lapses_at
from ontmoet.db import Instant, LocalDate, current_connection, execute
from ontmoet.kernel.tokens import new_public_id

from .models import Series, SeriesDate
from .rules import DateState, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .queries import DateView
    from .rules import Outlook, Why

_booking = Booking.__table__
_date = SeriesDate.__table__
_series = Series.__table__

_ADD_BOOKINGS = insert(_booking).returning(_booking.c.id, sort_by_parameter_order=True)
_ADD_DATES = insert(_date)
_SET_DATE = (
    update(_date)
    .where(_date.c.id == bindparam("its_id"))
    .values(
        state=bindparam("its_state"),
        why=bindparam("its_why", type_=_date.c.why.type),
        booking_id=bindparam("its_booking", type_=_date.c.booking_id.type),
        asked_at=bindparam("at", type_=Instant()),
        offered_at=None,
    )
)

_SET_END = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(
        last_day=bindparam("its_last", type_=LocalDate()),
        ended_at=bindparam("its_end", type_=Instant()),
        version=_series.c.version + 1,
    )
)


@dataclass(frozen=True, slots=True)
class Common:
    """What all bookings of a series that are made in one go have alike. `offer_ends` is until when they are
    kept for who is offered them; None for what is asked for or stands at once.
    """

    room_id: int
    home_id: int | None
    organisation_id: int | None
    for_corporation: bool
    person_id: int | None
    entered_by_id: int | None
    use_kind: str
    visibility: str
    people: int
    purpose: str
    responsible: str | None
    rules_version_id: int | None
    made_at: datetime
    status: Status
    offer_ends: datetime | None
    series_number: int

    def lapses_at(self, slot: TimeSlot) -> datetime | None:
        """When a booking of them lapses by itself. Each is waited for as long as it can be: a date of today
        must not take those of next month along.
        """
        return lapses_at(self.made_at, slot.starts) if self.status is Status.REQUESTED else self.offer_ends


def book_all(outlooks: Sequence[Outlook], room: RoomView, common: Common) -> dict[date, int]:
    """A booking on each of these days that is free: its id, by day. Three statements."""
    free = [(each, each.slot) for each in outlooks if each.is_free and each.slot is not None]
    if not free:
        return {}
    shared = {name: getattr(common, name) for name in common.__slots__ if name != "offer_ends"}
    rows: list[Mapping[str, Any]] = [
        {
            **shared,
            "public_id": new_public_id(),
            "zone_id": each.zone.zone_id if each.zone else None,
            "starts_at": slot.starts,
            "ends_at": slot.ends,
            "lapses_at": common.lapses_at(slot),
            "version": 1,
        }
        for each, slot in free
    ]
    ids = current_connection().execute(_ADD_BOOKINGS, rows).scalars().all()
    hold_all(
        [
            to_hold(booking_id, slot, each.zone, room, expires_at=common.lapses_at(slot))
            for booking_id, (each, slot) in zip(ids, free, strict=True)
        ]
    )
    return {each.day: booking_id for booking_id, (each, _slot) in zip(ids, free, strict=True)}


def to_hold(
    booking_id: int, slot: TimeSlot, zone: ZoneView | None, room: RoomView, *, expires_at: datetime | None
) -> ToHold:
    """What a booking holds, time to tidy up included."""
    wish = BookingWish(slot, zone, 1, "")
    held = slot.with_tail(timedelta(minutes=room.buffer_minutes))
    return ToHold(booking_id, wish.zone_ids(room), held, expires_at)


def end_offers(rows: Iterable[DateView], *, now: datetime) -> None:
    """What is kept for these dates is kept no more. It was never theirs, and spends no turn."""
    offered = [row.booking_id for row in rows if row.standing is Standing.OFFERED and row.booking_id]
    end_all(offered, Status.CANCELLED, CancelReason.NOT_TAKEN, now=now)


def add_dates(
    series_id: int, days: Sequence[tuple[date, DateState, Why | None, int | None]], *, now: datetime
) -> None:
    """Dates that a series wants from now on: the day, its state, why it was refused, its booking."""
    if days:
        current_connection().execute(
            _ADD_DATES,
            [
                {
                    "series_id": series_id,
                    "day": day,
                    "state": state,
                    "why": why,
                    "booking_id": booking_id,
                    "asked_at": now,
                    "offered_at": None,
                }
                for day, state, why, booking_id in days
            ],
        )


def set_date(
    date_id: int, state: DateState, *, now: datetime, why: Why | None = None, booking_id: int | None = None
) -> None:
    """A date is asked for anew, or given up, now: what became of it. It may be offered again."""
    execute(_SET_DATE, its_id=date_id, its_state=state, its_why=why, its_booking=booking_id, at=now)


def set_end(series_id: int, last: date, *, ended_at: datetime | None) -> None:
    """The last day of a series that changes. `ended_at` is when it was over, None while dates are to come."""
    execute(_SET_END, its_id=series_id, its_last=last, its_end=ended_at)

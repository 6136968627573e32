"""Writing a series as it was changed: its row, its bookings, its dates. Under the lock of the room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from ontmoet.bookings.holding import hold_all, let_go_all
from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import Status, lapses_at
from ontmoet.bookings.turns import gives_up_late
from ontmoet.db import Instant, LocalDate, current_connection, execute
from ontmoet.kernel.tokens import new_public_id

from .host_queries import hosts_of
from .models import Series, SeriesDate, SeriesHost
from .reshaping import STATE_OF, Became
from .writing import add_dates, to_hold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .planning import Asked
    from .queries import SeriesView
    from .reshaping import Reshaped, Step

_series = Series.__table__
_date = SeriesDate.__table__
_host = SeriesHost.__table__
_booking = Booking.__table__

_BECOME = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(
        zone_id=bindparam("its_zone", type_=_series.c.zone_id.type),
        frequency=bindparam("its_frequency"),
        every=bindparam("its_pace"),
        weekdays=bindparam("its_weekdays"),
        month_day=bindparam("its_month_day", type_=_series.c.month_day.type),
        nth=bindparam("its_nth", type_=_series.c.nth.type),
        first_day=bindparam("its_first", type_=LocalDate()),
        last_day=bindparam("its_last", type_=LocalDate()),
        starts=bindparam("its_start"),
        ends=bindparam("its_end"),
        people=bindparam("its_people"),
        purpose=bindparam("its_purpose"),
        responsible=bindparam("its_responsible", type_=_series.c.responsible.type),
        version=_series.c.version + 1,
    )
)

_CUT = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(last_day=bindparam("its_last", type_=LocalDate()), version=_series.c.version + 1)
)

_COPY = insert(_series).returning(_series.c.id)

_WHOLE = select(_series).where(_series.c.id == bindparam("series_id"))

_SET_DATE = (
    update(_date)
    .where(_date.c.id == bindparam("its_id"))
    .values(
        series_id=bindparam("its_series"),
        day=bindparam("its_day", type_=LocalDate()),
        state=bindparam("its_state"),
        why=bindparam("its_why", type_=_date.c.why.type),
        booking_id=bindparam("its_booking", type_=_date.c.booking_id.type),
        asked_at=bindparam("at", type_=Instant()),
        offered_at=None,
    )
)

_OF_SERIES = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(series_number=bindparam("its_series"))
)

_MOVE = (
    update(_booking)
    .where(_booking.c.id == bindparam("its_id"))
    .values(
        zone_id=bindparam("its_zone", type_=_booking.c.zone_id.type),
        starts_at=bindparam("its_start", type_=Instant()),
        ends_at=bindparam("its_end", type_=Instant()),
        people=bindparam("its_people"),
        purpose=bindparam("its_purpose"),
        status=bindparam("its_status"),
        lapses_at=bindparam("its_lapse", type_=Instant()),
        entered_by_id=bindparam("its_helper", type_=_booking.c.entered_by_id.type),
        decided_by_id=None,
        decided_at=None,
        moved_late_at=func.coalesce(bindparam("its_late", type_=Instant()), _booking.c.moved_late_at),
        asked_again_at=func.coalesce(bindparam("its_again", type_=Instant()), _booking.c.asked_again_at),
        version=_booking.c.version + 1,
    )
)


def has_moved(step: Step) -> bool:
    """Whether a date gets another time or part."""
    return step.became is Became.MOVES


def row_for(
    series: SeriesView, asked: Asked, found: Reshaped, zone: ZoneView | None, *, now: datetime
) -> tuple[int, str]:
    """The row of the series as it goes on: the same one, or a new one that is split from it; its ids."""
    first = found.since if found.splits else found.rhythm.first
    values = {
        "its_zone": zone.zone_id if zone else None,
        "its_frequency": found.rhythm.frequency,
        "its_pace": found.rhythm.every,
        "its_weekdays": "".join(str(day) for day in found.rhythm.weekdays),
        "its_month_day": found.rhythm.month_day,
        "its_nth": found.rhythm.nth,
        "its_first": first,
        "its_last": max(found.rhythm.last, first),
        "its_start": asked.starts,
        "its_end": asked.ends,
        "its_people": asked.people,
        "its_purpose": asked.purpose,
        "its_responsible": asked.responsible or series.responsible,
    }
    series_id, public_id = series.series_id, series.public_id
    if found.splits:
        row = dict(execute(_WHOLE, series_id=series.series_id).one()._mapping)
        del row["id"]
        public_id = new_public_id()
        row |= {"public_id": public_id, "continues_id": series.series_id, "made_at": now}
        row |= {"first_day": first, "last_day": values["its_last"]}
        series_id = execute(_COPY, **row).scalar_one()
        day_before = found.since - timedelta(days=1)
        execute(_CUT, its_id=series.series_id, its_last=max(day_before, series.rhythm.first))
        _copy_hosts(series, series_id, found.since)
    execute(_BECOME, its_id=series_id, **values)
    return series_id, public_id


def _copy_hosts(series: SeriesView, series_id: int, since: date) -> None:
    """Who opens and closes a drop-in stays so when it is split."""
    hosts = hosts_of(series.series_id) if series.is_drop_in else []
    earlier = [each for each in hosts if each.since <= since][-1:]
    for each in (*earlier, *(later for later in hosts if later.since > since)):
        execute(
            insert(_host),
            series_id=series_id,
            since=max(each.since, since),
            opens_id=each.opens_id,
            closes_id=each.closes_id,
        )


def move_bookings(
    series: SeriesView,
    asked: Asked,
    steps: Sequence[Step],
    room: RoomView,
    zone: ZoneView | None,
    actor: Actor,
    *,
    asks: bool,
    now: datetime,
) -> None:
    """Bookings that stand get their new time, part, number of people and purpose. What was changed for one
    date alone stays so. A date that its own person moves at the last moment is given up late.
    """
    rows, holds = [], []
    for step in steps:
        row = step.old
        if row is None or row.booking_id is None or row.slot is None:
            continue
        if step.became not in (Became.STAYS, Became.MOVES, Became.KEEPS):
            continue
        moves = has_moved(step) and step.outlook is not None and step.outlook.slot is not None
        people = asked.people if row.people == series.people else row.people
        purpose = asked.purpose if row.purpose == series.purpose else row.purpose
        if not moves and (people, purpose) == (row.people, row.purpose):
            continue
        slot = step.outlook.slot if moves and step.outlook and step.outlook.slot else row.slot
        was_requested = row.status is Status.REQUESTED
        lapse = (lapses_at(now, slot.starts) if asks else None) if moves else row.lapses_at
        gives_up = actor.person_id == series.person_id and slot.starts != row.slot.starts
        status = Status.REQUESTED if lapse and (moves or was_requested) else Status.CONFIRMED
        rows.append(
            {
                "its_id": row.booking_id,
                "its_zone": (zone.zone_id if zone else None) if moves else row.zone_id,
                "its_start": slot.starts,
                "its_end": slot.ends,
                "its_people": people,
                "its_purpose": purpose,
                "its_status": status,
                "its_again": now if status is Status.REQUESTED and not was_requested else None,
                "its_lapse": lapse,
                "its_helper": actor.person_id,
                "its_late": now if gives_up and gives_up_late(row.slot.starts, room, now=now) else None,
            }
        )
        if moves:
            holds.append(to_hold(row.booking_id, slot, zone, room, expires_at=lapse))
    let_go_all([each.booking_id for each in holds])
    if rows:
        current_connection().execute(_MOVE, rows)
    hold_all(holds)


def write_dates(
    series_id: int, steps: Sequence[Step], booked: Mapping[date, int], *, keeps_time: bool, now: datetime
) -> None:
    """Each date as it is from now on. A booking that was called off stays named, until another takes over.
    `keeps_time` is whether the series has the time and part that it had: then it waits for a date as before.
    """
    rows, added = [], []
    for step in steps:
        state = STATE_OF[step.became]
        why = step.outlook.why if step.became is Became.REFUSED and step.outlook else None
        if step.old is None:
            added.append((step.day, state, why, booked.get(step.day)))
            continue
        rows.append(
            {
                "its_id": step.old.date_id,
                "its_series": series_id,
                "its_day": step.day,
                "its_state": state,
                "its_why": why,
                "its_booking": booked.get(step.day, step.old.booking_id),
                "at": step.old.asked_at if keeps_time and step.is_wanted_still else now,
            }
        )
    # No two of them ever have the same day: what falls on the day of another is that other (`carried`).
    if rows:
        current_connection().execute(_SET_DATE, rows)
        execute(_OF_SERIES, booking_ids=[row["its_booking"] for row in rows], its_series=series_id)
    add_dates(series_id, added, now=now)

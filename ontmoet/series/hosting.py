"""Who opens and who closes a drop-in, from a day on. Runs in a unit of work and commits nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.bookings.models import Booking
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .changing import current_of
from .host_queries import hosts_of
from .models import Series, SeriesHost
from .queries import dates_of
from .rules import Reason

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.kernel.actor import Actor

    from .queries import SeriesView

_series = Series.__table__
_host = SeriesHost.__table__
_booking = Booking.__table__

_ADD = insert(_host)
_REMOVE = delete(_host).where(
    _host.c.series_id == bindparam("its_series"), _host.c.since == bindparam("its_day", type_=LocalDate())
)
_TAKE_OVER = (
    update(_booking)
    .where(
        _booking.c.id.in_(bindparam("booking_ids", expanding=True)),
        _booking.c.starts_at > bindparam("moment", type_=Instant()),
    )
    .values(person_id=bindparam("host"), version=_booking.c.version + 1)
)
_OF_SERIES = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(person_id=bindparam("host"), version=_series.c.version + 1)
)


def take_over(
    series: SeriesView, since: date, *, opens_id: int, closes_id: int, actor: Actor, now: datetime
) -> None:
    """From `since` on these two open and close, until the next change. Who opens has the bookings. Doing so
    again changes nothing. Raises `Refused`.
    """
    lock_room(series.room_id)
    current = current_of(series)
    room = room_by_id(current.room_id)
    today = day_of(now)
    for person_id in {opens_id, closes_id}:
        if not allows(actor_of(person_id, today=today), Permission.DROP_IN_HOLD, room):
            raise Refused(Objection(Reason.NO_HOST, "opens"))
    if since < today:
        raise Refused(Objection(Reason.STARTS_IN_PAST, "since"))
    hosts = hosts_of(current.series_id)
    if any((each.since, each.opens_id, each.closes_id) == (since, opens_id, closes_id) for each in hosts):
        return
    until = min((each.since for each in hosts if each.since > since), default=None)
    execute(_REMOVE, its_series=current.series_id, its_day=since)
    execute(_ADD, series_id=current.series_id, since=since, opens_id=opens_id, closes_id=closes_id)
    rows = [
        row.booking_id
        for row in dates_of(current.series_id, now=now, since=since)
        if row.is_live and row.booking_id is not None and (until is None or row.day < until)
    ]
    execute(_TAKE_OVER, booking_ids=rows, moment=now, host=opens_id)
    if until is None:
        # Who has it from now on, or will: that is who is asked and told.
        execute(_OF_SERIES, its_id=current.series_id, host=opens_id)
    record(
        "series_host_changed",
        object_kind="series",
        object_id=current.series_id,
        room_id=current.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=opens_id,
        now=now,
        changes={"since": since},
    )

"""Times at which somebody wanted to come and could not, because the room was not open or others had it: how
often, never who.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, func, select, text

from ontmoet.db import DatabaseBusy, LocalDate, execute, unit_of_work
from ontmoet.kernel.walltime import day_of, minutes_of, month_of

from .models import MissedHour
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ontmoet.kernel.objections import Refused
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import OpeningHours, RoomView

    from .actions import WishedFor

_missed = MissedHour.__table__

# One statement counts: two at once never lose one of theirs.
_COUNT = text(
    "insert into missed_hour (room_id, month, weekday, hour, was_taken, times)"
    " values (:room_id, :month, :weekday, :hour, :was_taken, 1)"
    " on conflict (room_id, month, weekday, hour, was_taken) do update set times = missed_hour.times + 1"
).bindparams(bindparam("month", type_=LocalDate()), bindparam("was_taken", type_=_missed.c.was_taken.type))
_BY_HOUR = (
    select(_missed.c.weekday, _missed.c.hour, _missed.c.was_taken, func.sum(_missed.c.times).label("times"))
    .where(_missed.c.room_id == bindparam("room_id"))
    .group_by(_missed.c.weekday, _missed.c.hour, _missed.c.was_taken)
)
_OLD = _missed.c.month < bindparam("month", type_=LocalDate())
_COUNT_OLD = select(func.count()).select_from(_missed).where(_OLD)
_FORGET = delete(_missed).where(_OLD)


class Missed(NamedTuple):
    """How often somebody wanted to come in an hour of the week and could not."""

    weekday: int
    hour: int
    times: int
    was_taken: bool = False
    """Whether others had the room; else it was not open."""


def hour_missed(hours: OpeningHours, slot: TimeSlot) -> int:
    """The first hour of a wish in which the room is not open."""
    starts, day = minutes_of(slot.starts), day_of(slot.starts)
    closes = [stretch.closes for stretch in hours.on(day) if stretch.opens <= starts < stretch.closes]
    return min((max(closes) if closes else starts) // 60, 23)


def count(room: RoomView, wished: Callable[[], WishedFor], refusal: Refused) -> None:
    """Count a wish that was refused because the room is not open then, or others have it. When the database
    is busy it is not counted: the refusal goes on. Nobody is promised a count, so nobody waits for the disk.
    """
    reasons = {objection.reason for objection in refusal.objections}
    was_shut = Reason.OUTSIDE_OPENING_HOURS in reasons
    if was_shut or Reason.ROOM_TAKEN in reasons:
        slot = wished().slot
        day = day_of(slot.starts)
        with suppress(DatabaseBusy), unit_of_work(waits_for_disk=False):
            execute(
                _COUNT,
                room_id=room.room_id,
                month=month_of(day)[0],
                weekday=day.weekday(),
                hour=hour_missed(room.hours, slot) if was_shut else minutes_of(slot.starts) // 60,
                was_taken=not was_shut,
            )


def missed_in(room_id: int) -> list[Missed]:
    """What is counted of a room, by hour of the week."""
    rows = execute(_BY_HOUR, room_id=room_id)
    return [Missed(row.weekday, row.hour, int(row.times), row.was_taken) for row in rows]


def count_old(before: datetime) -> int:
    """How many counts are of months before then."""
    found: int = execute(_COUNT_OLD, month=_month(before)).scalar_one()
    return found


def forget_old(before: datetime) -> int:
    """Counts of months before then go; how many."""
    return execute(_FORGET, month=_month(before)).rowcount


def _month(moment: datetime) -> date:
    return month_of(day_of(moment))[0]

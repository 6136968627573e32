"""Times at which somebody wanted to come and could not, because the room was not open or others had it: how
often, never who.
"""

from __future__ import annotations

from collections import Counter, deque
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import structlog
from flask import current_app
from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from ontmoet.db import DatabaseBusy, LocalDate, execute, unit_of_work
from ontmoet.kernel.gate import somebody_waits
from ontmoet.kernel.walltime import day_of, minutes_of, month_of

from .models import MissedHour
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ontmoet.kernel.objections import Refused
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import OpeningHours, RoomView

    from .actions import WishedFor

log = structlog.get_logger("ontmoet")

_missed = MissedHour.__table__

# One statement counts: two at once never lose one of theirs.
_COUNT = text(
    "insert into missed_hour (room_id, month, weekday, hour, was_taken, times)"
    " values (:room_id, :month, :weekday, :hour, :was_taken, :times)"
    " on conflict (room_id, month, weekday, hour, was_taken)"
    " do update set times = missed_hour.times + excluded.times"
).bindparams(bindparam("month", type_=LocalDate()), bindparam("was_taken", type_=_missed.c.was_taken.type))
_BY_HOUR = (
    select(_missed.c.weekday, _missed.c.hour, _missed.c.was_taken, func.sum(_missed.c.times).label("times"))
    .where(_missed.c.room_id == bindparam("room_id"))
    .group_by(_missed.c.weekday, _missed.c.hour, _missed.c.was_taken)
)
_OLD = _missed.c.month < bindparam("month", type_=LocalDate())
_COUNT_OLD = select(func.count()).select_from(_missed).where(_OLD)
_FORGET = delete(_missed).where(_OLD)


MOST_NOTED = 100
"""So many are counted whoever waits: what is noted is lost with its process."""


class _Hour(NamedTuple):
    room_id: int
    month: date
    weekday: int
    hour: int
    was_taken: bool


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


def note(room: RoomView, wished: Callable[[], WishedFor], refusal: Refused) -> None:
    """Note a wish that was refused because the room is not open then, or others have it; `count_noted` counts
    it.
    """
    reasons = {objection.reason for objection in refusal.objections}
    was_shut = Reason.OUTSIDE_OPENING_HOURS in reasons
    was_taken = any(o.reason is Reason.ROOM_TAKEN and not o.facts.get("own") for o in refusal.objections)
    if was_shut or was_taken:
        slot = wished().slot
        day = day_of(slot.starts)
        hour = hour_missed(room.hours, slot) if was_shut else minutes_of(slot.starts) // 60
        _noted().append(_Hour(room.room_id, month_of(day)[0], day.weekday(), hour, was_taken=not was_shut))


def count_noted() -> None:
    """Count what was noted in this process, together and without waiting for the disk: nobody is promised a
    count. While others wait for this thread it is left to the last of them; of two hundred who wanted the
    same hour, each paid for a transaction.

    No answer fails for it: when the database cannot, they are not counted. It may wait for its turn to write.
    """
    noted = _noted()
    if not noted or (somebody_waits() and len(noted) < MOST_NOTED):
        return
    times: Counter[_Hour] = Counter()
    with suppress(IndexError):  # another thread may take the last
        while True:
            times[noted.popleft()] += 1
    try:
        with unit_of_work(waits_for_disk=False):
            # In one order: of two processes that count the same hours, one waits for the other.
            for hour in sorted(times):
                execute(_COUNT, **hour._asdict(), times=times[hour])
    except (DatabaseBusy, SQLAlchemyError) as problem:
        log.warning("not_counted", wishes=times.total(), why=type(problem).__name__)


def _noted() -> deque[_Hour]:
    noted: deque[_Hour] = current_app.extensions.setdefault("ontmoet_missed", deque())
    return noted


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

"""Writing figures down. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.bookings.use_rules import Trace
from ontmoet.bookings.using import leave_trace, take_back_trace
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .models import Attendance
from .queries import bookings_over, figures_on
from .rules import WALK_IN, Kind, Reason, may_be_counted, merged

if TYPE_CHECKING:
    from datetime import date, datetime

    from .rules import Figures

_attendance = Attendance.__table__

_ADD = insert(_attendance)
_OF_BOOKING = _attendance.c.booking_id == bindparam("of_booking")
_OF_WALK_IN = (
    _attendance.c.booking_id.is_(None),
    _attendance.c.room_id == bindparam("in_room"),
    _attendance.c.day == bindparam("on_day", type_=LocalDate()),
)
_NOW_SAYS = {
    "people": bindparam("figure"),
    "entered_by_id": bindparam("by_id"),
    "entered_at": bindparam("moment", type_=Instant()),
}
_CORRECT = update(_attendance).where(_OF_BOOKING).values(_NOW_SAYS)
_CORRECT_WALK_IN = update(_attendance).where(*_OF_WALK_IN).values(_NOW_SAYS)
_REMOVE = delete(_attendance).where(_OF_BOOKING)
_REMOVE_WALK_IN = delete(_attendance).where(*_OF_WALK_IN)


def count(room_id: int, day: date, wanted: Figures, *, seen: Figures, actor_id: int, now: datetime) -> None:
    """Write down what was counted on a day, for whoever started from the figures `seen`. The same again
    changes nothing. Raises `Refused`; then nothing of it is written.
    """
    lock_room(room_id)
    if not may_be_counted(day, day_of(now)):
        raise Refused(Objection(Reason.NOT_YET))
    current = figures_on(room_id, day)
    outcome = merged(current, seen=seen, wanted=wanted)
    if outcome.clashes:
        raise Refused(
            *(
                Objection(Reason.CHANGED_MEANWHILE, key, {"there": figure})
                for key, figure in outcome.clashes.items()
            )
        )
    ids: dict[str, int | None] = {WALK_IN: None, **bookings_over(room_id, outcome.changes.keys(), now=now)}
    # A booking that is not over (any more) has no figure.
    changes = {key: figure for key, figure in outcome.changes.items() if key in ids}
    if not changes:
        return
    for key, figure in changes.items():
        _write(room_id, day, ids[key], current.get(key), figure, actor_id=actor_id, now=now)
    record(
        "attendance_counted",
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"day": day, "was": {key: current.get(key) for key in changes}, "is": changes},
    )


def _write(
    room_id: int,
    day: date,
    booking_id: int | None,
    was: int | None,
    figure: int | None,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    which: dict[str, object] = (
        {"in_room": room_id, "on_day": day} if booking_id is None else {"of_booking": booking_id}
    )
    if figure is None:
        execute(_REMOVE_WALK_IN if booking_id is None else _REMOVE, **which)
    elif was is None:
        execute(
            _ADD,
            room_id=room_id,
            day=day,
            kind=Kind.WALK_IN if booking_id is None else Kind.BOOKING,
            booking_id=booking_id,
            people=figure,
            entered_by_id=actor_id,
            entered_at=now,
        )
    else:
        correct = _CORRECT_WALK_IN if booking_id is None else _CORRECT
        execute(correct, figure=figure, by_id=actor_id, moment=now, **which)
    if booking_id is None:
        return
    if figure:
        leave_trace(booking_id, Trace.HEADCOUNT, now=now, by_id=actor_id)
    else:
        take_back_trace(booking_id, Trace.HEADCOUNT)

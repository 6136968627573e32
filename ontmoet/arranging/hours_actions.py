"""Changing when a room is open. Runs inside a unit of work and commits nothing itself.

Who changes hours says what they saw: of two at once the second is told. Wanting what is so already changes
nothing, so a second tap is the first. No booking is touched.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.models import Opening, OpeningException
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .hours_rules import Reason, special_among, week_in, week_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .hours_rules import DaysWanted, SpecialDay, Week

_opening = Opening.__table__
_exception = OpeningException.__table__

_FORGET_WEEK = delete(_opening).where(_opening.c.room_id == bindparam("room_id"))
_FORGET_DAYS = delete(_exception).where(
    _exception.c.room_id == bindparam("room_id"),
    _exception.c.day >= bindparam("first", type_=LocalDate()),
    _exception.c.day <= bindparam("last", type_=LocalDate()),
)
_ADD_STRETCH = insert(_opening)
_ADD_DAY = insert(_exception)


def days_text(days: Sequence[SpecialDay]) -> str:
    """What stood on some days, short enough for a form that must know it; empty when nothing did."""
    if not days:
        return ""
    listed = repr(
        [(one.day.isoformat(), [(s.opens, s.closes) for s in one.stretches], one.reason) for one in days]
    )
    return hashlib.sha256(listed.encode()).hexdigest()[:32]


def set_week(room_id: int, week: Week, *, seen: Week, actor_id: int, now: datetime) -> None:
    """Give the room this week, for whoever started from the week `seen`. Raises `Refused`."""
    lock_room(room_id)
    current = week_in(room_by_id(room_id).hours)
    if current == week:
        return
    if current != seen:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    execute(_FORGET_WEEK, room_id=room_id)
    for weekday, stretches in enumerate(week):
        for stretch in stretches:
            execute(
                _ADD_STRETCH, room_id=room_id, weekday=weekday, opens=stretch.opens, closes=stretch.closes
            )
    record(
        "opening_hours_changed",
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"was": week_text(current), "is": week_text(week)},
    )


def set_days(room_id: int, wanted: DaysWanted, *, seen: str, actor_id: int, now: datetime) -> None:
    """Let it go like this on these days, for whoever saw `seen` of what stood there. Raises `Refused`."""
    lock_room(room_id)
    current = special_among(room_by_id(room_id).hours, wanted.days)
    if current == wanted.special():
        return
    if days_text(current) != seen:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    execute(_FORGET_DAYS, room_id=room_id, first=wanted.first, last=wanted.last)
    for one in wanted.special():
        for stretch in one.stretches or (None,):
            opens, closes = (stretch.opens, stretch.closes) if stretch else (None, None)
            execute(_ADD_DAY, room_id=room_id, day=one.day, opens=opens, closes=closes, reason=one.reason)
    record(
        "opening_days_changed",
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={
            "first": wanted.first,
            "last": wanted.last,
            "hours": None if wanted.stretches is None else [(s.opens, s.closes) for s in wanted.stretches],
        },
    )

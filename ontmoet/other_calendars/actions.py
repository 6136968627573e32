"""Judging a calendar from elsewhere, and storing what fits of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import bindparam, insert, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.rules import HOLDS_THE_ROOM
from ontmoet.bookings.uids import public_id_in
from ontmoet.db import current_connection, execute, lock_row
from ontmoet.importing.held import Held
from ontmoet.importing.wishes import Placed, Wish, held_in, placed, span_of, store_wishes
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.models import Room
from ontmoet.trail.actions import record

from .models import TakenOverEvent
from .rules import LOOK_BACK, Reason, State, Window, by_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .rules import Event, ReadCalendar

Value = TypeVar("Value")
AT_ONCE = 500

_booking, _event, _room = Booking.__table__, TakenOverEvent.__table__, Room.__table__
_STANDS = (_booking.c.starts_at, _booking.c.ends_at, _booking.c.status)
_KNOWN = (
    select(_event.c.mark, *_STANDS)
    .join_from(_event, _booking, _booking.c.id == _event.c.booking_id)
    .where(_booking.c.room_id == bindparam("room_id"))
)
_OURS = select(_booking.c.public_id, *_STANDS).where(
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.public_id.in_(bindparam("public_ids", expanding=True)),
)
_MERGED_INTO = select(_room.c.id).where(_room.c.merged_into_id == bindparam("room_id"))
_MARK_AS_TAKEN_OVER = insert(_event).from_select(
    ["mark", "booking_id"],
    select(bindparam("marked", type_=_event.c.mark.type), _booking.c.id).where(
        _booking.c.public_id == bindparam("booked")
    ),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Into which agenda, of which part, for whom: without a party nobody knows whose the events are. Without
    a zone of that name it is the whole room.
    """

    room: RoomView
    zone_slug: str
    party: Party | None


class _Standing(NamedTuple):
    starts: datetime
    ends: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What would happen with one date; `new` is what would be stored of it."""

    event: Event
    state: State
    mark: str
    new: Placed | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What would happen with each date. `seal` is the same as long as it would be the same."""

    read: ReadCalendar
    dates: Sequence[Judged]
    seal: str

    def those(self, state: State) -> list[Judged]:
        """The dates in this state."""
        return [one for one in self.dates if one.state is state]


def window_at(now: datetime, room: RoomView) -> Window:
    """Of which time events are taken: as far ahead as a series may go in this room."""
    return Window(now - LOOK_BACK, now + timedelta(days=room.series_days))


def judge(read: ReadCalendar, target: Target) -> Report:
    """What would happen with each date; nothing is stored. Three statements, however many dates, and one
    more for each 500 that came from here.
    """
    events = [part for event in read.events for part in by_day(event)]
    dates = _judged(events, target) if events else []
    seal = hashlib.sha256(repr((target.room.room_id, target.zone_slug, target.party)).encode())
    for one in dates:
        event = one.event
        seal.update(repr((one.mark, event.slot, event.title, sorted(event.remarks), one.state)).encode())
    return Report(read, dates, seal.hexdigest())


def store(read: ReadCalendar, target: Target, seal: str, *, actor_id: int | None, now: datetime) -> Report:
    """Store what fits; `seal` is of what somebody saw. Runs inside a unit of work; tells nobody.

    Raises `Refused` (CHANGED_MEANWHILE) when it is not what they saw.
    """
    lock_row(_room, target.room.room_id)
    report = judge(read, target)
    if report.seal != seal:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    new = [(one.mark, one.new) for one in report.dates if one.new is not None]
    if new:
        store_wishes([booking for _mark, booking in new], actor_id=actor_id, now=now)
        for some in _lots([{"marked": mark, "booked": booking.public_id} for mark, booking in new]):
            current_connection().execute(_MARK_AS_TAKEN_OVER, some)
        record(
            "calendar_taken_over",
            object_kind="room",
            object_id=target.room.room_id,
            room_id=target.room.room_id,
            actor_id=actor_id,
            now=now,
            changes={"number": len(new)},
        )
    return report


def _judged(events: Sequence[Event], target: Target) -> list[Judged]:
    room = target.room
    zone = room.zone(target.zone_slug)
    zone_ids = (zone.zone_id,) if zone else tuple(sorted(room.zone_ids))
    known = _known_of(room.room_id, events)
    held, in_file = held_in(span_of([event.slot for event in events])), Held()
    for zone_id in zone_ids:
        for event in events:
            held.begins(zone_id, event.slot.starts)
    dates = []
    for event in events:
        there = known.get(event)
        mark = _mark(room.room_id, event)
        if there is not None:
            dates.append(Judged(event, _state_of(there, event.slot), mark))
            continue
        wish = Wish(
            room.room_id,
            timedelta(minutes=room.buffer_minutes),
            zone.zone_id if zone else None,
            zone_ids,
            event.slot,
            target.party,
            1,
            event.title,
        )
        new = placed(wish, held)
        if new is not None:
            for zone_id in zone_ids:
                in_file.add(zone_id, event.slot.starts, new.until)
            dates.append(Judged(event, State.NEW, mark, new))
        else:
            meets_own = any(in_file.has(zone_id, event.slot.starts, event.slot.ends) for zone_id in zone_ids)
            dates.append(Judged(event, State.TAKEN_IN_FILE if meets_own else State.TAKEN, mark))
    return dates


def _known_of(room_id: int, events: Sequence[Event]) -> dict[Event, _Standing]:
    """What came in before or was made here, of these. A room that was merged into it brought its own."""
    by_mark = {mark: _Standing(*stands) for mark, *stands in execute(_KNOWN, room_id=room_id)}
    rooms = [room_id, *execute(_MERGED_INTO, room_id=room_id).scalars()] if by_mark else []
    ours: dict[str, _Standing] = {}
    for some in _lots(sorted({public_id_in(event.uid) for event in events} - {""})):
        found = execute(_OURS, room_id=room_id, public_ids=some)
        ours |= {public_id: _Standing(*stands) for public_id, *stands in found}
    known = {}
    for event in events:
        marks = (_mark(each, event) for each in rooms)
        there = ours.get(public_id_in(event.uid)) or next(
            (by_mark[mark] for mark in marks if mark in by_mark), None
        )
        if there is not None:
            known[event] = there
    return known


def _state_of(there: _Standing, slot: TimeSlot) -> State:
    if there.status not in HOLDS_THE_ROOM:
        return State.OFF
    return State.ALREADY if (there.starts, there.ends) == (slot.starts, slot.ends) else State.MOVED


def _mark(room_id: int, event: Event) -> str:
    return hashlib.sha256(f"{room_id}\n{event.recurrence}\n{event.uid}".encode()).hexdigest()


def _lots(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    for first in range(0, len(values), AT_ONCE):
        yield values[first : first + AT_ONCE]

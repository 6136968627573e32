"""Judging a calendar from elsewhere, and storing what fits of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import bindparam, delete, insert, select

from ontmoet.bookings.calling_off import cancel_for_nobody
from ontmoet.bookings.models import Booking
from ontmoet.bookings.rules import objections_to_size
from ontmoet.bookings.states import HOLDS_THE_ROOM
from ontmoet.bookings.uids import public_id_in
from ontmoet.db import current_connection, execute, lock_row
from ontmoet.importing.held import Held
from ontmoet.importing.wishes import Placed, Wish, held_in, placed, span_of, store_wishes
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.rooms.models import Room
from ontmoet.trail.actions import record

from .before import STANDS, Booked, CameBefore, event_mark_of, mark_of
from .models import TakenOverEvent
from .rules import LOOK_BACK, Reason, State, Window, by_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .before import Gone
    from .rules import Event, ReadCalendar

Value = TypeVar("Value")
AT_ONCE = 500

_booking, _event, _room = Booking.__table__, TakenOverEvent.__table__, Room.__table__
_OURS = select(_booking.c.public_id, *STANDS).where(
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.public_id.in_(bindparam("public_ids", expanding=True)),
)
_FORGET = delete(_event).where(_event.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
_MARK_AS_TAKEN_OVER = insert(_event).from_select(
    ["mark", "event_mark", "booking_id"],
    select(
        bindparam("marked", type_=_event.c.mark.type),
        bindparam("event_marked", type_=_event.c.event_mark.type),
        _booking.c.id,
    ).where(_booking.c.public_id == bindparam("booked")),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Into which agenda, of which part, for whom, with how many people: without a party nobody knows whose
    the events are. Without a zone of that name it is the whole room.
    """

    room: RoomView
    zone_slug: str
    party: Party | None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """What would happen with one date; `new` is what would be stored of it."""

    event: Event
    state: State
    mark: str
    new: Placed | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What would happen with each date, and which of before the calendar has no more. `seal` is the same as
    long as all that is.
    """

    read: ReadCalendar
    dates: Sequence[Judged]
    gone: Sequence[Gone]
    seal: str

    def those(self, state: State) -> list[Judged]:
        """The dates in this state."""
        return [one for one in self.dates if one.state is state]

    @property
    def to_call_off(self) -> list[Gone]:
        """What can be called off here too."""
        return [one for one in self.gone if one.stays is None]


def window_at(now: datetime, room: RoomView) -> Window:
    """Of which time events are taken: as far ahead as a series may go in this room."""
    return Window(now - LOOK_BACK, now + timedelta(days=room.series_days))


def refuse_crowd(target: Target) -> None:
    """Raises `Refused` (TOO_MANY_PEOPLE of bookings) when not so many go in."""
    refuse_any(objections_to_size(target.people, target.room.zone(target.zone_slug), target.room))


def judge(read: ReadCalendar, target: Target, *, now: datetime) -> Report:
    """What would happen with each date; nothing is stored. Three statements, however many dates, and one
    more for each 500 that came from here.
    """
    events = [part for event in read.events for part in by_day(event)]
    before = CameBefore(target.room.room_id)
    known = _known_of(target.room.room_id, events, before)
    dates = _judged(events, target, known) if events else []
    gone = before.gone(read, now=now, last=window_at(now, target.room).last)
    seal = hashlib.sha256(repr((target.room.room_id, target.zone_slug, target.party, target.people)).encode())
    for one in dates:
        event = one.event
        seal.update(repr((one.mark, event.slot, event.title, sorted(event.remarks), one.state)).encode())
    seal.update(repr(gone).encode())
    return Report(read, dates, gone, seal.hexdigest())


def store(
    read: ReadCalendar,
    target: Target,
    seal: str,
    *,
    calls_off: bool = False,
    actor_id: int | None,
    now: datetime,
) -> Report:
    """Store what fits, and with `calls_off` call off what the calendar has no more, as far as that is for us;
    `seal` is of what somebody saw. Runs inside a unit of work; tells nobody but who waits for that time.

    Raises `Refused` (CHANGED_MEANWHILE) when it is not what they saw.
    """
    lock_row(_room, target.room.room_id)
    report = judge(read, target, now=now)
    if report.seal != seal:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    new = [(one, one.new) for one in report.dates if one.new is not None]
    if new:
        store_wishes([booking for _one, booking in new], actor_id=actor_id, now=now)
        marks = [
            {
                "marked": one.mark,
                "event_marked": event_mark_of(target.room.room_id, one.event.uid),
                "booked": booking.public_id,
            }
            for one, booking in new
        ]
        for some in _lots(marks):
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
    if calls_off and report.to_call_off:
        ids = [one.booking_id for one in report.to_call_off]
        cancel_for_nobody(ids, target.room.room_id, actor_id=actor_id, now=now)
        # The calendar said so, not we: what it has again another time is new.
        execute(_FORGET, booking_ids=ids)
    return report


def _judged(events: Sequence[Event], target: Target, known: Mapping[Event, Booked]) -> list[Judged]:
    room = target.room
    zone = room.zone(target.zone_slug)
    zone_ids = (zone.zone_id,) if zone else tuple(sorted(room.zone_ids))
    held, in_file = held_in(span_of([event.slot for event in events])), Held()
    for zone_id in zone_ids:
        for event in events:
            held.begins(zone_id, event.slot.starts)
    dates = []
    for event in events:
        there = known.get(event)
        mark = mark_of(room.room_id, event.uid, event.recurrence)
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
            target.people,
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


def _known_of(room_id: int, events: Sequence[Event], before: CameBefore) -> dict[Event, Booked]:
    """What came in before or was made here, of these."""
    ours: dict[str, Booked] = {}
    for some in _lots(sorted({public_id_in(event.uid) for event in events} - {""})):
        found = execute(_OURS, room_id=room_id, public_ids=some)
        ours |= {public_id: Booked(*stands) for public_id, *stands in found}
    known = {}
    for event in events:
        there = ours.get(public_id_in(event.uid)) or before.of(event)
        if there is not None:
            known[event] = there
    return known


def _state_of(there: Booked, slot: TimeSlot) -> State:
    if there.status not in HOLDS_THE_ROOM:
        return State.OFF
    return State.ALREADY if (there.starts, there.ends) == (slot.starts, slot.ends) else State.MOVED


def _lots(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    for first in range(0, len(values), AT_ONCE):
        yield values[first : first + AT_ONCE]

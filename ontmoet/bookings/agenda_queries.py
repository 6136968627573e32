"""Reading the agenda: what holds a room, line by line, as far as its reader may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, literal, or_

from ontmoet.db import AnyRow, Instant, Memory, execute
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import MINUTES_A_DAY, start_of, wall
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Closure

from .closure_rules import daily_pieces
from .models import Booking, Occupancy
from .rules import Taken
from .states import Status, Visibility
from .taken_queries import held, reach
from .works import works_during

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Select

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .works import WorksView

_booking = Booking.__table__
_occupancy = Occupancy.__table__
_closure = Closure.__table__
_person = Person.__table__
_organisation = Organisation.__table__


@dataclass(slots=True)
class AgendaLine:
    """One booking, or one day's piece of a closure or of announced work, as this reader may see it.

    `title` and `name` are empty when the reader may not know; `people` is None then. `starts_at` and
    `ends_at` are minutes after midnight on `day`, as the wall clock in the room shows them.
    `is_request`: not decided yet; `is_offered`: kept until its booker says yes or no. Both only for who may
    see it: to others what is not sure is taken, and never open to all. `closed_until` is when the whole
    closure ends. Work holds no zone; its `name` says who comes in.
    """

    public_id: str
    slot: TimeSlot
    day: date
    starts_at: int
    ends_at: int
    zone_ids: frozenset[int]
    is_closure: bool
    is_request: bool
    is_open: bool
    is_mine: bool
    may_see: bool
    title: str
    name: str
    people: int | None
    closed_until: datetime | None = None
    is_works: bool = False
    is_offered: bool = False

    @property
    def is_all_day(self) -> bool:
        """From midnight to midnight, as the days of a long closure."""
        return self.ends_at - self.starts_at == MINUTES_A_DAY


def _statement(*, with_names: bool) -> Select[Any]:
    """One row per zone. Names are read only for who may know them. What begins after `whole_until` is read
    only when it is a closure.
    """
    name = func.coalesce(_organisation.c.name, _person.c.name, "") if with_names else literal("")
    whole_until = bindparam("whole_until", type_=Instant())
    statement = (
        held(
            _booking.c.public_id,
            _closure.c.public_id,
            func.coalesce(_booking.c.starts_at, _occupancy.c.held_from),
            func.coalesce(_booking.c.ends_at, _occupancy.c.held_until),
            _booking.c.status,
            _booking.c.visibility,
            func.coalesce(_booking.c.purpose, _closure.c.reason),
            _booking.c.person_id,
            _booking.c.people,
            name,
            _closure.c.ends_at,
            _occupancy.c.held_from,
            _occupancy.c.held_until,
            _occupancy.c.expires_at,
        )
        .outerjoin(_booking, _booking.c.id == _occupancy.c.booking_id)
        .outerjoin(_closure, _closure.c.id == _occupancy.c.closure_id)
        .where(or_(_occupancy.c.held_from < whole_until, _occupancy.c.closure_id.is_not(None)))
        .order_by(_occupancy.c.held_from, _occupancy.c.id)
    )
    if with_names:
        statement = statement.outerjoin(_person, _person.c.id == _booking.c.person_id).outerjoin(
            _organisation, _organisation.c.id == _booking.c.organisation_id
        )
    return statement


_WITH_NAMES, _WITHOUT_NAMES = _statement(with_names=True), _statement(with_names=False)

Agenda = tuple[tuple[AgendaLine, ...], tuple[Taken, ...]]
"""What holds a room, line by line as its reader may see it; and what that takes per zone, tidying up
included.
"""


class _Known(NamedTuple):
    """Of some days, without names: the rows, whose they are, and what they are to everybody else; None while
    something is kept for somebody until a moment.
    """

    rows: Sequence[AnyRow]
    bookers: frozenset[int | None]
    to_others: Agenda | None


class _Days(NamedTuple):
    """A room from the day `first` until the day `after`, and its closures until the day `known_until`."""

    room: RoomView
    first: date
    after: date
    known_until: date

    @property
    def slot(self) -> TimeSlot:
        return TimeSlot(start_of(self.first), start_of(self.after))

    def read(self, statement: Select[Any]) -> Sequence[AnyRow]:
        slot = self.slot
        reached = reach(slot.starts, start_of(self.known_until))
        return execute(statement, room_id=self.room.room_id, whole_until=slot.ends, **reached).all()

    def known(self) -> _Known:
        rows = self.read(_WITHOUT_NAMES)
        lapses = any(row.expires_at for row in rows)
        bookers = frozenset(row.person_id for row in rows)
        return _Known(rows, bookers, None if lapses else self.agenda(rows, None))

    def agenda(self, rows: Iterable[AnyRow], reader: Actor | None, *, knows_names: bool = False) -> Agenda:
        taken = tuple(
            Taken(zone_id, TimeSlot(held_from, held_until), closure_id is not None, closed_until)
            for zone_id, _, closure_id, *_rest, closed_until, held_from, held_until, _expires_at in rows
        )
        slot = self.slot
        lines = _lines(rows, slot, reader, knows_names)
        works = works_during(self.room, slot)
        if works:
            work = _works_lines(works, self.first, self.after)
            lines = tuple(sorted([*lines, *work], key=lambda line: line.slot))
        return lines, taken


_memory: Memory[tuple[int, date, date, date], _Known] = Memory(most=200)


def agenda_between(
    room: RoomView,
    first: date,
    after: date,
    *,
    reader: Actor | None,
    now: datetime,
    closures_until: date | None = None,
) -> Agenda:
    """All that holds the room from the day `first` until the day `after`, in order of time. Of what is taken,
    closures until the day `closures_until` are there too: who is told when a room opens again must be able to
    count on it.

    The public and neighbours get time and zone, and the title of what is sure and open to all; the person who
    booked and people who work here get more. One statement, or none when this process knows; and one
    more after work was announced, or the room changed.
    """
    days = _Days(room, first, after, max(after, closures_until or after))
    if allows(reader, Permission.NAMES_SEE, room):
        return days.agenda(_kept(days.read(_WITH_NAMES), now), reader, knows_names=True)
    known = _memory.recall((room.room_id, *days[1:]), (room.version, room.agenda_version), days.known)
    if known.to_others and (reader is None or reader.person_id not in known.bookers):
        return known.to_others
    return days.agenda(_kept(known.rows, now), reader)


def _kept(rows: Iterable[AnyRow], now: datetime) -> list[AnyRow]:
    return [row for row in rows if row.expires_at is None or row.expires_at > now]


def shows_own(lines: Iterable[AgendaLine]) -> bool:
    """Whether something in it is for this reader and few others: their own booking, or what staff may see."""
    return any(line.may_see for line in lines)


def _lines(
    rows: Iterable[Any], whole: TimeSlot, reader: Actor | None, knows_names: bool
) -> tuple[AgendaLine, ...]:
    reader_id = reader.person_id if reader else None
    lines: dict[tuple[str, datetime], AgendaLine] = {}
    for (
        zone_id,
        booking_id,
        closure_id,
        starts,
        ends,
        status,
        visibility,
        title,
        person_id,
        people,
        name,
        closed_until,
        *_held,
    ) in rows:
        if not whole.starts < ends or not starts < whole.ends:
            continue  # only the tidying up after it reaches into these days, or it is a closure after them
        key = (booking_id or closure_id, starts)
        if key in lines:
            lines[key].zone_ids |= {zone_id}
            continue
        local_start, local_end = wall(starts), wall(ends)
        is_closure = booking_id is None
        is_mine = reader_id is not None and person_id == reader_id
        may_see = is_mine or (knows_names and not is_closure)
        is_open = visibility == Visibility.OPEN and (may_see or status == Status.CONFIRMED)
        lines[key] = AgendaLine(
            public_id=key[0],
            slot=TimeSlot(starts, ends),
            day=local_start.date(),
            starts_at=local_start.hour * 60 + local_start.minute,
            ends_at=local_end.hour * 60 + local_end.minute or MINUTES_A_DAY,
            zone_ids=frozenset({zone_id}),
            is_closure=is_closure,
            is_request=may_see and status == Status.REQUESTED,
            is_open=is_open,
            is_mine=is_mine,
            may_see=may_see,
            title=title if is_closure or is_open or may_see else "",
            name=name if may_see and not is_mine else "",
            people=people if may_see else None,
            closed_until=closed_until,
            is_offered=may_see and status == Status.OFFERED,
        )
    return tuple(sorted(lines.values(), key=lambda line: line.slot))


def _works_lines(works: Iterable[WorksView], first: date, after: date) -> Iterator[AgendaLine]:
    """A line for each day on which there is work."""
    for each in works:
        for piece in daily_pieces(each.slot):
            starts, ends = wall(piece.starts), wall(piece.ends)
            if first <= starts.date() < after:
                yield AgendaLine(
                    public_id=each.public_id,
                    slot=piece,
                    day=starts.date(),
                    starts_at=starts.hour * 60 + starts.minute,
                    ends_at=ends.hour * 60 + ends.minute or MINUTES_A_DAY,
                    zone_ids=frozenset(),
                    is_closure=False,
                    is_request=False,
                    is_open=False,
                    is_mine=False,
                    may_see=False,
                    title=each.what,
                    name=each.who,
                    people=None,
                    is_works=True,
                )

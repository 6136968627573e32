"""Bookings out of an old calendar. They hold their room as any other; who asked for it is not known.

The same part of the same room at the same time is the same booking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.parties import Party
from ontmoet.bookings.states import Status
from ontmoet.db import Instant, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import NonexistentTime, instant
from ontmoet.people.models import Organisation
from ontmoet.rooms.models import Home, Room, Zone
from ontmoet.rooms.rules import UseKind

from .columns import NOBODY_KNOWS, Kind
from .naming import Names
from .room_cells import in_a_row
from .rules import Judged, Reason, State, day_in, fault_of_cells, folded, minutes_in, number_in, wrong
from .wishes import Placed, Wish, held_in, placed, span_of, store_wishes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .held import Held
    from .rules import Row

MOST_PEOPLE = 2000

_room, _zone, _home = Room.__table__, Zone.__table__, Home.__table__
_booking, _organisation = Booking.__table__, Organisation.__table__
_ROOMS = select(_room.c.id, _room.c.slug, _room.c.name, _room.c.buffer_minutes)
_ZONES = select(_zone.c.id, _zone.c.room_id, _zone.c.name).where(_zone.c.ended_at.is_(None))
_HOMES = select(_home.c.id, _home.c.address_name, _home.c.address)
_ORGANISATIONS = select(_organisation.c.id, _organisation.c.name)
_BOOKED = select(_booking.c.room_id, _booking.c.zone_id, _booking.c.starts_at, _booking.c.ends_at).where(
    _booking.c.status == Status.CONFIRMED,
    _booking.c.starts_at >= bindparam("first", type_=Instant()),
    _booking.c.starts_at < bindparam("last", type_=Instant()),
)
_VERSIONS = select(_room.c.id, _room.c.version, _room.c.agenda_version).order_by(_room.c.id)


class _RoomHere(NamedTuple):
    room_id: int
    buffer: timedelta


class _Known:
    """What rows can name."""

    def __init__(self) -> None:
        self.rooms = Names[_RoomHere]()
        for room_id, slug, name, minutes in execute(_ROOMS):
            self.rooms.add((slug, name), _RoomHere(room_id, timedelta(minutes=minutes)))
        self.zones: dict[int, dict[str, int]] = {}
        for zone_id, room_id, name in execute(_ZONES):
            self.zones.setdefault(room_id, {})[folded(in_a_row(name))] = zone_id
        self.homes = Names[int]()
        for home_id, short, address in execute(_HOMES):
            self.homes.add((short, address), home_id)
        self.organisations = Names[int]()
        for organisation_id, name in execute(_ORGANISATIONS):
            self.organisations.add((name,), organisation_id)


def mark_of_bookings() -> object:
    """The same as long as each list of bookings is judged the same: rooms and what they hold by their
    versions, homes and organisations by their names.
    """
    return [execute(statement).all() for statement in (_VERSIONS, _HOMES, _ORGANISATIONS)]


def judge_bookings(rows: Sequence[Row]) -> list[Judged]:
    """What would happen with each row; nothing is stored. Six statements, however many rows."""
    known = _Known()
    read = [_wish(row, known) for row in rows]
    wishes = [one for one in read if isinstance(one, Wish)]
    if not wishes:
        return [one for one in read if isinstance(one, Judged)]
    span = span_of([one.slot for one in wishes])
    held = held_in(span)
    for one in wishes:
        for zone_id in one.zone_ids:
            held.begins(zone_id, one.slot.starts)
    booked = {tuple(row) for row in execute(_BOOKED, first=span.first, last=span.last)}
    seen: dict[tuple[object, ...], int] = {}
    return [
        one if isinstance(one, Judged) else _judged(row.number, one, held, booked, seen)
        for row, one in zip(rows, read, strict=True)
    ]


def store_bookings(judged: Sequence[Judged], *, actor_id: int | None, now: datetime) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_bookings` in it.

    Raises `Refused` (CHANGED_MEANWHILE) when the database finds an overlap that the rule did not see.
    """
    store_wishes(
        [new for one in judged if isinstance(new := one.values.get("booking"), Placed)],
        actor_id=actor_id,
        now=now,
    )


def _judged(
    number: int,
    wish: Wish,
    held: Held,
    booked: set[tuple[object, ...]],
    seen: dict[tuple[object, ...], int],
) -> Judged:
    key = (wish.room_id, wish.zone_id, wish.slot.starts, wish.slot.ends)
    if key in seen:
        return wrong(number, Reason.TWICE, "begin", other=seen[key])
    seen[key] = number
    if key in booked:
        return Judged(number, State.ALREADY)
    new = placed(wish, held)
    if new is None:
        return wrong(number, Reason.TAKEN, "begin")
    return Judged(number, State.NEW, values={"booking": new})


def _wish(row: Row, known: _Known) -> Wish | Judged:
    fault = fault_of_cells(Kind.BOOKINGS, row)
    if fault is not None:
        return fault
    cells = row.cells
    room = known.rooms.get(cells["ruimte"])
    if room is None:
        return wrong(row.number, Reason.NO_SUCH_ROOM, "ruimte")
    zones = known.zones.get(room.room_id, {})
    part = folded(in_a_row(cells.get("deel", "")))
    if part and part not in zones:
        return wrong(row.number, Reason.NO_SUCH_ZONE, "deel")
    slot = _slot(row)
    if isinstance(slot, Judged):
        return slot
    party = _party(row, known)
    if isinstance(party, Judged):
        return party
    people = number_in(cells["aantal mensen"], most=MOST_PEOPLE) if cells.get("aantal mensen") else 1
    if people is None:
        return wrong(row.number, Reason.NO_NUMBER, "aantal mensen", most=MOST_PEOPLE)
    return Wish(
        room.room_id,
        room.buffer,
        zones.get(part),
        (zones[part],) if part else tuple(sorted(zones.values())),
        slot,
        party,
        people,
        cells.get("waarvoor", ""),
    )


def _slot(row: Row) -> TimeSlot | Judged:
    day = day_in(row.cells["dag"])
    if day is None:
        return wrong(row.number, Reason.NO_DAY, "dag")
    starts, ends = minutes_in(row.cells["begin"]), minutes_in(row.cells["einde"])
    if starts is None or ends is None:
        return wrong(row.number, Reason.NO_TIME, "begin" if starts is None else "einde")
    if ends <= starts:
        return wrong(row.number, Reason.ENDS_BEFORE_START, "einde")
    try:
        return TimeSlot(instant(day, starts), instant(day, ends))
    except (NonexistentTime, ValueError):
        return wrong(row.number, Reason.NO_SUCH_TIME, "begin")


def _party(row: Row, known: _Known) -> Party | Judged | None:
    address, name = row.cells.get("adres", ""), row.cells.get("organisatie", "")
    if address and name:
        return wrong(row.number, Reason.TWO_PARTIES, "organisatie")
    if address == NOBODY_KNOWS:
        return None
    if address:
        home_id = known.homes.get(address)
        if home_id is None:
            return wrong(row.number, Reason.NO_SUCH_HOME, "adres")
        return Party(UseKind.OWN, home_id=home_id)
    if name:
        organisation_id = known.organisations.get(name)
        if organisation_id is None:
            return wrong(row.number, Reason.NO_SUCH_ORGANISATION, "organisatie")
        return Party(UseKind.ORGANISATION, organisation_id=organisation_id)
    return Party(UseKind.OWN)

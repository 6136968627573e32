"""Bookings out of an old calendar. They hold their room as any other; who asked for it is not known.

The same part of the same room at the same time is the same booking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings.models import Booking, Occupancy
from ontmoet.bookings.parties import Party
from ontmoet.bookings.rules import Status, Visibility
from ontmoet.db import Instant, current_connection, execute, violated
from ontmoet.db.guards import OVERLAP
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import NonexistentTime, instant
from ontmoet.people.models import Organisation
from ontmoet.rooms.models import Home, Room, Zone
from ontmoet.rooms.rules import UseKind

from .columns import NOBODY_KNOWS, Kind
from .held import Held
from .homes import AT_ONCE, insert_in_lots
from .naming import Names
from .room_cells import in_a_row
from .rules import Judged, Reason, State, day_in, fault_of_cells, folded, minutes_in, number_in, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .rules import Row

MOST_PEOPLE = 2000
_LONGEST = timedelta(days=2)

_room, _zone, _home = Room.__table__, Zone.__table__, Home.__table__
_booking, _occupancy, _organisation = Booking.__table__, Occupancy.__table__, Organisation.__table__
_ROOMS = select(_room.c.id, _room.c.slug, _room.c.name, _room.c.buffer_minutes)
_ZONES = select(_zone.c.id, _zone.c.room_id, _zone.c.name).where(_zone.c.ended_at.is_(None))
_HOMES = select(_home.c.id, _home.c.address_name, _home.c.address)
_ORGANISATIONS = select(_organisation.c.id, _organisation.c.name)
_HELD = select(_occupancy.c.zone_id, _occupancy.c.held_from, _occupancy.c.held_until).where(
    _occupancy.c.held_until > bindparam("first", type_=Instant()),
    _occupancy.c.held_from < bindparam("last", type_=Instant()),
)
_BOOKED = select(_booking.c.room_id, _booking.c.zone_id, _booking.c.starts_at, _booking.c.ends_at).where(
    _booking.c.status == Status.CONFIRMED,
    _booking.c.starts_at >= bindparam("first", type_=Instant()),
    _booking.c.starts_at < bindparam("last", type_=Instant()),
)


_VERSIONS = select(_room.c.id, _room.c.version, _room.c.agenda_version).order_by(_room.c.id)
_HOLD = insert(_occupancy).from_select(
    ["zone_id", "held_from", "held_until", "booking_id"],
    select(
        bindparam("zone", type_=_occupancy.c.zone_id.type),
        bindparam("from", type_=Instant()),
        bindparam("until", type_=Instant()),
        _booking.c.id,
    ).where(_booking.c.public_id == bindparam("mark")),
)


class _RoomHere(NamedTuple):
    room_id: int
    buffer: timedelta


class _Wish(NamedTuple):
    """A row that can be read. Without a party: nobody knows any more whose it was."""

    room: _RoomHere
    zone_id: int | None
    zone_ids: tuple[int, ...]
    slot: TimeSlot
    party: Party | None
    people: int
    purpose: str
    until: datetime
    public_id: str


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
    slots = [one.slot for one in read if isinstance(one, _Wish)]
    if not slots:
        return [one for one in read if isinstance(one, Judged)]
    span = {
        "first": min(slot.starts for slot in slots) - _LONGEST,
        "last": max(slot.ends for slot in slots) + _LONGEST,
    }
    held = Held()
    for zone_id, held_from, held_until in execute(_HELD, **span):
        held.add(zone_id, held_from, held_until)
        held.begins(zone_id, held_from)
    for wish in [one for one in read if isinstance(one, _Wish)]:
        for zone_id in wish.zone_ids:
            held.begins(zone_id, wish.slot.starts)
    booked = {tuple(row) for row in execute(_BOOKED, **span)}
    seen: dict[tuple[object, ...], int] = {}
    return [
        one if isinstance(one, Judged) else _judged(row.number, one, held, booked, seen)
        for row, one in zip(rows, read, strict=True)
    ]


def store_bookings(judged: Sequence[Judged], *, actor_id: int | None, now: datetime) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_bookings` in it.

    Raises `Refused` (CHANGED_MEANWHILE) when the database finds an overlap that the rule did not see.
    """
    new = [wish for one in judged if isinstance(wish := one.values.get("wish"), _Wish)]
    holding = [
        {"zone": zone_id, "from": wish.slot.starts, "until": wish.until, "mark": wish.public_id}
        for wish in new
        for zone_id in wish.zone_ids
    ]
    try:
        insert_in_lots(_booking, [_columns(wish, actor_id, now) for wish in new])
        for first in range(0, len(holding), AT_ONCE):
            current_connection().execute(_HOLD, holding[first : first + AT_ONCE])
    except IntegrityError as error:
        if violated(error, OVERLAP):
            raise Refused(Objection(Reason.CHANGED_MEANWHILE)) from error
        raise


def _judged(
    number: int,
    wish: _Wish,
    held: Held,
    booked: set[tuple[object, ...]],
    seen: dict[tuple[object, ...], int],
) -> Judged:
    key = (wish.room.room_id, wish.zone_id, wish.slot.starts, wish.slot.ends)
    if key in seen:
        return wrong(number, Reason.TWICE, "begin", other=seen[key])
    seen[key] = number
    if key in booked:
        return Judged(number, State.ALREADY)
    until = held.until(wish.zone_ids, wish.slot.ends, wish.room.buffer)
    if any(held.has(zone_id, wish.slot.starts, until) for zone_id in wish.zone_ids):
        return wrong(number, Reason.TAKEN, "begin")
    for zone_id in wish.zone_ids:
        held.add(zone_id, wish.slot.starts, until)
    return Judged(number, State.NEW, values={"wish": wish._replace(until=until)})


def _wish(row: Row, known: _Known) -> _Wish | Judged:
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
    return _Wish(
        room,
        zones.get(part),
        (zones[part],) if part else tuple(sorted(zones.values())),
        slot,
        party,
        people,
        cells.get("waarvoor", ""),
        slot.ends,
        new_public_id(),
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


def _columns(wish: _Wish, actor_id: int | None, now: datetime) -> Mapping[str, object]:
    empty = dict.fromkeys(
        (
            "person_id", "organiser_pseudonym", "reason", "lapses_at", "ended_at", "rules_version_id",
            "fair_use_exception", "responsible", "decided_by_id", "decided_at", "explanation",
        )
    )  # fmt: skip
    return {
        **empty,
        "public_id": wish.public_id,
        "room_id": wish.room.room_id,
        "zone_id": wish.zone_id,
        "home_id": wish.party and wish.party.home_id,
        "organisation_id": wish.party and wish.party.organisation_id,
        "for_corporation": wish.party is not None and wish.party.is_corporation,
        "entered_by_id": actor_id,
        "use_kind": wish.party.use_kind if wish.party else UseKind.OWN,
        "visibility": Visibility.CLOSED,
        "starts_at": wish.slot.starts,
        "ends_at": wish.slot.ends,
        "people": wish.people,
        "purpose": wish.purpose,
        "status": Status.CONFIRMED,
        "made_at": now,
        "version": 1,
    }

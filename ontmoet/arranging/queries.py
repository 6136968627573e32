"""Reading what is arranged: the sheet of one room, all rooms with what they miss, who can be the contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, exists, func, or_, select

from ontmoet.db import AnyRow, LocalDate, Memory, execute
from ontmoet.kernel.actor import Function
from ontmoet.people.models import Person, Role
from ontmoet.rooms.models import Complex, Home, Opening, RightOfUse, Room, Zone

from .rules import Facts, Missing, missing_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.rooms.rules import RoomView

_room = Room.__table__
_zone = Zone.__table__
_home = Home.__table__
_complex = Complex.__table__
_right = RightOfUse.__table__
_opening = Opening.__table__
_role = Role.__table__
_person = Person.__table__

DESCRIBED = ("welcome", "key_note", "facilities", "emergency_door", "emergency_water", "emergency_power")
"""Columns that everybody who tells about the room may change."""
ARRANGED = ("address", "town", "typology", "area_m2", "capacity", "door", "access_policy", "key_plan")
"""Columns for who arranges it."""

_rights = select(_right.c.complex_id).where(_right.c.room_id == _room.c.id, _right.c.complex_id.is_not(None))
_single = select(_right.c.home_id).where(_right.c.room_id == _room.c.id, _right.c.home_id.is_not(None))
_OF_ROOM = and_(
    _home.c.ended_at.is_(None),
    or_(
        _home.c.complex_id == _room.c.complex_id,
        _home.c.complex_id.in_(_rights.correlate(_room)),
        _home.c.id.in_(_single.correlate(_room)),
    ),
)
_HOMES = select(func.count(_home.c.id)).where(_OF_ROOM).correlate(_room).scalar_subquery()
_ZONES = (
    select(func.count(_zone.c.id))
    .where(_zone.c.room_id == _room.c.id, _zone.c.ended_at.is_(None))
    .correlate(_room)
    .scalar_subquery()
)
_DAYS_OPEN = (
    select(func.count(_opening.c.weekday.distinct()))
    .where(_opening.c.room_id == _room.c.id)
    .correlate(_room)
    .scalar_subquery()
)
_TODAY = bindparam("today", type_=LocalDate())
_GOES_ON = or_(_role.c.until.is_(None), _role.c.until > _TODAY)
_CONTACTS = (
    select(func.count(_role.c.id))
    .where(_role.c.room_id == _room.c.id, _role.c.is_contact, _role.c.since <= _TODAY, _GOES_ON)
    .correlate(_room)
    .scalar_subquery()
)
_into = _room.alias("into_room")
_MERGED_INTO = select(_into.c.name).where(_into.c.id == _room.c.merged_into_id).scalar_subquery()
_SHEET = (
    select(
        _room,
        _complex.c.name.label("complex_name"),
        _complex.c.public_id.label("complex_public_id"),
        _HOMES.label("homes"),
        _ZONES.label("zones"),
        _DAYS_OPEN.label("days_open"),
        _CONTACTS.label("contacts"),
        _MERGED_INTO.label("merged_into"),
    )
    .join_from(_room, _complex, _complex.c.id == _room.c.complex_id)
    .where(_room.c.id == bindparam("room_id"))
)
_COMPLEX = select(_room.c.complex_id).where(_room.c.id == bindparam("room_id"))
# Whether there are any is quicker than how many there are.
_STANDINGS = select(
    _room.c.id,
    _room.c.slug,
    _room.c.name,
    _room.c.complex_id,
    _room.c.address,
    _room.c.town,
    _room.c.typology,
    _room.c.area_m2,
    _room.c.live_at,
    _room.c.closed_at,
    exists().where(_OF_ROOM).correlate(_room).label("homes"),
    exists().where(_zone.c.room_id == _room.c.id, _zone.c.ended_at.is_(None)).label("zones"),
    exists().where(_opening.c.room_id == _room.c.id).label("days_open"),
    _CONTACTS.label("contacts"),
    _MERGED_INTO.label("merged_into"),
).order_by(_room.c.name)

_STAFF = (
    select(_role.c.id, _person.c.public_id, _person.c.name, _role.c.is_contact)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        _role.c.room_id == bindparam("room_id"),
        _role.c.function == Function.STAFF.value,
        _role.c.since <= _TODAY,
        _GOES_ON,
    )
    .order_by(_person.c.name, _role.c.id)
)

_staff: Memory[int, list[Colleague]] = Memory(most=1000)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A room as its own people arrange it. `values` are its fields as text, by column."""

    room_id: int
    slug: str
    name: str
    door: str
    values: Mapping[str, str]
    version: int
    complex_id: int
    complex_name: str
    complex_public_id: str
    homes: int
    live_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None
    has_contact: bool
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A room in a list: whether it is open, and what it still misses."""

    room_id: int
    slug: str
    name: str
    complex_id: int
    live_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None
    has_contact: bool
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the corporation in a room."""

    role_id: int
    public_id: str
    name: str
    is_contact: bool


def sheet_of(room_id: int, *, today: date) -> Sheet:
    """A room that is known to exist."""
    return _sheet(execute(_SHEET, room_id=room_id, today=today).one())


def complex_of(room_id: int) -> int:
    """The complex in which a room stands."""
    found: int = execute(_COMPLEX, room_id=room_id).scalar_one()
    return found


def standings(*, today: date) -> list[Standing]:
    """How it stands with every room, by name."""
    return [
        Standing(
            row.id,
            row.slug,
            row.name,
            row.complex_id,
            row.live_at,
            row.closed_at,
            row.merged_into,
            bool(row.contacts),
            missing_from(_facts(row)),
        )
        for row in execute(_STANDINGS, today=today)
    ]


def staff_of(room_id: int, *, today: date) -> list[Colleague]:
    """Who works for the corporation in a room."""
    return [Colleague(*row) for row in execute(_STAFF, room_id=room_id, today=today)]


def staff_remembered(room: RoomView, *, today: date) -> list[Colleague]:
    """The same for a page; remembered with the room, for the day."""
    return _staff.recall(room.room_id, (room.version, today), lambda: staff_of(room.room_id, today=today))


def contact_among(staff: Sequence[Colleague]) -> str:
    """The public id of the one whose name the room shows, empty when nobody is (GE-05)."""
    return next((one.public_id for one in staff if one.is_contact), "")


def _sheet(row: AnyRow) -> Sheet:
    columns = row._mapping
    values = {
        column: "" if columns[column] is None else str(columns[column]) for column in (*ARRANGED, *DESCRIBED)
    }
    return Sheet(
        row.id,
        row.slug,
        row.name,
        row.door,
        values,
        row.version,
        row.complex_id,
        row.complex_name,
        row.complex_public_id,
        row.homes,
        row.live_at,
        row.closed_at,
        row.merged_into,
        bool(row.contacts),
        missing_from(_facts(row)),
    )


def _facts(row: AnyRow) -> Facts:
    return Facts(row.address, row.town, row.typology, row.area_m2, row.zones, row.homes, row.days_open)

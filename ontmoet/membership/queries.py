"""Reading who does what, and who somebody of a room is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, union

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.people.models import Organisation, Person, Residency, Role
from ontmoet.rooms.models import Home, RightOfUse, Room

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

_person = Person.__table__
_role = Role.__table__
_residency = Residency.__table__
_organisation = Organisation.__table__
_home = Home.__table__
_room = Room.__table__
_right = RightOfUse.__table__
_giver = _person.alias("giver")

_DAY = bindparam("day", type_=LocalDate())
_ROOM_ID = bindparam("room_id", type_=_room.c.id.type)


def lasts(column: Any) -> Any:
    """Not over on the day of the statement."""
    return or_(column.is_(None), column > _DAY)


@dataclass(frozen=True, slots=True)
class RoleView:
    """Somebody does something: who, what, since when, until when, given by whom."""

    role_id: int
    person_id: int
    public_id: str
    name: str
    function: Function
    since: date
    until: date | None
    given_by: str | None
    organisation: str | None
    room_id: int | None
    room_slug: str | None
    room_name: str | None

    def lasts_on(self, day: date) -> bool:
        """Whether it is not over on that day."""
        return self.until is None or self.until > day


@dataclass(frozen=True, slots=True)
class HomeOf:
    """Somebody lives, or lived, in a home that may use the room."""

    home_id: int
    address_name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who it is, and no more."""

    person_id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What people of a room who may know see of somebody there."""

    person_id: int
    public_id: str
    name: str
    phone: str | None
    homes: tuple[HomeOf, ...]
    roles: tuple[RoleView, ...]

    def is_here_on(self, day: date) -> bool:
        """Whether a home or a function still ties this person to the room."""
        ends = [*(home.until for home in self.homes), *(role.until for role in self.roles)]
        return any(end is None or end > day for end in ends)


_ROLES = (
    select(
        _role.c.id,
        _person.c.id,
        _person.c.public_id,
        _person.c.name,
        _role.c.function,
        _role.c.since,
        _role.c.until,
        _giver.c.name,
        _organisation.c.name,
        _role.c.room_id,
        _room.c.slug,
        _room.c.name,
    )
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .outerjoin(_giver, _giver.c.id == _role.c.granted_by_id)
    .outerjoin(_organisation, _organisation.c.id == _role.c.organisation_id)
    .outerjoin(_room, _room.c.id == _role.c.room_id)
    .where(lasts(_role.c.until))
    .order_by(_person.c.name, _role.c.since)
)
_IN_ROOM = _ROLES.where(_role.c.room_id == _ROOM_ID)
_OF_PERSON = _ROLES.where(_role.c.person_id == bindparam("person_id"))
_COLLEAGUES = _ROLES.where(_role.c.function.in_([Function.STAFF, Function.ADMINISTRATOR]))

_IS_HOME_HERE = or_(
    _home.c.complex_id.in_(select(_room.c.complex_id).where(_room.c.id == _ROOM_ID)),
    _home.c.complex_id.in_(
        select(_right.c.complex_id).where(_right.c.room_id == _ROOM_ID, _right.c.complex_id.is_not(None))
    ),
    _home.c.id.in_(
        select(_right.c.home_id).where(_right.c.room_id == _ROOM_ID, _right.c.home_id.is_not(None))
    ),
)
_IDS_HERE = union(
    select(_residency.c.person_id)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .where(_IS_HOME_HERE, lasts(_residency.c.until)),
    select(_role.c.person_id).where(_role.c.room_id == _ROOM_ID, lasts(_role.c.until)),
)
_PERSON = select(_person.c.id, _person.c.public_id, _person.c.name, _person.c.phone).where(
    _person.c.public_id == bindparam("public_id"),
    _person.c.id.in_(_IDS_HERE),
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
)
_HOMES = (
    select(_home.c.id, _home.c.address_name, _residency.c.since, _residency.c.until)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .where(_IS_HOME_HERE, lasts(_residency.c.until), _residency.c.person_id == bindparam("person_id"))
    .order_by(_residency.c.since)
)
_SAME_FUNCTION = select(_role.c.person_id, _role.c.until).where(
    _role.c.function == bindparam("function"),
    and_(
        or_(_role.c.room_id == _ROOM_ID, and_(_role.c.room_id.is_(None), _ROOM_ID.is_(None))),
        lasts(_role.c.until),
    ),
)


def roles_in(room_id: int, *, today: date) -> list[RoleView]:
    """What is done in a room, now and later, in the order of the functions."""
    found = [_role_view(row) for row in execute(_IN_ROOM, room_id=room_id, day=today)]
    order = list(Function)
    return sorted(found, key=lambda role: order.index(role.function))


def colleagues(*, today: date) -> list[RoleView]:
    """Who works for the corporation, in which room, and who administers."""
    return [_role_view(row) for row in execute(_COLLEAGUES, day=today)]


def roles_of(person_id: int, *, today: date) -> list[RoleView]:
    """Everything somebody does, now and later, wherever."""
    return [_role_view(row) for row in execute(_OF_PERSON, person_id=person_id, day=today)]


def others_with(
    function: Function, *, room_id: int | None, besides: int, today: date
) -> tuple[date | None, ...]:
    """The last days of all others who have a function in a room, or for the corporation."""
    rows = execute(_SAME_FUNCTION, function=function, room_id=room_id, day=today)
    return tuple(row.until for row in rows if row.person_id != besides)


def somebody_in(room: RoomView, public_id: str, *, since: date) -> Somebody | None:
    """The same as `person_in`, in one statement."""
    row = execute(_PERSON, room_id=room.room_id, public_id=public_id, day=since).one_or_none()
    return None if row is None else Somebody(row.id, row.public_id, row.name)


def person_in(room: RoomView, public_id: str, *, since: date) -> PersonCard | None:
    """Somebody of this room, or who was so until after `since`; None for everybody else."""
    row = execute(_PERSON, room_id=room.room_id, public_id=public_id, day=since).one_or_none()
    if row is None:
        return None
    homes = [HomeOf(*home) for home in execute(_HOMES, room_id=room.room_id, person_id=row.id, day=since)]
    roles = [role for role in roles_of(row.id, today=since) if role.room_id == room.room_id]
    return PersonCard(row.id, row.public_id, row.name, row.phone, tuple(homes), tuple(roles))


def _role_view(row: Any) -> RoleView:
    role_id, person_id, public_id, name, function, *rest = row
    return RoleView(role_id, person_id, public_id, name, Function(function), *rest)

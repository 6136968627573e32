"""Reading ways back in, and for whom one can be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, bindparam, cast, func, null, or_, select

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.text import folded
from ontmoet.people.models import Credential, Person, Residency, Role
from ontmoet.rooms.models import Home

from .models import SignInLink, Slip

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

_link = SignInLink.__table__
_slip = Slip.__table__
_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_home = Home.__table__
_credential = Credential.__table__

_NOW = bindparam("now", type_=Instant())
_TODAY = bindparam("today", type_=LocalDate())
_OPEN = (_link.c.used_at.is_(None), _link.c.expires_at > _NOW)
_LINK = select(_link.c.public_id, _link.c.person_id, _link.c.expires_at).where(
    _link.c.id == bindparam("link_id"), *_OPEN
)
_IS_OPEN = select(_link.c.id).where(_link.c.public_id == bindparam("which"), *_OPEN)
_NEWEST_ON_DEVICE = (
    select(_link.c.id, _link.c.public_id)
    .where(_link.c.device_hash == bindparam("device_hash"), *_OPEN)
    .order_by(_link.c.id.desc())
    .limit(1)
)
_RECIPIENT = select(_person.c.name, _person.c.email).where(_person.c.id == bindparam("person_id"))
_PASSWORD = select(_person.c.password_hash, _person.c.email, _person.c.name).where(
    _person.c.id == bindparam("person_id")
)
_SIGNS_IN_WITH = (
    select(_credential.c.home_id, _home.c.address_name, _credential.c.nickname)
    .join_from(_credential, _home, _home.c.id == _credential.c.home_id)
    .where(_credential.c.person_id == bindparam("person_id"))
)
_SECRETS = (
    select(_person.c.email.is_not(None), _credential.c.id.is_not(None))
    .join_from(_person, _credential, _credential.c.person_id == _person.c.id, isouter=True)
    .where(_person.c.id == bindparam("person_id"))
)

_maker = _person.alias("maker")
_SLIPS_OF = (
    select(_slip.c.made_at, _slip.c.used_at, _slip.c.expires_at, _maker.c.name)
    .join_from(_slip, _maker, _maker.c.id == _slip.c.made_by_id)
    .where(_slip.c.person_id == bindparam("person_id"))
    .order_by(_slip.c.id.desc())
    .limit(3)
)

_COLUMNS = (_person.c.id, _person.c.public_id, _person.c.name, _person.c.email)
_THERE = (_person.c.erased_at.is_(None), _person.c.merged_into_id.is_(None))
_RESIDENTS = (
    select(*_COLUMNS, _home.c.address)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .join(_person, _person.c.id == _residency.c.person_id)
    .where(
        *_THERE,
        or_(
            _home.c.complex_id.in_(bindparam("complexes", expanding=True)),
            _home.c.id.in_(bindparam("homes", expanding=True)),
        ),
        and_(_residency.c.since <= _TODAY, or_(_residency.c.until.is_(None), _residency.c.until > _TODAY)),
    )
)
_WORKERS = (
    select(*_COLUMNS, cast(null(), Text).label("address"))
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        *_THERE,
        _role.c.room_id == bindparam("room_id"),
        and_(_role.c.since <= _TODAY, or_(_role.c.until.is_(None), _role.c.until > _TODAY)),
    )
)
_OF_ROOM = _RESIDENTS.union(_WORKERS)


@dataclass(frozen=True, slots=True)
class OwnPin:
    """Where somebody's PIN works, and beside which nickname."""

    home_id: int
    address_name: str
    nickname: str


@dataclass(frozen=True, slots=True)
class OfRoom:
    """Somebody who lives near a room or does something there."""

    person_id: int
    public_id: str
    name: str
    has_mail: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class SlipMade:
    """A slip as the person it is for sees it."""

    made_at: datetime
    used_at: datetime | None
    expires_at: datetime
    by_name: str


def people_of(room: RoomView, *, today: date) -> list[OfRoom]:
    """Everybody of a room, each once, by name."""
    found: dict[int, OfRoom] = {}
    rows = execute(
        _OF_ROOM,
        room_id=room.room_id,
        complexes=sorted(room.used_by_complexes),
        homes=sorted(room.used_by_homes),
        today=today,
    )
    for person_id, public_id, name, email, address in rows:
        if person_id not in found or found[person_id].address is None:
            found[person_id] = OfRoom(person_id, public_id, name, email is not None, address)
    return sorted(found.values(), key=lambda person: folded(person.name))


def open_link(link_id: int, *, now: datetime) -> tuple[str, int | None, datetime] | None:
    """Public id, person and end of a request that is still open."""
    row = execute(_LINK, link_id=link_id, now=now).one_or_none()
    return None if row is None else (row.public_id, row.person_id, row.expires_at)


def is_open(public_id: str, *, now: datetime) -> bool:
    """Whether a link is still good. Using it decides; this spares who comes too late the turn to write."""
    return execute(_IS_OPEN, which=public_id, now=now).first() is not None


def newest_link_on(device_hash: str, *, now: datetime) -> tuple[int, str] | None:
    """Id and public id of what was last asked for on this device and is still open."""
    row = execute(_NEWEST_ON_DEVICE, device_hash=device_hash, now=now).one_or_none()
    return None if row is None else (row.id, row.public_id)


def recipient_of(person_id: int) -> tuple[str, str] | None:
    """Name and address of somebody who has one."""
    row = execute(_RECIPIENT, person_id=person_id).one_or_none()
    return None if row is None or row.email is None else (row.name, row.email)


def own_password(person_id: int) -> tuple[str | None, tuple[str, ...]]:
    """The hash of somebody's password, and the words that would make a bad one."""
    row = execute(_PASSWORD, person_id=person_id).one()
    return row.password_hash, tuple(filter(None, (row.email, row.name)))


def own_pin(person_id: int) -> OwnPin | None:
    """With what somebody signs in, if by PIN."""
    row = execute(_SIGNS_IN_WITH, person_id=person_id).one_or_none()
    return None if row is None else OwnPin(*row)


def secrets_of(person_id: int) -> tuple[bool, bool]:
    """Whether somebody signs in with an e-mail address, and whether with a PIN. One statement."""
    has_mail, has_pin = execute(_SECRETS, person_id=person_id).one()
    return bool(has_mail), bool(has_pin)


def slips_of(person_id: int) -> list[SlipMade]:
    """The last slips that somebody made for this person, newest first."""
    rows = execute(_SLIPS_OF, person_id=person_id)
    return [SlipMade(row.made_at, row.used_at, row.expires_at, row.name) for row in rows]


def count_old_links(before: datetime) -> int:
    """How many requests for a link were over before then."""
    number: int = execute(select(func.count()).where(_link.c.expires_at < before)).scalar_one()
    return number


def count_old_slips(before: datetime) -> int:
    """How many slips were over before then."""
    number: int = execute(select(func.count()).where(_slip.c.expires_at < before)).scalar_one()
    return number

"""Reading ways back in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from ontmoet.db import Instant, execute
from ontmoet.people.models import Credential, Person
from ontmoet.rooms.models import Home

from .models import SignInLink, Slip

_link = SignInLink.__table__
_slip = Slip.__table__
_person = Person.__table__
_credential = Credential.__table__
_home = Home.__table__

_NOW = bindparam("now", type_=Instant())
_OPEN = (_link.c.used_at.is_(None), _link.c.expires_at > _NOW)
_LINK = select(_link.c.public_id, _link.c.person_id, _link.c.expires_at).where(
    _link.c.id == bindparam("link_id"), *_OPEN
)
_IS_OPEN = select(_link.c.id).where(_link.c.public_id == bindparam("which"), *_OPEN)
_NEWEST_ON_DEVICE = (
    select(_link.c.id, _link.c.public_id, _link.c.person_id)
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


@dataclass(frozen=True, slots=True)
class OwnPin:
    """Where somebody's PIN works, and beside which nickname."""

    home_id: int
    address_name: str
    nickname: str


@dataclass(frozen=True, slots=True)
class SlipMade:
    """A slip as the person it is for sees it."""

    made_at: datetime
    used_at: datetime | None
    expires_at: datetime
    by_name: str


def open_link(link_id: int, *, now: datetime) -> tuple[str, int | None, datetime] | None:
    """Public id, person and end of a request that is still open."""
    row = execute(_LINK, link_id=link_id, now=now).one_or_none()
    return None if row is None else (row.public_id, row.person_id, row.expires_at)


def is_open(public_id: str, *, now: datetime) -> bool:
    """Whether a link is still good. Using it decides; this spares who comes too late the turn to write."""
    return execute(_IS_OPEN, which=public_id, now=now).first() is not None


def newest_link_on(device_hash: str, *, now: datetime) -> tuple[int, str, int | None] | None:
    """Id, public id and person of what was last asked for on this device and is still open."""
    row = execute(_NEWEST_ON_DEVICE, device_hash=device_hash, now=now).one_or_none()
    return None if row is None else (row.id, row.public_id, row.person_id)


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

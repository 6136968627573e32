"""Reading people."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, or_, select, union_all

from ontmoet.db import AnyRow, LocalDate, Memory, execute, lock_row
from ontmoet.rooms.models import Home

from .actor_queries import STAYS
from .models import Credential, Person, Role, Session
from .rules import Language, language_of

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

_person = Person.__table__
_credential = Credential.__table__
_role = Role.__table__
_session = Session.__table__
_home = Home.__table__

_LANGUAGE = select(_person.c.language).where(_person.c.id == bindparam("person_id"))

_contacts: Memory[int, str | None] = Memory(most=1000)

_CREDENTIALS = select(_person.c.id, _person.c.password_hash).where(_person.c.email == bindparam("email"))
_PIN = (
    select(_credential.c.person_id, _credential.c.pin_hash)
    .join_from(_credential, _home, _home.c.id == _credential.c.home_id)
    .join(_person, _person.c.id == _credential.c.person_id)
    .where(
        *STAYS,
        _home.c.address_name.in_(bindparam("spellings", expanding=True)),
        _credential.c.nickname == bindparam("nickname"),
    )
    # Two homes may differ in a hyphen only: the one that was typed goes first.
    .order_by((_home.c.address_name != bindparam("as_typed")).cast(Integer))
    .limit(1)
)
_SECRETS = union_all(
    select(_person.c.password_hash).where(_person.c.id == bindparam("person_id"), *STAYS),
    select(_credential.c.pin_hash)
    .join_from(_credential, _person, _person.c.id == _credential.c.person_id)
    .where(_person.c.id == bindparam("person_id"), *STAYS),
)
_DEVICE = select(_session.c.id).where(
    _session.c.person_id == bindparam("person_id"),
    _session.c.device_hash == bindparam("device_hash"),
)
_TODAY = bindparam("today", type_=LocalDate())
_CONTACT = (
    select(_person.c.name)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        _role.c.room_id == bindparam("room_id"),
        _role.c.is_contact,
        _role.c.since <= _TODAY,
        or_(_role.c.until.is_(None), _role.c.until > _TODAY),
    )
    # Of two, for as long as the first still goes on, whoever took over.
    .order_by(_role.c.since.desc(), _role.c.id.desc())
    .limit(1)
)


def language_read_by(person_id: int | None) -> Language:
    """In what somebody reads what they get; Dutch for nobody in particular. At most one statement."""
    tag = None if person_id is None else execute(_LANGUAGE, person_id=person_id).scalar()
    return language_of(tag or Language.DUTCH)


def credentials_of(email: str) -> AnyRow | None:
    """Id and password hash of the person with this (folded) address."""
    return execute(_CREDENTIALS, email=email).one_or_none()


def pin_of(spellings: tuple[str, ...], nickname: str) -> AnyRow | None:
    """Person and PIN hash of who has this (folded) nickname in the home that is spelled so."""
    return execute(_PIN, spellings=spellings, as_typed=spellings[0], nickname=nickname).one_or_none()


def has_secret(person_id: int, secret_hash: str) -> bool:
    """Whether this is still the hash of the password or the PIN of somebody who is there."""
    return secret_hash in execute(_SECRETS, person_id=person_id).scalars()


def knows_device(person_id: int, device_hash: str) -> bool:
    """Whether this person signed in on this device before."""
    return execute(_DEVICE, person_id=person_id, device_hash=device_hash).first() is not None


def count_old_sessions(before: datetime) -> int:
    """How many sessions expired before then."""
    number: int = execute(select(func.count()).where(_session.c.expires_at < before)).scalar_one()
    return number


def contact_of(room: RoomView, *, today: date) -> str | None:
    """The name of the one contact at the corporation for a room, as long as the function lasts (GE-05).

    Remembered with the room, for the day: its version rises when a role in it changes, or the name of
    somebody there.
    """
    return _contacts.recall(
        room.room_id,
        (room.version, today),
        lambda: execute(_CONTACT, room_id=room.room_id, today=today).scalar(),
    )


def lock_home(home_id: int) -> None:
    """What counts per home waits here: fair use. Taken after the room, before the card."""
    lock_row(_home, home_id)

"""Reading people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Text, bindparam, cast, literal, null, or_, select, union_all

from ontmoet.db import AnyRow, Instant, LocalDate, db, execute
from ontmoet.kernel.actor import Actor, Dwelling, Function, Place
from ontmoet.rooms.models import Home, Room

from .models import Person, Residency, Role, Session

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_session = Session.__table__
_home = Home.__table__
_room = Room.__table__


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid session: who, and until when."""

    session_id: int
    actor: Actor
    own_phone: bool
    expires_at: datetime


_SESSION = (
    select(
        _session.c.id,
        _session.c.own_phone,
        _session.c.expires_at,
        _person.c.id.label("person_id"),
        _person.c.name,
    )
    .join_from(_session, _person, _person.c.id == _session.c.person_id)
    .where(
        _session.c.id_hash == bindparam("id_hash"),
        _session.c.revoked_at.is_(None),
        _session.c.expires_at > bindparam("now", type_=Instant()),
    )
)

_NO_ID = cast(null(), BigInteger)
_NO_TEXT = cast(null(), Text)
_TODAY = bindparam("today", type_=LocalDate())
_PLACE = (_room.c.id, _room.c.slug, _room.c.name, _room.c.door)

# Where somebody lives and what somebody does, each with its room, in one statement.
_BELONGS = union_all(
    select(
        literal("home").label("kind"),
        _home.c.id.label("home_id"),
        _home.c.complex_id,
        _NO_TEXT.label("function"),
        _NO_ID.label("organisation_id"),
        _room.c.id.label("room_id"),
        _room.c.slug,
        _room.c.name,
        _room.c.door,
    )
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .outerjoin(_room, _room.c.complex_id == _home.c.complex_id)
    .where(
        _residency.c.person_id == bindparam("person_id"),
        _residency.c.since <= _TODAY,
        or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
    ),
    select(literal("role"), _NO_ID, _NO_ID, _role.c.function, _role.c.organisation_id, *_PLACE)
    .join_from(_role, _room, _room.c.id == _role.c.room_id, isouter=True)
    .where(
        _role.c.person_id == bindparam("person_id"),
        _role.c.since <= _TODAY,
        or_(_role.c.until.is_(None), _role.c.until > _TODAY),
    ),
)

_CREDENTIALS = select(_person.c.id, _person.c.password_hash).where(_person.c.email == bindparam("email"))
_DEVICE = select(_session.c.id).where(
    _session.c.person_id == bindparam("person_id"),
    _session.c.device_hash == bindparam("device_hash"),
)
_CONTACT = (
    select(_person.c.name)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(_role.c.room_id == bindparam("room_id"), _role.c.is_contact, _role.c.until.is_(None))
)


def signed_in(id_hash: str, *, today: date, now: datetime) -> SignedIn | None:
    """Whose session this is, with roles and homes as they are at this moment. Two statements."""
    row = execute(_SESSION, id_hash=id_hash, now=now).one_or_none()
    if row is None:
        return None
    return SignedIn(row.id, _actor(row, today), row.own_phone, row.expires_at)


def actor_of(person_id: int, *, today: date) -> Actor:
    """A person who is known to exist, as an actor."""
    row = execute(
        select(_person.c.id.label("person_id"), _person.c.name).where(_person.c.id == person_id)
    ).one()
    return _actor(row, today)


def credentials_of(email: str) -> AnyRow | None:
    """Id and password hash of the person with this (folded) address."""
    return execute(_CREDENTIALS, email=email).one_or_none()


def knows_device(person_id: int, device_hash: str) -> bool:
    """Whether this person signed in on this device before."""
    return execute(_DEVICE, person_id=person_id, device_hash=device_hash).first() is not None


def contact_of(room_id: int) -> str | None:
    """The name of the one contact at the corporation for a room (GE-05)."""
    return execute(_CONTACT, room_id=room_id).scalar()


def lock_home(home_id: int) -> None:
    """What counts per home waits here: fair use. Taken after the room, before the card."""
    if db.engine.dialect.name == "postgresql":
        execute(select(_home.c.id).where(_home.c.id == home_id).with_for_update(key_share=True))


def _actor(row: AnyRow, today: date) -> Actor:
    dwellings: dict[int, Dwelling] = {}
    functions: defaultdict[int | None, set[Function]] = defaultdict(set)
    places: dict[int, Place] = {}
    organisations: dict[int | None, int] = {}
    for kind, home_id, complex_id, function, organisation, room_id, slug, name, door in execute(
        _BELONGS, person_id=row.person_id, today=today
    ):
        if kind == "home":
            dwellings[home_id] = Dwelling(home_id, complex_id)
        else:
            functions[room_id].add(Function(function))
            if organisation is not None:
                organisations[room_id] = organisation
        if room_id is not None and room_id not in places:
            places[room_id] = Place(room_id, slug, name, door)
    return Actor(
        person_id=row.person_id,
        name=row.name,
        dwellings=tuple(dwellings.values()),
        functions={room: frozenset(found) for room, found in functions.items()},
        places=tuple(places.values()),
        organisations=organisations,
    )

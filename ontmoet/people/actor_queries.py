"""Who acts, with homes and functions as they are at a moment: by session, by number, by what an address
says.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from ontmoet.db import AnyRow, Instant, LocalDate, execute
from ontmoet.kernel.actor import Actor, Dwelling, Function, Place
from ontmoet.rooms.models import Home, Room

from .models import Person, Residency, Role, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnClause, Select

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_session = Session.__table__
_home = Home.__table__
_room = Room.__table__


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid session: who, and until when. It is worth nothing yet while it `waits` for a second proof.

    `room_versions` has the id of each room of the actor by its name in addresses, and both its versions.
    """

    session_id: int
    actor: Actor
    own_phone: bool
    expires_at: datetime
    used_at: datetime | None = None
    proven_at: datetime | None = None
    waits: bool = False
    room_versions: Mapping[str, tuple[int, int, int]] = field(default_factory=dict, compare=False)


_NO_ID = cast(null(), BigInteger)
_NO_TEXT = cast(null(), Text)
_MOMENTS = ("expires_at", "used_at", "proven_at")
_NO_MOMENTS = [cast(null(), Instant()) for _ in _MOMENTS]
_TODAY = bindparam("today", type_=LocalDate())

_VALID = (
    _session.c.id_hash == bindparam("id_hash"),
    _session.c.revoked_at.is_(None),
    _session.c.expires_at > bindparam("now", type_=Instant()),
)

TAKES_PART = or_(_person.c.guardian_id.is_(None), _person.c.guardian_agreed_at.is_not(None))
"""A child takes part once its guardian agreed."""


def _kind(word: str) -> ColumnClause[str]:
    """A word of ours that stands in the statement: what is bound to it is prepared for each page."""
    return literal_column(f"'{word}'", Text())


def _belongings(person_id: Any) -> list[Select[Any]]:
    """Where somebody lives and what somebody does, each with its room: rows that say what kind they are."""
    dwellings = (
        select(
            _kind("home"),
            _home.c.id,
            _home.c.complex_id,
            _NO_TEXT,
            _room.c.id,
            _room.c.slug,
            _room.c.name,
            _room.c.door,
            _room.c.version,
            _room.c.agenda_version,
            *_NO_MOMENTS,
        )
        .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
        .outerjoin(_room, _room.c.complex_id == _home.c.complex_id)
        .where(
            _residency.c.person_id == person_id,
            _residency.c.since <= _TODAY,
            or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
        )
    )
    roles = (
        select(
            _kind("role"),
            _role.c.organisation_id,
            _NO_ID,
            _role.c.function,
            _room.c.id,
            _room.c.slug,
            _room.c.name,
            _room.c.door,
            _room.c.version,
            _room.c.agenda_version,
            *_NO_MOMENTS,
        )
        .join_from(_role, _room, _room.c.id == _role.c.room_id, isouter=True)
        .where(
            _role.c.person_id == person_id,
            _role.c.since <= _TODAY,
            or_(_role.c.until.is_(None), _role.c.until > _TODAY),
        )
    )
    return [dwellings, roles]


def _identity(
    kind: str, person_id: Any, number: Any = _NO_ID, own_phone: Any = _NO_ID, moments: Any = _NO_MOMENTS
) -> Select[Any]:
    """The row that says who it is; its columns name those of all rows."""
    return select(
        _kind(kind).label("kind"),
        person_id.label("a"),
        number.label("b"),
        _person.c.name.label("word"),
        own_phone.label("c"),
        _NO_TEXT.label("slug"),
        _NO_TEXT.label("room_name"),
        _NO_TEXT.label("door"),
        _NO_ID.label("version"),
        _NO_ID.label("agenda_version"),
        *(moment.label(name) for moment, name in zip(moments, _MOMENTS, strict=True)),
    )


STAYS = (_person.c.erased_at.is_(None), _person.c.merged_into_id.is_(None))
"""Somebody who was not erased, and is not another one by now."""

_IS_THERE = (*STAYS, TAKES_PART)
# One statement for each page of somebody signed in: the session, and all that the person belongs to.
_SIGNED_IN = union_all(
    _identity(
        "session",
        _person.c.id,
        _session.c.id,
        cast(_session.c.own_phone, Integer),
        [_session.c[name] for name in _MOMENTS],
    )
    .join_from(_session, _person, _person.c.id == _session.c.person_id)
    .where(*_VALID, *_IS_THERE),
    *_belongings(select(_session.c.person_id).where(*_VALID).scalar_subquery()),
)
_PERSON = union_all(
    _identity("person", _person.c.id).where(_person.c.id == bindparam("person_id")),
    *_belongings(bindparam("person_id")),
)

_PUBLIC_ID = bindparam("public_id", type_=Text)
_BY_PUBLIC_ID = union_all(
    _identity("person", _person.c.id).where(_person.c.public_id == _PUBLIC_ID, *_IS_THERE),
    *_belongings(select(_person.c.id).where(_person.c.public_id == _PUBLIC_ID).scalar_subquery()),
)
_stays = _person.alias("stays")
_BECAME = (
    select(_stays.c.public_id)
    .join_from(_person, _stays, _stays.c.id == _person.c.merged_into_id)
    .where(_person.c.public_id == _PUBLIC_ID)
)


def signed_in(id_hash: str, *, today: date, now: datetime) -> SignedIn | None:
    """Whose session this is, with roles and homes as they are at this moment. One statement."""
    rows = execute(_SIGNED_IN, id_hash=id_hash, today=today, now=now).all()
    identity = next((row for row in rows if row.kind == "session"), None)
    if identity is None:
        return None
    return SignedIn(
        session_id=identity.b,
        actor=_actor(identity, rows),
        own_phone=bool(identity.c),
        expires_at=identity.expires_at,
        used_at=identity.used_at,
        proven_at=identity.proven_at,
        room_versions={
            slug: (room_id, version, agenda_version)
            for _kind, _a, _b, _word, room_id, slug, _name, _door, version, agenda_version, *_moments in rows
            if slug is not None
        },
    )


def actor_of(person_id: int, *, today: date) -> Actor:
    """A person who is known to exist, as an actor."""
    rows = execute(_PERSON, person_id=person_id, today=today).all()
    return _actor(next(row for row in rows if row.kind == "person"), rows)


def actor_by_public_id(public_id: str, *, today: date) -> Actor | None:
    """A person by the id that stands in addresses; None when there is nobody, or nobody any more."""
    rows = execute(_BY_PUBLIC_ID, public_id=public_id, today=today).all()
    identity = next((row for row in rows if row.kind == "person"), None)
    return None if identity is None else _actor(identity, rows)


def public_id_now(public_id: str) -> str:
    """What who was called so in an address is called there now: two persons may have turned out to be one
    since a link was made.
    """
    found: str = execute(_BECAME, public_id=public_id).scalar() or public_id
    return found


def _actor(identity: AnyRow, rows: Iterable[AnyRow]) -> Actor:
    dwellings: dict[int, Dwelling] = {}
    functions: defaultdict[int | None, set[Function]] = defaultdict(set)
    places: dict[int, Place] = {}
    organisations: dict[int | None, int] = {}
    for kind, a, b, word, room_id, slug, room_name, door, *_rest in rows:
        if kind == "home":
            dwellings[a] = Dwelling(a, b)
        elif kind == "role":
            functions[room_id].add(Function(word))
            if a is not None:
                organisations[room_id] = a
        else:
            continue
        if room_id is not None and room_id not in places:
            places[room_id] = Place(room_id, slug, room_name, door)
    return Actor(
        person_id=identity.a,
        name=identity.word,
        dwellings=tuple(dwellings.values()),
        functions={room: frozenset(found) for room, found in functions.items()},
        places=tuple(places.values()),
        organisations=organisations,
    )

"""Finding somebody by name, among those for whom others may act in a room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, union_all

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.rooms.models import Home
from ontmoet.trail.actions import record

from .models import Organisation, Person, Residency, Role
from .queries import TAKES_PART
from .rules import name_matches

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.rooms.rules import RoomView

MOST_SHOWN = 8
"""More than that is a list of neighbours, not an answer."""

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_home = Home.__table__
_organisation = Organisation.__table__

_TODAY = bindparam("today", type_=LocalDate())
_ROOM_ID = bindparam("room_id", type_=_role.c.room_id.type)
_HAS_ROLE = (_role.c.since <= _TODAY, or_(_role.c.until.is_(None), _role.c.until > _TODAY))
_OF_THE_CORPORATION = select(_role.c.person_id).where(
    *_HAS_ROLE,
    or_(
        (_role.c.function == Function.STAFF) & (_role.c.room_id == _ROOM_ID),
        _role.c.function == Function.ADMINISTRATOR,
    ),
)
_IS_THERE = (
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
    TAKES_PART,
    _person.c.id != bindparam("besides", type_=_person.c.id.type),
    _person.c.id.not_in(_OF_THE_CORPORATION),
)

# Names are compared here and not by the database: SQLite folds no letter outside ASCII.
_CANDIDATES = union_all(
    select(
        _person.c.id,
        _person.c.public_id,
        _person.c.name,
        _home.c.address_name.label("where"),
    )
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .join(_home, _home.c.id == _residency.c.home_id)
    .where(
        *_IS_THERE,
        _residency.c.since <= _TODAY,
        or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
        or_(
            _home.c.complex_id.in_(bindparam("complexes", expanding=True)),
            _home.c.id.in_(bindparam("homes", expanding=True)),
        ),
    ),
    select(_person.c.id, _person.c.public_id, _person.c.name, _organisation.c.name)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .join(_organisation, _organisation.c.id == _role.c.organisation_id)
    .where(*_IS_THERE, *_HAS_ROLE, _role.c.function == Function.PARTNER, _role.c.room_id == _ROOM_ID),
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who was found. `where` tells people of one name apart, and is empty for all others."""

    person_id: int
    public_id: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who matches, by name, and whether there are more than are shown."""

    neighbours: tuple[Neighbour, ...]
    has_more: bool


def look_up(room: RoomView, name: str, *, actor_id: int, now: datetime, today: date) -> Found:
    """Who of a room has this name, the asker left out. Recorded: who looked, and whom they saw.

    Runs inside a unit of work.
    """
    rows = execute(
        _CANDIDATES,
        room_id=room.room_id,
        complexes=[*room.used_by_complexes],
        homes=[*room.used_by_homes],
        besides=actor_id,
        today=today,
    ).all()
    everybody = {row.id: row for row in reversed(rows)}
    namesakes = Counter(row.name.casefold() for row in everybody.values())
    matching = sorted(
        (row for row in everybody.values() if name_matches(row.name, name)),
        key=lambda row: (row.name.casefold(), row.where),
    )
    shown = tuple(
        Neighbour(row.id, row.public_id, row.name, row.where if namesakes[row.name.casefold()] > 1 else "")
        for row in matching[:MOST_SHOWN]
    )
    record(
        "people_looked_up",
        object_kind="room",
        object_id=room.room_id,
        room_id=room.room_id,
        actor_id=actor_id,
        now=now,
        changes={"found": [neighbour.person_id for neighbour in shown]},
    )
    return Found(shown, has_more=len(matching) > MOST_SHOWN)

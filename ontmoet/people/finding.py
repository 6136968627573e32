"""Finding somebody of a room by name: one rule, one limit, and a row in the audit for each who was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, union_all

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.models import Home
from ontmoet.trail.actions import record_all

from .actor_queries import TAKES_PART
from .models import Organisation, Person, Residency, Role
from .rules import FEWEST_LETTERS, Reason, finds, letters_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Table

    from ontmoet.db import AnyRow
    from ontmoet.rooms.rules import RoomView

MOST_FOUND = 8
"""More than that is a list of people, not an answer."""

FOUND = "person_found"

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_home = Home.__table__
_organisation = Organisation.__table__

_TODAY = bindparam("today", type_=LocalDate())
_BEGUN_BY = bindparam("begun_by", type_=LocalDate())
_ROOM_ID = bindparam("room_id", type_=_role.c.room_id.type)


class Scope(StrEnum):
    """Among whom somebody is looked for. Whoever was erased or merged is in none of them.

    HELPED: for whom others may act: residents and partners of today, and nobody of the corporation.
    PRESENT: everybody of today, who lives near or does something here.
    KNOWN: those, and who will live or do something here later; for whoever gives functions.
    """

    HELPED = "helped"
    PRESENT = "present"
    KNOWN = "known"


def _lasts(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.since <= _BEGUN_BY, or_(table.c.until.is_(None), table.c.until > _TODAY)


_COLUMNS = (
    _person.c.id,
    _person.c.public_id,
    _person.c.name,
    _person.c.email.is_not(None).label("has_mail"),
)
_IS_THERE = (_person.c.erased_at.is_(None), _person.c.merged_into_id.is_(None))
_RESIDENTS = (
    select(*_COLUMNS, _home.c.address_name.label("where"))
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .join(_home, _home.c.id == _residency.c.home_id)
    .where(
        *_IS_THERE,
        *_lasts(_residency),
        or_(
            _home.c.complex_id.in_(bindparam("complexes", expanding=True)),
            _home.c.id.in_(bindparam("homes", expanding=True)),
        ),
    )
)
_WORKERS = (
    select(*_COLUMNS, _organisation.c.name.label("where"))
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _role.c.organisation_id)
    .where(*_IS_THERE, *_lasts(_role), _role.c.room_id == _ROOM_ID)
)
_NOT_OF_THE_CORPORATION = _person.c.id.not_in(
    select(_role.c.person_id).where(
        *_lasts(_role),
        or_(
            (_role.c.function == Function.STAFF) & (_role.c.room_id == _ROOM_ID),
            _role.c.function == Function.ADMINISTRATOR,
        ),
    )
)
_EVERYBODY = union_all(_RESIDENTS, _WORKERS)
_HELPED = union_all(
    _RESIDENTS.where(TAKES_PART, _NOT_OF_THE_CORPORATION),
    _WORKERS.where(TAKES_PART, _NOT_OF_THE_CORPORATION, _role.c.function == Function.PARTNER),
)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found. `where` is home or organisation: it tells people of one name apart and is
    empty for all others, except for who may see homes anyway (KNOWN).
    """

    person_id: int
    public_id: str
    name: str
    where: str
    has_mail: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Who was found, by name, and whether there are more than are shown."""

    people: tuple[Found, ...]
    has_more: bool


def find(
    room: RoomView, scope: Scope, name: str, *, actor_id: int, besides: int | None = None, now: datetime
) -> Finding:
    """Who of a room has this name; `besides` is never among them. Recorded for each, but for oneself.

    Raises `Refused` (TOO_FEW_LETTERS) when nobody is called so and too little was typed to find others.
    Runs inside a unit of work.
    """
    everybody = _people_of(room, scope, now)
    matching = [one for one in everybody if one.person_id != besides and finds(name, one.name)]
    if not matching and letters_in(name) < FEWEST_LETTERS:
        raise Refused(Objection(Reason.TOO_FEW_LETTERS, "name"))
    shown = tuple(matching[:MOST_FOUND])
    seen = [one.person_id for one in shown if one.person_id != actor_id]
    record_all(FOUND, object_kind="person", object_ids=seen, room_id=room.room_id, actor_id=actor_id, now=now)
    return Finding(shown, has_more=len(matching) > MOST_FOUND)


def those_of(room: RoomView, scope: Scope, public_ids: Collection[str], *, now: datetime) -> list[Found]:
    """Who of these still belongs there, by name."""
    return [one for one in _people_of(room, scope, now) if one.public_id in public_ids]


def _people_of(room: RoomView, scope: Scope, now: datetime) -> list[Found]:
    """Everybody of a room, each once, by name.

    Names are compared here and not by the database: SQLite folds no letter outside ASCII.
    """
    today = day_of(now)
    rows = execute(
        _HELPED if scope is Scope.HELPED else _EVERYBODY,
        room_id=room.room_id,
        complexes=[*room.used_by_complexes],
        homes=[*room.used_by_homes],
        today=today,
        begun_by=date.max if scope is Scope.KNOWN else today,
    )
    return sorted(_each_once(rows, scope), key=lambda one: (folded(one.name), one.where))


def _each_once(rows: Iterable[AnyRow], scope: Scope) -> list[Found]:
    places: defaultdict[int, list[str]] = defaultdict(list)
    people: dict[int, AnyRow] = {}
    for row in rows:
        people[row.id] = row
        if row.where is not None:
            places[row.id].append(row.where)
    namesakes = Counter(folded(row.name) for row in people.values())
    return [
        Found(
            row.id,
            row.public_id,
            row.name,
            ", ".join(sorted({*places[row.id]}))
            if scope is Scope.KNOWN or namesakes[folded(row.name)] > 1
            else "",
            bool(row.has_mail),
        )
        for row in people.values()
    ]

"""Judging a list, and storing all of it or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ontmoet.db import lock_all
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.finding import FOUND
from ontmoet.rooms.models import Home, Room
from ontmoet.rooms.queries import lock_corporation
from ontmoet.trail.actions import record, record_all

from .bookings import judge_bookings, mark_of_bookings, store_bookings
from .columns import Kind
from .homes import judge_homes, store_homes
from .organisations import judge_organisations, store_organisations
from .people import judge_people, store_people
from .rooms import judge_rooms, store_rooms
from .rules import Judged, Reason, Row, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table

_LOCKED: Mapping[Kind, Table] = {Kind.PEOPLE: Home.__table__, Kind.BOOKINGS: Room.__table__}
"""Where others wait who would store the same, each in their turn: who joins a home, and who books a room."""


@dataclass(frozen=True, slots=True)
class Report:
    """What would happen with each row. `seal` is the same as long as it would be the same. `mark` is of what
    the database had just before, where that is quicker to see than to judge again.
    """

    rows: Sequence[Judged]
    seal: str
    mark: object

    def number(self, state: State) -> int:
        """How many rows are in this state."""
        return sum(row.state is state for row in self.rows)

    @property
    def has_faults(self) -> bool:
        return any(row.state is State.WRONG for row in self.rows)


def judge(kind: Kind, rows: Sequence[Row], *, now: datetime) -> Report:
    """What would happen with each row of a list; nothing is stored."""
    mark = _mark(kind)
    judged = _judged(kind, rows, now)
    seal = hashlib.sha256()
    for row, one in zip(rows, judged, strict=True):
        reason = one.objection.reason if one.objection else ""
        seal.update(repr((kind, row.number, sorted(row.cells.items()), one.state, reason)).encode())
    return Report(judged, seal.hexdigest(), mark)


def store(
    kind: Kind, rows: Sequence[Row], judged: Report, seal: str, *, actor_id: int | None, now: datetime
) -> Report:
    """Store what is new in a list that was judged just now; `seal` is of what somebody saw. Runs inside a
    unit of work; tells nobody.

    Raises `Refused`: CHANGED_MEANWHILE when it is not what they saw, HAS_FAULTS when a row is wrong.
    """
    # Two lists at once wait for each other: the second is judged with what the first stored.
    lock_corporation()
    if kind in _LOCKED:
        lock_all(_LOCKED[kind])
    is_same = judged.mark is not None and judged.mark == _mark(kind)
    report = judged if is_same else judge(kind, rows, now=now)
    if report.seal != seal:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    if report.has_faults:
        raise Refused(Objection(Reason.HAS_FAULTS))
    number = report.number(State.NEW)
    if number:
        _stored(kind, report.rows, actor_id, now)
        record(
            "list_imported",
            object_kind="installation",
            object_id=1,
            actor_id=actor_id,
            now=now,
            changes={"kind": kind, "number": number},
        )
    return report


def note_look_ups(report: Report, *, actor_id: int, now: datetime) -> None:
    """Whoever sends a list of people is told of some that they are there: write down of whom. Runs inside a
    unit of work.
    """
    found = {person_id for row in report.rows if isinstance(person_id := row.values.get("found"), int)}
    ids = sorted(found - {actor_id})
    record_all(FOUND, object_kind="person", object_ids=ids, actor_id=actor_id, now=now)


def _mark(kind: Kind) -> object:
    """On SQLite nobody else writes while a list is stored. To judge 20,000 bookings takes as long as to store
    them, so that is done before; all other lists are judged in a moment.
    """
    return mark_of_bookings() if kind is Kind.BOOKINGS else None


def _judged(kind: Kind, rows: Sequence[Row], now: datetime) -> list[Judged]:
    match kind:
        case Kind.HOMES:
            return judge_homes(rows)
        case Kind.ROOMS:
            return judge_rooms(rows, now=now)
        case Kind.ORGANISATIONS:
            return judge_organisations(rows)
        case Kind.PEOPLE:
            return judge_people(rows, now=now)
        case Kind.BOOKINGS:
            return judge_bookings(rows)


def _stored(kind: Kind, judged: Sequence[Judged], actor_id: int | None, now: datetime) -> None:
    match kind:
        case Kind.HOMES:
            store_homes(judged)
        case Kind.ROOMS:
            store_rooms(judged, now=now)
        case Kind.ORGANISATIONS:
            store_organisations(judged)
        case Kind.PEOPLE:
            store_people(judged, now=now)
        case Kind.BOOKINGS:
            store_bookings(judged, actor_id=actor_id, now=now)

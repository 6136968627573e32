"""Judging a list, and storing all of it or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ontmoet.db import lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.models import Corporation
from ontmoet.trail.actions import record

from .bookings import judge_bookings, store_bookings
from .homes import judge_homes, store_homes
from .rules import Judged, Kind, Reason, Row, State

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Report:
    """What would happen with each row. `seal` is the same as long as it would be the same."""

    rows: Sequence[Judged]
    seal: str

    def number(self, state: State) -> int:
        """How many rows are in this state."""
        return sum(row.state is state for row in self.rows)

    @property
    def has_faults(self) -> bool:
        return any(row.state is State.WRONG for row in self.rows)


def judge(kind: Kind, rows: Sequence[Row]) -> Report:
    """What would happen with each row of a list; nothing is stored."""
    judged = judge_homes(rows) if kind is Kind.HOMES else judge_bookings(rows)
    seal = hashlib.sha256()
    for row, one in zip(rows, judged, strict=True):
        reason = one.objection.reason if one.objection else ""
        seal.update(repr((kind, row.number, sorted(row.cells.items()), one.state, reason)).encode())
    return Report(judged, seal.hexdigest())


def store(kind: Kind, rows: Sequence[Row], seal: str, *, actor_id: int | None, now: datetime) -> Report:
    """Store what is new in a list that was judged before. Runs inside a unit of work; tells nobody.

    Raises `Refused`: CHANGED_MEANWHILE when it is not what was judged, HAS_FAULTS when a row is wrong.
    """
    # Two lists at once wait for each other: the second is judged with what the first stored.
    lock_row(Corporation.__table__, 1)
    report = judge(kind, rows)
    if report.seal != seal:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    if report.has_faults:
        raise Refused(Objection(Reason.HAS_FAULTS))
    number = report.number(State.NEW)
    if number:
        if kind is Kind.HOMES:
            store_homes(report.rows)
        else:
            store_bookings(report.rows, actor_id=actor_id, now=now)
        record(
            "list_imported",
            object_kind="installation",
            object_id=1,
            actor_id=actor_id,
            now=now,
            changes={"kind": kind, "number": number},
        )
    return report

"""Organisations out of a list: bookings of a list can name them. The same name is the same organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ontmoet.db import execute
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.tokens import new_public_id
from ontmoet.people.models import Organisation

from .columns import ORGANISATION_KINDS, Kind
from .homes import insert_in_lots
from .room_cells import code_of
from .rules import Judged, Reason, State, fault_of_cells, folded, wrong, wrong_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .rules import Row

_organisation = Organisation.__table__
_NAMES = select(_organisation.c.name)


def judge_organisations(rows: Sequence[Row]) -> list[Judged]:
    """What would happen with each row; nothing is stored. One statement, however many rows."""
    there = {folded(name) for (name,) in execute(_NAMES)}
    seen: dict[str, int] = {}
    return [_judged(row, there, seen) for row in rows]


def store_organisations(judged: Sequence[Judged]) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_organisations` in it."""
    new = [one.values for one in judged if one.state is State.NEW]
    insert_in_lots(_organisation, [{**values, "public_id": new_public_id()} for values in new])


def _judged(row: Row, there: set[str], seen: dict[str, int]) -> Judged:
    fault = fault_of_cells(Kind.ORGANISATIONS, row)
    if fault is not None:
        return fault
    name = row.cells["organisatie"]
    key = folded(name)
    if key in seen:
        return wrong(row.number, Reason.TWICE, "organisatie", other=seen[key])
    seen[key] = row.number
    if key in there:
        return Judged(row.number, State.ALREADY)
    try:
        kind = code_of(row.cells["soort"], "soort", ORGANISATION_KINDS)
    except Refused as refusal:
        return wrong_by(row.number, refusal)
    return Judged(row.number, State.NEW, values={"name": name, "kind": kind})

"""Complexes and their addresses out of a list. The same address in the same complex is the same home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ontmoet.arranging.rules import address_name_of, free_slug, slug_of
from ontmoet.db import current_connection, execute
from ontmoet.kernel.tokens import new_public_id
from ontmoet.rooms.models import Complex, Home

from .columns import Kind
from .rules import NEW_COMPLEXES, Judged, Reason, State, fault_of_cells, folded, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Table

    from .rules import Row

_complex = Complex.__table__
_home = Home.__table__
_COMPLEXES = select(_complex.c.id, _complex.c.name)
_HOMES = select(_home.c.complex_id, _home.c.address, _home.c.address_name)

AT_ONCE = 1000


class _Known:
    """What is there: complexes by name, homes by complex and address, short names; `given` also has the
    short names that the list itself asks for.
    """

    def __init__(self) -> None:
        self.complexes: dict[str, list[int]] = {}
        for complex_id, name in execute(_COMPLEXES):
            self.complexes.setdefault(folded(name), []).append(complex_id)
        self.homes: dict[tuple[int | None, str], str] = {}
        self.short_names: set[str] = set()
        for complex_id, address, name in execute(_HOMES):
            self.homes[complex_id, folded(address)] = name
            self.short_names.add(name)
        self.given = set(self.short_names)


def judge_homes(rows: Sequence[Row]) -> list[Judged]:
    """What would happen with each row; nothing is stored. Two statements, however many rows."""
    known = _Known()
    known.given |= {slug_of(row.cells.get("korte naam", "")) for row in rows}
    seen: dict[tuple[str, str], int] = {}
    return [_judged(row, known, seen) for row in rows]


def store_homes(judged: Sequence[Judged]) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_homes` in it."""
    new = [one.values for one in judged if one.state is State.NEW]
    there = complexes_named(str(values["complex"]) for values in new)
    homes = [
        {
            "complex_id": there[folded(str(values["complex"]))],
            "address": values["address"],
            "address_name": values["address_name"],
            "ended_at": None,
            "end_reason": None,
        }
        for values in new
    ]
    insert_in_lots(_home, homes)


def complexes_named(names: Iterable[str]) -> dict[str, int]:
    """Every complex by its folded name, also those of these that were not there yet."""
    there = {folded(name): complex_id for complex_id, name in execute(_COMPLEXES)}
    wanted = {folded(name): name for name in names}
    missing = [
        {"name": name, "public_id": new_public_id()} for key, name in wanted.items() if key not in there
    ]
    if not missing:
        return there
    insert_in_lots(_complex, missing)
    return {folded(name): complex_id for complex_id, name in execute(_COMPLEXES)}


def insert_in_lots(table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """Insert so many rows, some at a time."""
    for first in range(0, len(values), AT_ONCE):
        current_connection().execute(insert(table), values[first : first + AT_ONCE])


def _judged(row: Row, known: _Known, seen: dict[tuple[str, str], int]) -> Judged:
    fault = fault_of_cells(Kind.HOMES, row)
    if fault is not None:
        return fault
    complex_name, address = row.cells["complex"], row.cells["adres"]
    key = (folded(complex_name), folded(address))
    if key in seen:
        return wrong(row.number, Reason.TWICE, "adres", other=seen[key])
    seen[key] = row.number
    complexes = known.complexes.get(key[0], [])
    if len(complexes) > 1:
        return wrong(row.number, Reason.COMPLEX_NAME_TWICE, "complex")
    own_name = row.cells.get("korte naam", "")
    there = known.homes.get((complexes[0], key[1])) if complexes else None
    if there is not None:
        if own_name and slug_of(own_name) != there:
            return wrong(row.number, Reason.HAS_OTHER_SHORT_NAME, "korte naam", name=there)
        return Judged(row.number, State.ALREADY)
    if own_name:
        name = slug_of(own_name)
        if name in known.short_names:
            return wrong(row.number, Reason.SHORT_NAME_TAKEN, "korte naam", name=name)
    else:
        proposed = address_name_of(address)
        # Names that somebody chose further down are not given away here.
        name = free_slug(proposed, known.given) if proposed else ""
    if not name:
        return wrong(row.number, Reason.NO_SHORT_NAME, "korte naam" if own_name else "adres")
    known.short_names.add(name)
    known.given.add(name)
    values = {
        "complex": complex_name,
        "address": address,
        "address_name": name,
        NEW_COMPLEXES: () if complexes else (complex_name,),
    }
    return Judged(row.number, State.NEW, values=values)

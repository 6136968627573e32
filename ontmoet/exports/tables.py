"""The tables that go along as the database has them: columns, statements, a legend, rows to write."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, select

from ontmoet.db import Base, Flag, Instant, LocalDate, db
from ontmoet.kernel.gate import giving_way
from ontmoet.kernel.walltime import wall

from .sheets import Sheet
from .told_people import PEOPLE
from .told_rooms import ROOMS
from .told_series import SERIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Column, Connection, Select, Table

    from .sheets import Value
    from .told import Told

TABLES: Mapping[str, Told] = {**PEOPLE, **SERIES, **ROOMS}
"""In the order of the page and of the file with everything."""

AT_ONCE = 250
"""Rows in a lot: then others get their turn. A lot takes some hundredths of a second."""

LEGEND = "uitleg"
_HEADS = ("tabel", "kolom", "betekenis", "wat_er_staat")
_CODES = re.compile(r"(\w+) in \((.+)\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One column in words: what it says, and what can stand in it."""

    column: str
    what: str
    values: str


@contextmanager
def one_picture() -> Iterator[Connection]:
    """A transaction of its own that only reads, in which all tables are of one moment. Nobody waits for it:
    both products let others write meanwhile, and keep what was until it ends.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def sheet_of(name: str, connection: Connection) -> Sheet:
    """A table of the database. Rows are fetched when they are asked for, some at a time."""
    return Sheet(name, list(TABLES[name].columns), _lots(name, connection))


def legend_of(names: Sequence[str]) -> Sheet:
    """What stands in these tables."""
    rows = [(name, each.column, each.what, each.values) for name in names for each in meanings(name)]
    return Sheet(LEGEND, _HEADS, [rows])


@cache
def meanings(name: str) -> tuple[Meaning, ...]:
    """The columns of a table in words."""
    codes = _codes(_table(name))
    columns = _table(name).c
    return tuple(
        Meaning(column, what, codes.get(column) or _kind(columns[column]))
        for column, what in TABLES[name].columns.items()
    )


def _lots(name: str, connection: Connection) -> Iterator[Sequence[Sequence[Value]]]:
    statement, writers = _reading(name)
    result = connection.execute(statement, execution_options={"yield_per": AT_ONCE})
    for lot in result.partitions():
        yield [[write(value) for write, value in zip(writers, row, strict=True)] for row in lot]
        giving_way()


@cache
def _reading(name: str) -> tuple[Select[Any], list[Callable[[Any], Value]]]:
    """Made once the first time, because tables of other slices may be declared after this module."""
    table = _table(name)
    columns = [table.c[column] for column in TABLES[name].columns]
    return select(*columns).order_by(*table.primary_key), [_writer(column) for column in columns]


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _writer(column: Column[Any]) -> Callable[[Any], Value]:
    return {Instant: _moment, LocalDate: _day}.get(type(column.type), _as_it_is)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else wall(value).isoformat(timespec="seconds")


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _as_it_is(value: Value) -> Value:
    return value


def _codes(table: Table) -> dict[str, str]:
    """The codes that a column can hold, from the checks of the table."""
    found = [
        _CODES.fullmatch(str(check.sqltext))
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    ]
    return {one[1]: one[2].replace("'", "") for one in found if one}


def _kind(column: Column[Any]) -> str:
    for key in column.foreign_keys:
        return f"id uit {key.column.table.name}"
    if isinstance(column.type, Instant):
        return "tijdstip in Nederland, met het verschil met UTC"
    if isinstance(column.type, LocalDate):
        return "dag: jaar-maand-dag"
    if isinstance(column.type, Flag):
        return "ja of nee (in JSON: true of false)"
    return "heel getal" if column.type.python_type is int else "tekst"

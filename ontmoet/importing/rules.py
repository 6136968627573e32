"""What stands in a list from elsewhere: its columns, days, times and numbers, and what is wrong. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_ROWS = 30_000
MOST_COLUMNS = 60
LONGEST_CELL = 400

_FORMULA = re.compile(r"'*\s*[\t\r\n\0=+\-@\uff1d\uff0b\uff0d\uff20]")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?(?:\s*uur)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FIRST_DAY_OF_SHEETS = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_MINUTES_A_DAY = 1440


class Kind(StrEnum):
    """What a list is of, as commands name it."""

    HOMES = "homes"
    BOOKINGS = "bookings"


class Reason(StrEnum):
    """What is wrong with a file, or with one row of it."""

    NO_FILE = "no_file"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_READABLE = "not_readable"
    OLD_WORKBOOK = "old_workbook"
    OTHER_CALENDAR = "other_calendar"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    COLUMN_MISSES = "column_misses"
    COLUMN_TWICE = "column_twice"
    COLUMN_UNKNOWN = "column_unknown"
    HAS_FAULTS = "has_faults"
    CHANGED_MEANWHILE = "changed_meanwhile"
    MISSES = "misses"
    TOO_LONG = "too_long"
    STRAY_CELL = "stray_cell"
    NO_DAY = "no_day"
    NO_TIME = "no_time"
    NO_SUCH_TIME = "no_such_time"
    NO_NUMBER = "no_number"
    ENDS_BEFORE_START = "ends_before_start"
    TWICE = "twice"
    NO_SHORT_NAME = "no_short_name"
    SHORT_NAME_TAKEN = "short_name_taken"
    HAS_OTHER_SHORT_NAME = "has_other_short_name"
    COMPLEX_NAME_TWICE = "complex_name_twice"
    NO_SUCH_ROOM = "no_such_room"
    NO_SUCH_ZONE = "no_such_zone"
    NO_SUCH_HOME = "no_such_home"
    NO_SUCH_ORGANISATION = "no_such_organisation"
    TWO_PARTIES = "two_parties"
    TAKEN = "taken"


class State(StrEnum):
    """What would happen with a row."""

    NEW = "new"
    ALREADY = "already"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its head; `also` are heads that mean the same in lists of others."""

    head: str
    is_required: bool
    longest: int
    example: str
    also: tuple[str, ...] = ()


COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.HOMES: (
        Column("complex", True, 60, "Lindehof", ("complexnaam", "naam complex")),
        Column("adres", True, 80, "Lindestraat 14", ("straat en huisnummer",)),
        Column("korte naam", False, 40, "linde-14", ("inlognaam",)),
    ),
    Kind.BOOKINGS: (
        Column("ruimte", True, 60, "De Linde", ("zaal", "naam ruimte")),
        Column("deel", False, 60, "", ("zone",)),
        Column("dag", True, 40, "2-1-2027", ("datum",)),
        Column("begin", True, 20, "14:00", ("van", "begintijd", "starttijd")),
        Column("einde", True, 20, "16:00", ("tot", "eindtijd")),
        Column("adres", False, 80, "linde-14", ("korte naam",)),
        Column("organisatie", False, 80, "", ("partner",)),
        Column("aantal mensen", False, 10, "8", ("aantal", "personen")),
        Column("waarvoor", False, 80, "Koffie", ("doel", "omschrijving", "titel", "activiteit")),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file, and its cells by the head of their column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What would happen with a row; `values` is what would be stored of it."""

    number: int
    state: State
    objection: Objection | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def wrong(number: int, reason: Reason, head: str = "", **facts: object) -> Judged:
    """A row that cannot be stored, and why."""
    return Judged(number, State.WRONG, Objection(reason, head or None, facts))


def folded(name: str) -> str:
    """A name as it is compared: without capitals, marks and double spaces."""
    plain = unicodedata.normalize("NFKC", name).replace("’", "'").replace("‘", "'")
    return " ".join(plain.casefold().split())


def as_it_was(cell: str) -> str:
    """The text behind the `'` that an export puts before what could be a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def rows_under(kind: Kind, lines: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    """The rows under their heads, in whatever order the columns stand.

    Raises `Refused` when a column misses, stands there twice or is none of ours.
    """
    if not lines:
        raise Refused(Objection(Reason.EMPTY))
    _number, heads = lines[0]
    known = {_key(name): column.head for column in COLUMNS[kind] for name in (column.head, *column.also)}
    found = [known.get(_key(head), "") for head in heads]
    unknown = [head for head, name in zip(heads, found, strict=True) if head.strip() and not name]
    misses = [column.head for column in COLUMNS[kind] if column.is_required and column.head not in found]
    twice = sorted({name for name in found if name and found.count(name) > 1})
    objections = [
        Objection(reason, facts={"names": ", ".join(name[:40] for name in names[:5])})
        for reason, names in (
            (Reason.COLUMN_MISSES, misses),
            (Reason.COLUMN_TWICE, twice),
            (Reason.COLUMN_UNKNOWN, unknown),
        )
        if names
    ]
    if objections:
        raise Refused(*objections)
    rows = [
        Row(number, _cells(found, cells))
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise Refused(Objection(Reason.EMPTY))
    return rows


STRAY = "\0stray"
"""Where the cells of a row end up that stand under no head."""


def _cells(heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    under = {head: _tidy(cell) for head, cell in zip(heads, cells, strict=False) if head}
    stray = [cell for at, cell in enumerate(cells) if cell.strip() and (at >= len(heads) or not heads[at])]
    return {**under, STRAY: stray[0]} if stray else under


def _tidy(cell: str) -> str:
    return " ".join(as_it_was(cell).split())


def _key(head: str) -> str:
    return re.sub(r"[\W_]+", "", folded(head))


def fault_of_cells(kind: Kind, row: Row) -> Judged | None:
    """What is wrong with a row before anything is looked up: a cell misses, is too long or stands astray."""
    if STRAY in row.cells:
        return wrong(row.number, Reason.STRAY_CELL)
    for column in COLUMNS[kind]:
        cell = row.cells.get(column.head, "")
        if column.is_required and not cell:
            return wrong(row.number, Reason.MISSES, column.head)
        if len(cell) > column.longest:
            return wrong(row.number, Reason.TOO_LONG, column.head, most=column.longest)
    return None


def day_in(cell: str) -> date | None:
    """A day as 2026-02-01, 1-2-2026, 01-02-26 or the number that spreadsheets keep; None for all else.

    The day comes before the month, as in Dutch.
    """
    if iso := _ISO.fullmatch(cell):
        year, month, day = (int(part) for part in iso.groups())
    elif dutch := _DUTCH.fullmatch(cell):
        day, month, year = (int(part) for part in dutch.groups())
        year += 2000 if year < 100 else 0
    elif _NUMBER.fullmatch(cell) and 36_526 <= float(cell) < 73_051:
        return _FIRST_DAY_OF_SHEETS + timedelta(days=int(float(cell)))
    else:
        return None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def minutes_in(cell: str) -> int | None:
    """A time as 14:00, 14.00, 14 or the part of a day that spreadsheets keep, in minutes; None for all else.

    24:00 is the end of the day.
    """
    if clock := _CLOCK.fullmatch(cell):
        hours, minutes = int(clock[1]), int(clock[2])
        if minutes > 59:
            return None
        found = hours * 60 + minutes
    elif not _NUMBER.fullmatch(cell):
        return None
    elif 0 < float(cell) < 1:
        found = round(float(cell) * _MINUTES_A_DAY)
    elif float(cell) == int(float(cell)):
        found = int(float(cell)) * 60
    else:
        return None
    return found if found <= _MINUTES_A_DAY else None


def number_in(cell: str, *, most: int) -> int | None:
    """A whole number from 1; None for all else."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return int(value) if value == int(value) and 1 <= value <= most else None

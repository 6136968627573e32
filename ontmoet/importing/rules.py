"""What stands in a list from elsewhere: its rows, days, times and numbers, and what is wrong. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.cells import as_it_was
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.text import Malformed, TextReason, line

from .columns import COLUMNS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_ROWS = 30_000
MOST_COLUMNS = 60

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?(?:\s*uur)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FIRST_DAY_OF_SHEETS = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_MINUTES_A_DAY = 1440
_ANY_LENGTH = 10**9


class Reason(StrEnum):
    """What is wrong with a file, or with one row of it."""

    NO_FILE = "no_file"
    NO_FILE_AGAIN = "no_file_again"
    EMPTY = "empty"
    NO_ROWS = "no_rows"
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
    STRANGE_SIGNS = "strange_signs"
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
    NO_SUCH_WORD = "no_such_word"
    NO_PARTS = "no_parts"
    NO_HOURS = "no_hours"
    LENGTHS_CLASH = "lengths_clash"
    STAYS_SHUT = "stays_shut"
    NO_PHONE = "no_phone"
    NO_EMAIL = "no_email"
    EMAIL_TAKEN = "email_taken"
    NO_EMAIL_TO_WRITE_TO = "no_email_to_write_to"


class State(StrEnum):
    """What would happen with a row."""

    NEW = "new"
    ALREADY = "already"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file, and its cells by the head of their column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What would happen with a row; `values` is what would be stored of it. A new row can have an objection
    too: it is stored, and there is something to know about it.
    """

    number: int
    state: State
    objection: Objection | None = None
    values: Mapping[str, object] = field(default_factory=dict)


NEW_COMPLEXES = "new_complexes"
"""Where `values` name the complexes that are not there yet. None goes away again, so they are told."""


def new_complexes_of(rows: Iterable[Judged]) -> list[str]:
    """The complexes that come with a list, each once, as it first stands there."""
    names: dict[str, str] = {}
    for row in rows:
        found = row.values.get(NEW_COMPLEXES, ()) if row.state is State.NEW else ()
        for name in found if isinstance(found, tuple) else ():
            names.setdefault(folded(name), name)
    return [*names.values()]


def wrong(number: int, reason: Reason, head: str = "", **facts: object) -> Judged:
    """A row that cannot be stored, and why."""
    return Judged(number, State.WRONG, Objection(reason, head or None, facts))


def wrong_by(number: int, refusal: Refused) -> Judged:
    """A row that cannot be stored, for the first of what was refused."""
    return Judged(number, State.WRONG, refusal.objections[0])


def folded(name: str) -> str:
    """A name as it is compared: without capitals, marks and double spaces."""
    plain = unicodedata.normalize("NFKC", name).replace("’", "'").replace("‘", "'")
    return " ".join(plain.casefold().split())


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
    refuse_any(objections)
    rows = [
        Row(number, _cells(found, cells))
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise Refused(Objection(Reason.NO_ROWS))
    return rows


STRAY = "\0stray"
"""Where the cells of a row end up that stand under no head."""


def _cells(heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    under = {head: _tidy(cell) for head, cell in zip(heads, cells, strict=False) if head}
    stray = [cell for at, cell in enumerate(cells) if cell.strip() and (at >= len(heads) or not heads[at])]
    return {**under, STRAY: stray[0]} if stray else under


def _tidy(cell: str) -> str:
    return tidy(as_it_was(cell))


def tidy(text: str) -> str:
    """A text as it stands in a cell: one line, in one Unicode form, nothing in it that turns other text
    around. What has signs that no list can have stays as it is, for `fault_of_cells` to tell.
    """
    try:
        return line(text, longest=_ANY_LENGTH)
    except Malformed:
        return text


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
        if not cell:
            continue
        try:
            line(cell, longest=column.longest)
        except Malformed as fault:
            if fault.reason is TextReason.TOO_LONG:
                return wrong(row.number, Reason.TOO_LONG, column.head, most=column.longest)
            return wrong(row.number, Reason.STRANGE_SIGNS, column.head)
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


def number_in(cell: str, *, most: int, least: int = 1) -> int | None:
    """A whole number between bounds; None for all else."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return int(value) if value == int(value) and least <= value <= most else None

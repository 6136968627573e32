"""Figures that several people copy from one paper, and which of them are asked back.

A figure belongs to a booking, by its public id, or to who walked in (`WALK_IN`); None is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.timeslot import TimeSlot, gaps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

WALK_IN = "inloop"
MOST = 2000
"""No room holds more people, nor sees more come in a day."""

TURNS_A_DAY = 3
"""How often a room can fill up with people who walk in before that is strange."""

Figures = Mapping[str, int | None]


class Kind(StrEnum):
    """What a figure is of."""

    BOOKING = "booking"
    WALK_IN = "walk_in"


class Reason(StrEnum):
    """Why figures are not written down as they are."""

    NOT_YET = "not_yet"
    CHANGED_MEANWHILE = "changed_meanwhile"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Merged:
    """What somebody changes of the figures there are, and where somebody else was first."""

    changes: Figures
    clashes: Figures


def merged(current: Figures, *, seen: Figures, wanted: Figures) -> Merged:
    """What becomes of `current` when somebody who saw `seen` wants `wanted`.

    What they left as they saw it stays as it is now; what they changed and somebody else too is a clash,
    told with the figure that is there.
    """
    changes, clashes = {}, {}
    for key, figure in wanted.items():
        there = current.get(key)
        if figure in (seen.get(key), there):
            continue
        if there == seen.get(key):
            changes[key] = figure
        else:
            clashes[key] = there
    return Merged(changes, clashes)


def most_expected(key: str, capacity: int) -> int:
    """The largest figure that is not asked back, where `capacity` people fit in."""
    return capacity * TURNS_A_DAY if key == WALK_IN else capacity


def not_asked_yet(wanted: Figures, most: Mapping[str, int], *, sure: Figures) -> dict[str, int]:
    """The figures that are larger than one expects, but those that somebody said to be sure of."""
    return {
        key: figure
        for key, figure in wanted.items()
        if figure is not None and figure > most[key] and sure.get(key) != figure
    }


def may_be_counted(day: date, today: date) -> bool:
    """Nobody came yet on a day that is still to come."""
    return day <= today


def can_walk_in(open_: Iterable[TimeSlot], shut: Iterable[TimeSlot]) -> bool:
    """Whether there is a moment at which the room is open and not closed."""
    away = list(shut)
    return any(gaps(slot, away) for slot in open_)


def as_text(figures: Figures) -> str:
    """Figures for a hidden field: inloop=12 q3vx1m8tzd=."""
    return " ".join(f"{key}={'' if figure is None else figure}" for key, figure in figures.items())


def from_text(text: str) -> dict[str, int | None]:
    """The same back. Raises ValueError for what `as_text` did not make."""
    figures: dict[str, int | None] = {}
    for part in text.split():
        key, equals, figure = part.partition("=")
        if not equals or (figure and not (figure.isascii() and figure.isdecimal() and len(figure) <= 4)):
            raise ValueError("not made by us")
        figures[key] = int(figure) if figure else None
    return figures

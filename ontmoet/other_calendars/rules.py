"""What a calendar file holds for a room: each date of each event apart, and what is wrong. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, start_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes. A calendar of 5,000 events with all that programs write around them is half of this."""
MOST_EVENTS = 10_000
"""Of one file, each date of what repeats counted."""
LONGEST = timedelta(days=2)
"""As long as anything can hold a room."""
LOOK_BACK = timedelta(days=2 * 366)
"""What is longer ago says nothing of how the room is used now."""


class Reason(StrEnum):
    """Why a file cannot be read, or an event of it cannot be stored."""

    TOO_LARGE = "too_large"
    NOT_A_CALENDAR = "not_a_calendar"
    EMPTY = "empty"
    TOO_MANY = "too_many"
    TAKES_TOO_LONG = "takes_too_long"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_READABLE = "not_readable"
    NO_START = "no_start"
    NO_SUCH_TIME = "no_such_time"
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"
    UNKNOWN_ZONE = "unknown_zone"
    REPEATS_TOO_OFTEN = "repeats_too_often"
    STRANGE_REPEAT = "strange_repeat"


class Remark(StrEnum):
    """What somebody should know of an event that can be stored."""

    FLOATING = "floating"
    ALL_DAY = "all_day"
    NO_END = "no_end"
    TENTATIVE = "tentative"
    GOES_ON = "goes_on"


class Skip(StrEnum):
    """Why a date of the file is left out, though nothing is wrong with it."""

    CANCELLED = "cancelled"
    FREE = "free"
    LONG_AGO = "long_ago"
    FAR_AHEAD = "far_ahead"


class State(StrEnum):
    """What would happen with a date: stored; or nothing, for it is there already, stands at another time now,
    was called off here, or meets what the agenda or the file itself has then.
    """

    NEW = "new"
    ALREADY = "already"
    MOVED = "moved"
    OFF = "off"
    TAKEN = "taken"
    TAKEN_IN_FILE = "taken_in_file"


@dataclass(frozen=True, slots=True)
class Window:
    """The time of which events are taken: what begins before `first` or from `last` on is left out."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One date of an event. `uid` and `recurrence` together name it, also when the file is made anew:
    `recurrence` is when this date stood in the series (RECURRENCE-ID, UTC, ISO 8601), wherever it was moved
    to, and empty for what does not repeat. `number` says which in the file, from 1. `title` is empty where
    the calendar calls it private.
    """

    number: int
    uid: str
    recurrence: str
    slot: TimeSlot
    title: str
    remarks: frozenset[Remark] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """An event that cannot be read, as far as it says what it is."""

    number: int
    reason: Reason
    title: str = ""
    starts: str = ""


@dataclass(frozen=True, slots=True)
class ReadCalendar:
    """What a file holds, in order of its events, and how many dates of it were left out.

    `whole`: by the name (UID) of each event of which every date could be read, the dates that it has though
    they are not among `events`: moved to another time, or holding none. What else it had before is gone.
    `struck`: the dates that it says do not go on, also of events of which it does not have all.
    """

    events: Sequence[Event]
    faults: Sequence[Fault]
    left_out: dict[Skip, int] = field(default_factory=dict)
    whole: dict[str, list[str]] = field(default_factory=dict)
    struck: dict[str, list[str]] = field(default_factory=dict)


class Stays(StrEnum):
    """Why a date that its calendar has no more is not called off with the others: people may be in already,
    or it was changed here, and somebody meant that.
    """

    BEGUN = "begun"
    CHANGED = "changed"


def by_day(event: Event) -> list[Event]:
    """The event as bookings have it: each within one day of the room. What goes on after midnight is another
    one, and named so.
    """
    parts: list[Event] = []
    starts, ends = event.slot.starts, event.slot.ends
    while starts < ends:
        midnight = start_of(day_of(starts) + timedelta(days=1))
        until = min(ends, midnight)
        recurrence = part_of(event.recurrence, len(parts))
        parts.append(replace(event, slot=TimeSlot(starts, until), recurrence=recurrence))
        starts = until
    return parts


def part_of(recurrence: str, number: int) -> str:
    """What the part of a date is called that is so many midnights after its first one."""
    return f"{recurrence}+{number}" if number else recurrence


def all_parts(recurrence: str) -> list[str]:
    """What the parts of a date can be called, however long it takes."""
    return [part_of(recurrence, number) for number in range(LONGEST.days + 2)]

"""What a calendar file holds for a room: each date of each event apart, and what is wrong. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.kernel.timeslot import TimeSlot

LARGEST_FILE = 8_000_000
"""Bytes. A calendar of 5,000 events with all that programs write around them is half of this."""
MOST_EVENTS = 10_000
"""Of one file, each date of what repeats counted."""
LONGEST = timedelta(days=2)
"""As long as anything can hold a room."""
LOOK_BACK = timedelta(days=2 * 366)
"""What is longer ago says nothing of how the room is used now."""


class Reason(StrEnum):
    """Why a file cannot be read, or an event of it cannot be stored."""

    NO_FILE = "no_file"
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
    TAKEN = "taken"


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


@dataclass(frozen=True, slots=True)
class Window:
    """The time from which events are taken: what begins before `first`, or at or after `last`, is left out."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One date of an event. `uid` and `recurrence` together name it, each time the file is made anew:
    `recurrence` is when this date stood in the series (RECURRENCE-ID, UTC, ISO 8601), also after it was moved,
    and empty for what does not repeat. `number` says which in the file, from 1. `title` is empty where the
    calendar calls it private.
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
    """What a file holds, in order of its events, and how many dates of it were left out."""

    events: Sequence[Event]
    faults: Sequence[Fault]
    left_out: dict[Skip, int] = field(default_factory=dict)

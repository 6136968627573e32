"""A stretch of time: half-open, aware, never empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class TimeSlot:
    """`[starts, ends)` in UTC. 10:00–11:00 and 11:00–12:00 touch and do not overlap.

    Raises ValueError for naive instants and for a slot that does not last.
    """

    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts.tzinfo is not UTC or self.ends.tzinfo is not UTC:
            raise ValueError("a time slot is given in aware UTC")
        if self.ends <= self.starts:
            raise ValueError("a time slot ends after it starts")

    @property
    def length(self) -> timedelta:
        """Real elapsed time, also across a change of the clock."""
        return self.ends - self.starts

    def overlaps(self, other: TimeSlot) -> bool:
        return self.starts < other.ends and other.starts < self.ends

    def covers(self, other: TimeSlot) -> bool:
        return self.starts <= other.starts and other.ends <= self.ends

    def contains(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends

    def with_tail(self, tail: timedelta) -> TimeSlot:
        """The same slot with time to tidy up behind it."""
        return TimeSlot(self.starts, self.ends + tail)


def gaps(within: TimeSlot, taken: Iterable[TimeSlot]) -> tuple[TimeSlot, ...]:
    """What is left of `within` once everything in `taken` is away, in order of time."""
    left = []
    free_from = within.starts
    for slot in sorted(taken):
        if slot.ends <= free_from:
            continue
        if slot.starts >= within.ends:
            break
        if slot.starts > free_from:
            left.append(TimeSlot(free_from, slot.starts))
        free_from = slot.ends
    if free_from < within.ends:
        left.append(TimeSlot(free_from, within.ends))
    return tuple(left)

"""When a room can be closed for a while, or work be announced; and what a closure has to take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, instant_or_next, start_of

from .states import News, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = timedelta(days=366)
"""Of one closure, or of one announcement. What lasts longer is made longer by then."""


class SpanReason(StrEnum):
    """Why a closure or an announcement is refused."""

    ENDS_BEFORE_START = "ends_before_start"
    OVER = "over"
    BEGAN_BEFORE_TODAY = "began_before_today"
    TOO_LONG = "too_long"
    NO_SUCH_ZONE = "no_such_zone"
    FORM_REUSED = "form_reused"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ALREADY_OVER = "already_over"


class ClosureNews(StrEnum):
    """What bookers, and who asked for a time or was offered one, are told about closures and works, by
    message.
    """

    DISPLACED = "booking_displaced"
    REQUEST_OFF = "request_off"
    OFFER_OFF = "offer_off"
    WORKS = "works_announced"
    WORKS_OFF = "works_off"


NEWS_WHEN_SHUT: Mapping[Status, ClosureNews | News] = {
    Status.CONFIRMED: ClosureNews.DISPLACED,
    Status.REQUESTED: ClosureNews.REQUEST_OFF,
    Status.OFFERED: ClosureNews.OFFER_OFF,
    Status.WAITING: News.NOT_FREED,
}
"""What each is told whose time is shut."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days and times as somebody chose them, in minutes after midnight."""

    first: date
    starts: int
    last: date
    ends: int

    def slot(self) -> TimeSlot:
        """The same as instants; an end at 00:00 is the midnight after. Raises `Refused`."""
        begin = instant_or_next(self.first, self.starts)
        end = instant_or_next(self.last, self.ends or MINUTES_A_DAY)
        if end <= begin:
            raise Refused(
                Objection(SpanReason.ENDS_BEFORE_START, "ends" if self.first == self.last else "last")
            )
        return TimeSlot(begin, end)


def against(slot: TimeSlot, *, now: datetime, began: datetime | None = None) -> tuple[Objection, ...]:
    """What stands in the way of closing, or announcing work, then. `began` is when one that changes did."""
    if slot.ends <= now:
        return (Objection(SpanReason.OVER, "ends" if day_of(slot.ends) == day_of(now) else "last"),)
    if began is None and day_of(slot.starts) < day_of(now):
        return (Objection(SpanReason.BEGAN_BEFORE_TODAY, "first"),)
    if slot.length > LONGEST:
        return (Objection(SpanReason.TOO_LONG, "last"),)
    return ()


def from_now(slot: TimeSlot, now: datetime) -> TimeSlot:
    """What has passed cannot be closed any more: the slot from this minute on, where it began before."""
    minute = now.replace(second=0, microsecond=0)
    return slot if slot.starts >= minute else TimeSlot(minute, slot.ends)


def daily_pieces(slot: TimeSlot) -> tuple[TimeSlot, ...]:
    """A long slot cut at each local midnight, so that no occupancy is long."""
    pieces = []
    begin = slot.starts
    while begin < slot.ends:
        midnight = start_of(day_of(begin) + timedelta(days=1))
        pieces.append(TimeSlot(begin, min(midnight, slot.ends)))
        begin = midnight
    return tuple(pieces)


def shared(one: TimeSlot, other: TimeSlot) -> TimeSlot | None:
    """The time that is in both."""
    return TimeSlot(max(one.starts, other.starts), min(one.ends, other.ends)) if one.overlaps(other) else None

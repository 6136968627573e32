"""Where a booking stands, why it did not go on, and what its person is told."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ontmoet.kernel.timeslot import TimeSlot


class Status(StrEnum):
    """Where a booking stands. Whether it was used is a trace, never a status."""

    WAITING = "waiting"
    OFFERED = "offered"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


THEIRS = frozenset({Status.REQUESTED, Status.CONFIRMED})
HOLDS_THE_ROOM = THEIRS | {Status.OFFERED}
EXPECTED = HOLDS_THE_ROOM | {Status.WAITING}
"""Of these somebody still hopes or counts on coming."""

LAPSES = frozenset({Status.WAITING, Status.OFFERED, Status.REQUESTED})
"""These end by themselves, at a moment that is written with them."""

WHEN_SHUT: Mapping[Status, Status] = {
    Status.CONFIRMED: Status.CANCELLED,
    Status.REQUESTED: Status.DECLINED,
    Status.OFFERED: Status.LAPSED,
    Status.WAITING: Status.LAPSED,
}
"""What becomes of each when its time is shut, with `CLOSED` as the reason. What was offered, or waited for,
was nobody's yet: it lapses. To a request that is declined so nobody said no.
"""
MADE_WAY = frozenset({Status.CANCELLED, Status.DECLINED})
"""Of these somebody had the time, when `CLOSED` is the reason."""


class Visibility(StrEnum):
    """What neighbours see: "bezet", or the title because everybody is welcome."""

    CLOSED = "closed"
    OPEN = "open"


class CancelReason(StrEnum):
    """Why a booking did not go on (the handbook's causes; never illness)."""

    PLANS_CHANGED = "plans_changed"
    CLASH = "clash"
    SIZE = "size"
    FACILITY = "facility"
    ACCESS = "access"
    HOURS = "hours"
    NO_HOST = "no_host"
    TOO_FEW = "too_few"
    RULES = "rules"
    MONEY = "money"
    DEFECT = "defect"
    TRANSPORT = "transport"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"
    NOT_TAKEN = "not_taken"
    FAIR_USE = "fair_use"
    ALCOHOL = "alcohol"
    OTHER = "other"


REASONS_FOR_OTHERS = (
    CancelReason.CLASH,
    CancelReason.DEFECT,
    CancelReason.NO_HOST,
    CancelReason.TOO_FEW,
    CancelReason.SIZE,
    CancelReason.FACILITY,
    CancelReason.ACCESS,
    CancelReason.HOURS,
    CancelReason.RULES,
    CancelReason.MONEY,
    CancelReason.TRANSPORT,
    CancelReason.OTHER,
)
"""What somebody chooses from who cancels a neighbour's booking (AG-11)."""


class News(StrEnum):
    """What the person of a booking is told by message."""

    CONFIRMED = "booking_confirmed"
    REQUESTED = "booking_requested"
    CHANGED = "booking_changed"
    CANCELLED = "booking_cancelled"
    TAKEN_BACK = "request_taken_back"
    LAPSED = "booking_lapsed"
    DECLINED = "booking_declined"
    WAITS = "booking_waits"
    OFFERED = "booking_offered"
    NOT_FREED = "booking_not_freed"
    REMINDER = "booking_reminder"
    ASKED = "use_asked"


def lapses_at(asked_at: datetime, starts: datetime) -> datetime:
    """When a request without an answer lapses: after 72 hours, or 4 hours before it starts.

    A request for within those 4 hours lapses when it starts.
    """
    before_start = starts - timedelta(hours=4)
    if before_start <= asked_at:
        return starts
    return min(asked_at + timedelta(hours=72), before_start)


def standing(status: Status, lapses: datetime | None, *, now: datetime) -> Status:
    """The status as it is now: what is past its time has lapsed, whoever noticed."""
    if status in LAPSES and lapses is not None and lapses <= now:
        return Status.LAPSED
    return status


def made_way(status: str | None, reason: str | None) -> bool:
    """Whether it was a booking, or a request, that had to make way since its time was shut."""
    return status in MADE_WAY and reason == CancelReason.CLOSED


def called_off_as(was: Status, because: CancelReason) -> tuple[Status, News]:
    """As what it ends when somebody calls it off, and what its person is told. A request was no booking yet:
    it is taken back when plans changed, and for any other reason somebody says no to it.
    """
    if was is not Status.REQUESTED:
        return Status.CANCELLED, News.CANCELLED
    if because is CancelReason.PLANS_CHANGED:
        return Status.CANCELLED, News.TAKEN_BACK
    return Status.DECLINED, News.DECLINED


def may_still_change(status: Status, slot: TimeSlot, *, now: datetime) -> bool:
    """A booking can be moved until it ends; what is offered is taken as it is, or not."""
    return status in THEIRS and now < slot.ends

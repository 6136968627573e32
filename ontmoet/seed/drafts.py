"""What a booking is before it is a row, and the diary in which no two overlap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ontmoet.bookings.parties import Party
from ontmoet.bookings.states import HOLDS_THE_ROOM, CancelReason, Status, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.kernel.timeslot import TimeSlot


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a booking."""

    status: Status = Status.CONFIRMED
    reason: CancelReason | None = None
    ended_at: datetime | None = None
    lapses_at: datetime | None = None
    decided_by_id: int | None = None
    decided_at: datetime | None = None
    explanation: str | None = None


GOES_ON = Fate()


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who decides asked about a request, and the answer when there is one."""

    question: str
    asked_by_id: int
    asked_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A booking without an id. `zone` is a slug, empty for the whole room."""

    slot: TimeSlot
    zone: str
    party: Party
    person_id: int
    entered_by_id: int
    visibility: Visibility
    people: int
    purpose: str
    made_at: datetime
    fate: Fate = GOES_ON
    responsible: str | None = None
    talk: tuple[Said, ...] = ()

    @property
    def holds_the_room(self) -> bool:
        return self.fate.status in HOLDS_THE_ROOM


@dataclass(frozen=True, slots=True)
class Span:
    """A time on the wall clock of one day, in minutes after midnight, in a zone or (empty) in all."""

    day: date
    starts: int
    ends: int
    zone: str = ""


class Diary:
    """The time that is taken, per day and zone, each with the room's tail for tidying up."""

    def __init__(self, buffer_minutes: int) -> None:
        self._buffer = buffer_minutes
        self._taken: defaultdict[tuple[date, str], list[tuple[int, int]]] = defaultdict(list)

    def is_free(self, span: Span, zones: Iterable[str]) -> bool:
        until = span.ends + self._buffer
        return not any(
            span.starts < taken_until and taken_from < until
            for zone in zones
            for taken_from, taken_until in self._taken[span.day, zone]
        )

    def take(self, span: Span, zones: Iterable[str]) -> None:
        for zone in zones:
            self._taken[span.day, zone].append((span.starts, span.ends + self._buffer))

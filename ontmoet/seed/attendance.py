"""How many people came to the rooms of the demo in the last half year, as far as somebody counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.attendance.models import Attendance
from ontmoet.attendance.retention import RETENTIONS
from ontmoet.attendance.rules import Kind
from ontmoet.bookings.models import UseTrace
from ontmoet.bookings.use_rules import Trace
from ontmoet.kernel.walltime import day_of, instant_or_next
from ontmoet.rooms.rules import UseKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ontmoet.kernel.timeslot import TimeSlot

    from .drafts import Draft
    from .settle import Booker, SettledRoom
    from .writing import Rows

DAYS_BACK = 26 * 7
NEXT_MORNING = 10 * 60
"""When the sheet of a day is copied."""


@dataclass(frozen=True, slots=True)
class Habit:
    """On which part of the days somebody counts, and how many people walk in: half a year ago, and now."""

    counts: float
    then: int
    today: int


HABITS = {
    "de-linde": Habit(0.92, 14, 15),
    "t-hoekje": Habit(0.6, 4, 4),
    "het-plein": Habit(0.7, 19, 9),
    "de-brug": Habit(0.85, 22, 21),
    "de-wilgen": Habit(0.5, 6, 7),
    "de-ark": Habit(0.65, 13, 6),
}


def add_attendance(
    rows: Rows,
    room: SettledRoom,
    went_on: Iterable[tuple[int, Draft]],
    shut: Sequence[TimeSlot],
    counter: Booker,
    *,
    now: datetime,
) -> None:
    """Figures of the days before today: of groups that a host sees, and of who walked in."""
    habit, dice = HABITS[room.plan.slug], Random(f"the figures of {room.plan.slug}")
    today = day_of(now)
    days = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    counted = {day for day in days if dice.random() < habit.counts}
    (named,) = RETENTIONS

    def add(day: date, people: int, booking_id: int | None) -> None:
        at = min(instant_or_next(day + timedelta(days=1), NEXT_MORNING), now)
        rows.add(
            Attendance,
            room_id=room.room_id,
            day=day,
            kind=Kind.WALK_IN if booking_id is None else Kind.BOOKING,
            booking_id=booking_id,
            people=people,
            entered_by_id=counter.person_id if at >= now - named.term else None,
            entered_at=at,
        )
        if booking_id is not None and people:
            seen = {"booking_id": booking_id, "kind": Trace.HEADCOUNT, "at": at, "was_there": None}
            rows.add(UseTrace, **seen, recorded_by_id=counter.person_id, note="")

    for booking_id, draft in went_on:
        day = day_of(draft.slot.starts)
        if day in counted and draft.party.use_kind is not UseKind.OWN:
            add(day, max(0, draft.people + dice.choice((-3, -2, -1, -1, 0, 0, 1, 2))), booking_id)
    for number, day in enumerate(days):
        usual = habit.then + (habit.today - habit.then) * number / DAYS_BACK
        walked_in = max(0, round(dice.gauss(usual, usual / 4)))
        stretch = room.plan.open_on(day)
        if day in counted and stretch is not None:
            opens = instant_or_next(day, stretch.opens)
            if not any(slot.contains(opens) for slot in shut):
                add(day, walked_in, None)

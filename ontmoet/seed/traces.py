"""What was seen of the bookings that are behind us: who came, how they left, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.bookings.models import ClosingList, UseTrace
from ontmoet.bookings.states import Status
from ontmoet.bookings.use_queries import LOOKED_BACK
from ontmoet.bookings.use_rules import ASKED_AFTER, Chore, Trace, is_in_doubt
from ontmoet.rooms.rules import UseKind

if TYPE_CHECKING:
    from datetime import datetime

    from .drafts import Draft
    from .settle import SettledRoom
    from .writing import Rows


@dataclass(frozen=True, slots=True)
class Habit:
    """How often people of a room check in and fill in the closing list."""

    checks_in: float
    closes: float


HABITS = {
    "de-linde": Habit(0.85, 0.8),
    "t-hoekje": Habit(0.8, 0.7),
    "het-plein": Habit(0.7, 0.35),
    "de-brug": Habit(0.75, 0.6),
    "de-wilgen": Habit(0.4, 0.75),
    "de-ark": Habit(0.6, 0.5),
}
SHARE_DONE = {Chore.TIDIED: 0.96, Chore.DISHES: 0.88, Chore.LIGHTS: 0.95, Chore.WINDOWS: 0.93, Chore.KEY: 0.9}
NOTES = (
    "De kraan in de keuken drupt.",
    "Er is een lamp kapot.",
    "De koffie is bijna op.",
    "De vuilnisbak is vol.",
)


class Witness:
    """Writes down what was seen in one room, the same again for the same room."""

    def __init__(self, rows: Rows, room: SettledRoom, *, now: datetime) -> None:
        self._rows = rows
        self._plan = room.plan
        self._habit = HABITS[room.plan.slug]
        self._dice = Random(f"the traces of {room.plan.slug}")
        self._now = now

    def look_at(self, draft: Draft, booking_id: int, *, got_key_at: datetime | None) -> None:
        """Leave the traces of a booking that went on: of its key, and once it began of who was there."""
        if got_key_at is not None:
            self._write(booking_id, Trace.KEY, got_key_at, draft.entered_by_id, was_there=True)
        if draft.fate.status is not Status.CONFIRMED or draft.slot.starts > self._now:
            return
        # The dice roll the same number of times whatever the hour is, so that history stays what it was.
        came, closed, answered = (self._dice.random() for _ in range(3))
        early, late, hours = (self._dice.random() for _ in range(3))
        is_over = draft.slot.ends <= self._now
        left = []
        if came < self._habit.checks_in:
            at = draft.slot.starts + timedelta(minutes=int(early * 25) - 10)
            left.append((Trace.CHECK_IN, min(at, self._now)))
        if is_over and closed < self._habit.closes:
            at = draft.slot.ends + timedelta(minutes=int(late * 30) - 10)
            left.append((Trace.CLOSING, min(at, self._now)))
        if not left and got_key_at is None and self._is_asked(draft) and answered < 0.6:
            at = draft.slot.ends + ASKED_AFTER + timedelta(minutes=int(hours * 20 * 60))
            left.append((Trace.ANSWER, at))
        for kind, at in left:
            self._write(booking_id, kind, at, draft.entered_by_id, was_there=answered < 0.45)

    def _is_asked(self, draft: Draft) -> bool:
        """Who was asked long enough ago to have answered."""
        is_own = draft.party.use_kind is UseKind.OWN and not draft.party.is_corporation
        return is_own and is_in_doubt(self._plan.key_plan, ()) and draft.slot.ends < self._now - LOOKED_BACK

    def _write(self, booking_id: int, kind: Trace, at: datetime, by_id: int, *, was_there: bool) -> None:
        is_closing = kind is Trace.CLOSING
        trace_id = self._rows.add(
            UseTrace,
            booking_id=booking_id,
            kind=kind,
            at=at,
            recorded_by_id=by_id,
            was_there=was_there if kind is Trace.ANSWER else None,
            note=self._dice.choice(NOTES) if is_closing and self._dice.random() < 0.04 else "",
        )
        if is_closing:
            done = {chore.value: self._dice.random() < share for chore, share in SHARE_DONE.items()}
            self._rows.add(ClosingList, use_trace_id=trace_id, photo=None, **done)

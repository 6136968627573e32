"""Who wanted to come to De Linde when it was shut, often on Friday night, or when it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.models import MissedHour
from ontmoet.kernel.walltime import day_of, month_of

if TYPE_CHECKING:
    from datetime import datetime

    from .settle import SettledRoom
    from .writing import Rows

TUESDAY, FRIDAY, SUNDAY = 1, 4, 6
WISHES = ((FRIDAY, 22, 5, False), (FRIDAY, 23, 1, False), (SUNDAY, 7, 2, False), (TUESDAY, 19, 7, True))
"""Weekday, hour, how often, and whether it was taken; counted in this month."""


def add_missed(rows: Rows, room: SettledRoom, *, now: datetime) -> None:
    """Wishes for De Linde that were refused."""
    if room.plan.slug == "de-linde":
        month, _after = month_of(day_of(now))
        for weekday, hour, times, was_taken in WISHES:
            rows.add(
                MissedHour,
                room_id=room.room_id,
                month=month,
                weekday=weekday,
                hour=hour,
                was_taken=was_taken,
                times=times,
            )

"""Who wanted to come to De Linde when it was shut: often on Friday night, seldom early on Sunday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.models import MissedHour
from ontmoet.kernel.walltime import day_of, month_of

if TYPE_CHECKING:
    from datetime import datetime

    from .settle import SettledRoom
    from .writing import Rows

FRIDAY, SUNDAY = 4, 6
WISHES = ((FRIDAY, 22, 5), (FRIDAY, 23, 1), (SUNDAY, 7, 2))
"""Weekday, hour, how often; counted in this month."""


def add_missed(rows: Rows, room: SettledRoom, *, now: datetime) -> None:
    """Wishes outside the opening hours of De Linde."""
    if room.plan.slug == "de-linde":
        month, _after = month_of(day_of(now))
        for weekday, hour, times in WISHES:
            rows.add(MissedHour, room_id=room.room_id, month=month, weekday=weekday, hour=hour, times=times)

"""Looking at a weekly series over a year, against looking at one date. In process, on SQLite."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import select

from ontmoet.bookings.parties import party_of
from ontmoet.bookings.rules import BookingWish, objections_to, slot_on
from ontmoet.bookings.taken_queries import taken_between
from ontmoet.bookings.turns import fair_use_of
from ontmoet.db import execute, let_go
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person
from ontmoet.rooms.queries import room_by_slug
from ontmoet.series.planning import Asked, look
from ontmoet.series.rules import Frequency, Rhythm, days_of
from tests.bench.data import RESIDENT, SLUG
from tests.bench.growth import opened
from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 6
ROUNDS = 60


def rows(url: str, folder: Path) -> list[Row]:
    """Both ask for the same hours of the same room; taking turns, so that a slow moment hits both."""
    with opened(url, folder) as house, house.app.app_context():
        one, all_of_them = _questions()
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS + 10):
            for times, question in zip(took, (one, all_of_them), strict=True):
                # A process remembers the days of a rhythm; whoever looks first has them worked out.
                days_of.cache_clear()
                began = time.perf_counter()
                question()
                if number >= 10:
                    times.append(time.perf_counter() - began)
                let_go()
        once, whole = median(took[0]), median(took[1])
    figure = f"×{whole / once:.1f} ({once * 1000:.2f} → {whole * 1000:.2f} ms)"
    name = "weekly series over a year for one date: time to look"
    return [Row(name, figure, f"≤ ×{MOST}", whole / once <= MOST)]


def _questions() -> tuple[Callable[[], object], Callable[[], object]]:
    """One check of a conflict as the form to reserve makes it, and that of all dates of a series."""
    now = clock.now()
    today = day_of(now)
    room = room_by_slug(SLUG)
    assert room is not None
    person = actor_of(_id_of(RESIDENT), today=today)
    party = party_of(person, room)
    first = date(2026, 12, 1)
    rhythm = Rhythm(Frequency.WEEKLY, 1, first, first + timedelta(days=357), (1,))
    asked = Asked(rhythm, 14 * 60, 16 * 60, room.zones[0].slug, 4, "")
    wish = BookingWish(slot_on(first, asked.starts, asked.ends), room.zones[0], 4, "")

    def one() -> object:
        held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
        taken = taken_between(room.room_id, held.starts, held.ends, now=now)
        fair_use = fair_use_of(room, party, first, first, now=now)
        return objections_to(wish, room, taken=taken, fair_use=fair_use, now=now)

    return one, lambda: look(asked, room, party, now=now)


def _id_of(email: str) -> int:
    person = Person.__table__
    found: int = execute(select(person.c.id).where(person.c.email == email)).scalar_one()
    return found

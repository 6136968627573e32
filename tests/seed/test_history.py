"""Made-up history keeps to the house's own rules, also where a story wants more than fits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from ontmoet.bookings.parties import Party
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, minutes_of, month_of
from ontmoet.rooms.rules import UseKind
from ontmoet.seed.drafts import GOES_ON, Span
from ontmoet.seed.history import Chronicle, level, season
from ontmoet.seed.programme import LINDE
from ontmoet.seed.settle import Settled, settle
from ontmoet.seed.world import SIX_ROOMS
from ontmoet.seed.writing import Rows
from tests.fixtures import TUESDAY

BUSY = replace(LINDE, weekly=(), a_week=60, lettings=0, cancelled=0)


@pytest.fixture(scope="module")
def world() -> Settled:
    """The six rooms and their people, in no database."""
    return settle(Rows(), SIX_ROOMS, people=400, now=TUESDAY, dice=Random(1))  # noqa: S311 - made-up people


@pytest.fixture(scope="module")
def busy(world: Settled) -> Chronicle:
    """De Linde as if everybody came each week."""
    chronicle = Chronicle(world.rooms[0], BUSY, world.cast, now=TUESDAY)
    chronicle.add_works()
    chronicle.add_own_use()
    return chronicle


def test_own_use_stops_at_fair_use_however_much_is_wanted(busy: Chronicle) -> None:
    evenings = Counter(
        (draft.party.home_id, month_of(day_of(draft.slot.starts)))
        for draft in busy.drafts
        if minutes_of(draft.slot.starts) >= 18 * 60
    )
    assert max(evenings.values()) == 4


def test_zones_are_never_given_away_twice_however_much_is_wanted(busy: Chronicle) -> None:
    closed = [slot for _, slot in busy.closures]
    for zone in ("grote-zaal", "keuken"):
        held = [draft.slot for draft in busy.drafts if draft.zone in ("", zone)] + closed
        held.sort()
        assert len(held) > 1000
        assert [(one, other) for one, other in pairwise(held) if one.overlaps(other)] == []


@pytest.mark.parametrize(
    ("day", "starts", "ends", "fits"),
    [
        (date(2026, 11, 25), 8 * 60, 22 * 60, True),
        (date(2026, 11, 25), 8 * 60 - 30, 10 * 60, False),
        (date(2026, 11, 25), 20 * 60, 22 * 60 + 30, False),
        (date(2027, 3, 1), 10 * 60, 12 * 60, False),
    ],
    ids=["the whole day", "before opening", "after closing", "beyond the story"],
)
def test_booking_goes_in_only_while_the_room_is_open_and_the_story_lasts(
    world: Settled, day: date, starts: int, ends: int, fits: bool
) -> None:
    chronicle = Chronicle(world.rooms[0], LINDE, world.cast, now=TUESDAY)
    noor = world.cast["Noor"]
    assert chronicle.book(Span(day, starts, ends), noor, UseKind.OWN, fate=GOES_ON) is fits
    assert [draft.party for draft in chronicle.drafts] == [Party(UseKind.OWN, noor.home_id)] * fits


def test_room_with_time_to_tidy_up_keeps_it_free_behind_each_booking(world: Settled) -> None:
    brug = next(room for room in world.rooms if room.plan.slug == "de-brug")
    chronicle = Chronicle(brug, LINDE, world.cast, now=TUESDAY)
    day, riet = date(2026, 11, 25), world.cast["Riet"]
    assert brug.plan.buffer_minutes == 30

    def book(starts: int, ends: int) -> bool:
        span = Span(day, starts, ends, "grote-zaal")
        return chronicle.book(span, riet, UseKind.ORGANISATION, fate=GOES_ON)

    assert book(10 * 60, 12 * 60)
    assert not book(12 * 60, 13 * 60)
    assert not book(9 * 60, 10 * 60)
    assert book(12 * 60 + 30, 13 * 60)
    assert book(9 * 60, 9 * 60 + 30)
    assert min(draft.slot for draft in chronicle.drafts) == TimeSlot(
        TUESDAY + timedelta(hours=18, minutes=55), TUESDAY + timedelta(hours=19, minutes=25)
    )


def test_school_holidays_are_quieter_and_christmas_is_quietest() -> None:
    ordinary, autumn = season(date(2026, 11, 25)), season(date(2026, 10, 21))
    summer, christmas = season(date(2026, 8, 1)), season(date(2026, 12, 25))
    assert ordinary > autumn > summer > christmas > 0


@pytest.mark.parametrize(("week", "height"), [(-10, 1.0), (-5, 0.6), (0, 0.2), (4, 0.2)])
def test_course_goes_in_straight_lines(week: int, height: float) -> None:
    assert level(((-10, 1.0), (0, 0.2), (8, 0.2)), week) == pytest.approx(height)

"""Which back-ups were kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ontmoet.backups.rules import (
    ALWAYS_KEPT,
    BEFORE_RESTORE,
    DAILY,
    KEPT,
    MOST_REMOVED,
    made_at,
    name_for,
    over,
)
from tests.fixtures import TUESDAY

DAY = timedelta(days=1)


def nights(until: datetime, number: int) -> list[str]:
    return [name_for(DAILY, until - day * DAY) for day in range(number)]


def test_whatever_the_clock_did_the_newest_stay() -> None:
    names = nights(TUESDAY, 20)
    ahead = TUESDAY + 2 * KEPT
    for _ in range(10):
        gone = over(names, ahead)
        assert len(gone) <= MOST_REMOVED
        names = [name for name in names if name not in gone]
    assert names == nights(TUESDAY, ALWAYS_KEPT)


@given(st.lists(st.integers(-400, 400), max_size=60))
def test_clock_that_goes_anywhere_takes_none_of_the_newest_that_it_knows(days: list[int]) -> None:
    """Each of these days a copy is made, by a clock that says so, and old ones go."""
    names: set[str] = set()
    for day in days:
        now = TUESDAY + day * DAY
        names.add(name_for(DAILY, now))
        known = sorted(name for name in names if (made := made_at(name)) and made <= now)
        names -= set(over(names, now))
        assert names.issuperset(known[-ALWAYS_KEPT:])
        assert len(names) >= min(ALWAYS_KEPT, len(known))


def test_copies_from_before_the_machine_was_off_go_as_new_ones_come() -> None:
    names = nights(TUESDAY, 35)
    for day in range(60, 75):
        now = TUESDAY + day * DAY
        names.append(name_for(DAILY, now))
        gone = over(names, now)
        names = [name for name in names if name not in gone]
    assert sorted(names) == sorted(nights(TUESDAY + 74 * DAY, 15))


def test_copies_of_a_clock_that_was_ahead_do_not_take_the_place_of_the_newest() -> None:
    ahead, right = nights(TUESDAY + 365 * DAY, ALWAYS_KEPT), nights(TUESDAY - 2 * KEPT, ALWAYS_KEPT)
    assert over(ahead + right, TUESDAY) == []


def test_what_was_put_aside_by_a_restore_does_not_count_and_goes() -> None:
    aside = [name_for(BEFORE_RESTORE, TUESDAY - KEPT - DAY), "before-restore-20260101T000000Z.damaged"]
    assert over([*nights(TUESDAY, 3), *aside, "of-somebody.txt"], TUESDAY) == aside[::-1]

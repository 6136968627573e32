"""A stretch of time: half-open, aware, never empty; and what is left between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontmoet.kernel.timeslot import TimeSlot, gaps

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def slot(first: float, last: float) -> TimeSlot:
    """Hours after noon."""
    return TimeSlot(NOON + timedelta(hours=first), NOON + timedelta(hours=last))


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (NOON.replace(tzinfo=None), NOON),
        (NOON, (NOON + timedelta(hours=1)).replace(tzinfo=None)),
        (NOON.astimezone(timezone(timedelta(hours=1))), NOON + timedelta(hours=1)),
        (NOON, NOON),
        (NOON, NOON - timedelta(seconds=1)),
    ],
)
def test_slot_is_aware_utc_and_lasts(starts: datetime, ends: datetime) -> None:
    with pytest.raises(ValueError, match="time slot"):
        TimeSlot(starts, ends)


def test_touching_slots_do_not_overlap() -> None:
    assert not slot(0, 1).overlaps(slot(1, 2))
    assert not slot(1, 2).overlaps(slot(0, 1))
    assert slot(0, 1).overlaps(slot(0.9, 2))
    assert slot(0, 3).overlaps(slot(1, 2))
    assert slot(1, 2).overlaps(slot(0, 3))


def test_slot_holds_its_start_and_not_its_end() -> None:
    moments = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(minutes=59), NOON + timedelta(hours=1)]
    assert [slot(0, 1).contains(moment) for moment in moments] == [False, True, True, False]


def test_tail_comes_behind() -> None:
    assert slot(0, 1).with_tail(timedelta(minutes=30)) == slot(0, 1.5)
    assert slot(0, 1).length == timedelta(hours=1)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 8)]),
        ([(0, 8)], []),
        ([(-1, 9)], []),
        ([(-2, 0), (8, 9)], [(0, 8)]),
        ([(2, 3)], [(0, 2), (3, 8)]),
        ([(5, 6), (2, 3)], [(0, 2), (3, 5), (6, 8)]),
        ([(2, 3), (3, 4)], [(0, 2), (4, 8)]),
        ([(1, 6), (2, 3)], [(0, 1), (6, 8)]),
        ([(-1, 2), (7, 9)], [(2, 7)]),
    ],
)
def test_gaps_are_what_is_left(taken: list[tuple[float, float]], left: list[tuple[float, float]]) -> None:
    found = gaps(slot(0, 8), [slot(*one) for one in taken])
    assert found == tuple(slot(*one) for one in left)


@given(st.lists(st.tuples(st.integers(-10, 30), st.integers(1, 20)), max_size=8))
def test_every_moment_is_taken_or_in_exactly_one_gap(spans: list[tuple[int, int]]) -> None:
    taken = [slot(first, first + length) for first, length in spans]
    found = gaps(slot(0, 24), taken)
    for half_hour in range(48):
        moment = NOON + timedelta(minutes=30 * half_hour)
        inside = sum(gap.contains(moment) for gap in found)
        assert inside == (0 if any(one.contains(moment) for one in taken) else 1)

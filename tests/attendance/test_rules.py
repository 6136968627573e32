"""Which figures change, which clash, and which are asked back."""

from __future__ import annotations

from datetime import date

import pytest

from ontmoet.attendance.rules import (
    WALK_IN,
    Merged,
    as_text,
    can_walk_in,
    from_text,
    may_be_counted,
    merged,
    most_expected,
    not_asked_yet,
)
from ontmoet.kernel.timeslot import TimeSlot
from tests.builders import at


def slot(starts: str, ends: str) -> TimeSlot:
    return TimeSlot(at(f"2026-11-23 {starts}"), at(f"2026-11-23 {ends}"))


@pytest.mark.parametrize(
    ("current", "seen", "wanted", "changes", "clashes"),
    [
        ({}, {}, {"a": 5}, {"a": 5}, {}),
        ({"a": 5}, {"a": 5}, {"a": 6}, {"a": 6}, {}),
        ({"a": 5}, {"a": 5}, {"a": None}, {"a": None}, {}),
        ({"a": 0}, {"a": 0}, {"a": None}, {"a": None}, {}),
        ({}, {}, {"a": 0}, {"a": 0}, {}),
        # The same again, or what somebody else wrote too, changes nothing.
        ({"a": 5}, {}, {"a": 5}, {}, {}),
        # What I did not touch stays as somebody else made it.
        ({"a": 5, "b": 2}, {"a": None, "b": None}, {"a": None, "b": 3}, {}, {"b": 2}),
        ({"a": 5}, {"a": None}, {"a": None, "b": 3}, {"b": 3}, {}),
        # Somebody took away what I correct.
        ({}, {"a": 5}, {"a": 6}, {}, {"a": None}),
    ],
)
def test_two_people_never_overwrite_each_other(current, seen, wanted, changes, clashes) -> None:
    assert merged(current, seen=seen, wanted=wanted) == Merged(changes, clashes)


def test_figure_beyond_what_fits_is_asked_back_until_somebody_is_sure_of_it() -> None:
    most = {"a": most_expected("a", 40), WALK_IN: most_expected(WALK_IN, 40)}
    assert not_asked_yet({"a": 40, WALK_IN: 120}, most, sure={}) == {}
    assert not_asked_yet({"a": 41, WALK_IN: 121}, most, sure={}) == {"a": 41, WALK_IN: 121}
    assert not_asked_yet({"a": 41, WALK_IN: 121}, most, sure={"a": 41, WALK_IN: 999}) == {WALK_IN: 121}
    assert not_asked_yet({"a": None}, most, sure={}) == {}


def test_day_to_come_cannot_be_counted() -> None:
    today = date(2026, 11, 24)
    assert [may_be_counted(date(2026, 11, day), today) for day in (23, 24, 25)] == [True, True, False]


def test_nobody_walks_in_when_it_is_shut_all_day() -> None:
    day = [slot("08:00", "22:00")]
    assert can_walk_in(day, [])
    assert can_walk_in(day, [slot("08:00", "21:00")])
    assert not can_walk_in(day, [slot("07:00", "12:00"), slot("12:00", "22:00")])
    assert not can_walk_in([], [])


def test_figures_go_through_a_hidden_field_and_nothing_else_does() -> None:
    figures = {"q3vx1m8tzd": None, WALK_IN: 12}
    assert from_text(as_text(figures)) == figures
    assert from_text("") == {}
    for forged in ("a", "a=x", "a=-1", "a=12345", "a=٣"):
        with pytest.raises(ValueError, match="not made by us"):
            from_text(forged)

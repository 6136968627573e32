"""Between the wall clock of the rooms and instants, on the days the clock changes too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontmoet.kernel.walltime import (
    NonexistentTime,
    day_of,
    instant,
    minutes_of,
    month_of,
    start_of,
    wall,
    whole_day,
)

SPRING = (date(2026, 3, 29), date(2027, 3, 28))
AUTUMN = date(2026, 10, 25)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize("sunday", SPRING)
@pytest.mark.parametrize("minutes", [120, 150, 179])
def test_hour_that_the_clock_skips_does_not_exist(sunday: date, minutes: int) -> None:
    with pytest.raises(NonexistentTime):
        instant(sunday, minutes)


@pytest.mark.parametrize("sunday", SPRING)
def test_times_around_the_skipped_hour_touch(sunday: date) -> None:
    assert instant(sunday, 180) - instant(sunday, 119) == timedelta(minutes=1)
    assert start_of(sunday + timedelta(days=1)) - start_of(sunday) == timedelta(hours=23)


def test_doubled_hour_is_the_first_one() -> None:
    assert instant(AUTUMN, 150) == utc(2026, 10, 25, 0, 30)
    assert instant(AUTUMN, 180) == utc(2026, 10, 25, 2, 0)
    assert start_of(AUTUMN + timedelta(days=1)) - start_of(AUTUMN) == timedelta(hours=25)
    assert [minutes_of(utc(2026, 10, 25, hour, 30)) for hour in (0, 1)] == [150, 150]


def test_whole_day_is_from_midnight_to_midnight() -> None:
    assert [whole_day(day).length.total_seconds() / 3600 for day in (SPRING[0], AUTUMN)] == [23, 25]
    assert whole_day(date(2026, 12, 31)).ends == whole_day(date(2027, 1, 1)).starts == utc(2026, 12, 31, 23)


def test_1440_is_the_next_midnight() -> None:
    assert instant(date(2026, 12, 31), 1440) == start_of(date(2027, 1, 1)) == utc(2026, 12, 31, 23)


def test_day_is_the_local_one() -> None:
    assert day_of(utc(2026, 11, 24, 22, 59)) == date(2026, 11, 24)
    assert day_of(utc(2026, 11, 24, 23, 0)) == date(2026, 11, 25)
    assert day_of(utc(2026, 7, 1, 22, 0)) == date(2026, 7, 2)
    assert wall(utc(2026, 7, 1, 22, 0)).hour == 0


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 11, 30), (date(2026, 11, 1), date(2026, 12, 1))),
        (date(2026, 12, 1), (date(2026, 12, 1), date(2027, 1, 1))),
        (date(2028, 2, 29), (date(2028, 2, 1), date(2028, 3, 1))),
        (date(2027, 1, 31), (date(2027, 1, 1), date(2027, 2, 1))),
    ],
)
def test_month_is_from_its_first_day_to_the_next_ones(day: date, month: tuple[date, date]) -> None:
    assert month_of(day) == month


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 1439))
def test_instant_reads_back_as_it_was_said(day: date, minutes: int) -> None:
    try:
        moment = instant(day, minutes)
    except NonexistentTime:
        assert day.weekday() == 6
        assert (day.month, minutes // 60) == (3, 2)
        return
    assert (day_of(moment), minutes_of(moment), moment.tzinfo) == (day, minutes, UTC)

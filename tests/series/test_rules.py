"""On which days a series falls, and what stays when it changes."""

from datetime import date

import pytest

from ontmoet.series.carrying import carried
from ontmoet.series.rules import (
    Frequency,
    Rhythm,
    asks_to_confirm,
    days_of,
    last_of,
    nth_of,
)

DAY = date.fromisoformat


def rhythm(frequency: str, first: str, last: str, every: int = 1, **how: object) -> Rhythm:
    return Rhythm(Frequency(frequency), every, DAY(first), DAY(last), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (rhythm("daily", "2026-12-30", "2027-01-02"), "12-30 12-31 01-01 01-02"),
        (rhythm("daily", "2026-12-30", "2027-01-05", 3), "12-30 01-02 01-05"),
        # The first day is no Monday or Thursday: it begins on the first that is.
        (rhythm("weekly", "2026-12-01", "2026-12-11", weekdays=(0, 3)), "12-03 12-07 12-10"),
        # Every other week is counted in weeks from Monday, not in fortnights from the first day.
        (rhythm("weekly", "2026-12-03", "2026-12-31", 2, weekdays=(0, 3)), "12-03 12-14 12-17 12-28 12-31"),
        # A month without a 31st has its last day; and a leap year has a 29th of February.
        (rhythm("monthly", "2026-12-31", "2027-04-30", month_day=31), "12-31 01-31 02-28 03-31 04-30"),
        (rhythm("monthly", "2028-01-30", "2028-03-31", month_day=30), "01-30 02-29 03-30"),
        (rhythm("monthly", "2026-12-08", "2027-02-28", weekdays=(1,), nth=2), "12-08 01-12 02-09"),
        (rhythm("monthly", "2026-12-29", "2027-03-31", weekdays=(1,), nth=-1), "12-29 01-26 02-23 03-30"),
    ],
)
def test_series_falls_on_these_days(asked: Rhythm, days: str) -> None:
    assert " ".join(f"{day:%m-%d}" for day in days_of(asked)) == days


def test_series_goes_on_past_2038() -> None:
    assert days_of(rhythm("weekly", "2038-01-18", "2038-01-31", weekdays=(1,)))[-1] == DAY("2038-01-26")


def test_a_fifth_weekday_means_the_last_one() -> None:
    days = ("2026-12-01", "2026-12-08", "2026-12-22", "2026-12-28", "2026-12-29")
    assert [nth_of(DAY(day)) for day in days] == [1, 2, 4, 4, -1]


def test_count_ends_on_the_last_of_so_many() -> None:
    asked = rhythm("weekly", "2026-12-01", "2026-12-01", weekdays=(1,))
    assert last_of(asked, 5) == DAY("2026-12-29")


def test_every_day_a_hostile_form_can_ask_for_is_bounded() -> None:
    assert len(days_of(rhythm("daily", "2026-12-01", "2926-12-01"))) == 401


def test_dates_keep_their_place_when_the_weekday_changes() -> None:
    tuesdays, wednesdays = [DAY("2026-12-01"), DAY("2026-12-08")], [DAY("2026-12-02"), DAY("2026-12-09")]
    assert carried(tuesdays, wednesdays, Frequency.WEEKLY) == dict(zip(tuesdays, wednesdays, strict=True))
    # What stays the same day is that date, whatever else there is in its week.
    both = [*tuesdays, DAY("2026-12-10")]
    assert carried(tuesdays, both, Frequency.WEEKLY) == {day: day for day in tuesdays}
    # A week that is no week of the series any more has nothing to become.
    assert carried(tuesdays, wednesdays[:1], Frequency.WEEKLY) == {tuesdays[0]: wednesdays[0]}
    second = {DAY("2026-12-08"): DAY("2026-12-10"), DAY("2027-01-12"): DAY("2027-01-14")}
    assert carried(second, second.values(), Frequency.MONTHLY) == second


def test_a_weekly_group_is_asked_two_weeks_before_it_is_not_believed_any_more() -> None:
    believed, last = DAY("2027-02-02"), DAY("2027-06-01")
    asks = [
        asks_to_confirm(Frequency.WEEKLY, believed, last, today=DAY(day))
        for day in ("2027-01-18", "2027-01-19", "2027-02-10")
    ]
    assert asks == [False, True, True]
    assert not asks_to_confirm(Frequency.MONTHLY, believed, last, today=DAY("2027-02-10"))
    assert not asks_to_confirm(Frequency.WEEKLY, believed, believed, today=DAY("2027-02-10"))

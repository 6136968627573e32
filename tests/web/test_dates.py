"""Days and times in Dutch words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ontmoet.web import dates
from tests.builders import at
from tests.samples import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def request_of_somebody(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_days_are_written_as_people_say_them() -> None:
    assert [
        dates.short_day(TUESDAY),
        dates.long_day(TUESDAY),
        dates.weekday(TUESDAY),
        dates.month_name(TUESDAY),
        dates.month_and_year(TUESDAY),
        dates.whole_month(TUESDAY),
    ] == ["di 24 nov", "dinsdag 24 november", "di", "nov", "november 2026", "november"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "ma 23 nov"),
        (date(2026, 11, 24), "vandaag"),
        (date(2026, 11, 25), "morgen"),
        (date(2026, 11, 26), "do 26 nov"),
        (date(2027, 3, 1), "ma 1 mrt 2027"),
    ],
)
def test_near_days_have_words_and_far_ones_their_year(day: date, words: str) -> None:
    assert dates.near_day(day, TUESDAY) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "op ma 23 nov"),
        (date(2026, 11, 24), "vandaag"),
        (date(2026, 11, 25), "morgen"),
        (date(2026, 11, 26), "op do 26 nov"),
        (date(2027, 3, 1), "op ma 1 mrt 2027"),
    ],
)
def test_only_a_date_stands_behind_a_preposition(day: date, words: str) -> None:
    assert dates.on_day(day, TUESDAY) == words


def test_full_moment_says_the_day_for_who_reads_it_on_another() -> None:
    assert dates.full_moment(at("2026-11-24 18:00")) == "dinsdag 24 november 18:00\u00a0uur"


def test_month_has_its_year_when_it_is_another_one() -> None:
    assert [dates.near_month(date(year, 3, 1), TUESDAY) for year in (2026, 2027)] == ["mrt", "mrt 2027"]


def test_tomorrow_is_tomorrow_over_new_year() -> None:
    assert dates.near_day(date(2027, 1, 1), date(2026, 12, 31)) == "morgen"


def test_times_end_at_24_and_never_at_0() -> None:
    evening = span("2026-11-25 20:00", "2026-11-26 00:00")
    assert dates.times(evening) == "20:00–24:00"
    assert dates.times_in_words(evening) == "20:00–24:00\u00a0uur"
    assert dates.end_minutes(evening) == 1440
    assert (dates.local_iso(evening.starts), dates.local_end(evening)) == (
        "2026-11-25T20:00",
        "2026-11-25T24:00",
    )


def test_clock_has_no_leading_zero_and_fields_do() -> None:
    assert (dates.clock_of(545), dates.field_time(545), dates.hour(545)) == ("9:05", "09:05", "9:05\u00a0uur")


def test_instants_for_programs_are_utc_in_summer_and_winter() -> None:
    assert dates.iso(at("2026-11-25 14:00")) == "2026-11-25T13:00:00Z"
    assert dates.iso(at("2026-07-01 14:00")) == "2026-07-01T12:00:00Z"


def test_only_the_first_letter_becomes_a_capital() -> None:
    assert [dates.capitalised(text) for text in ("di 24 nov", "", "één")] == ["Di 24 nov", "", "Één"]

"""Quiet hours: over midnight, over both changes of the clock, and what does not wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ontmoet.hearing.rules import QuietHours, Reader, waits_until
from ontmoet.people.rules import Channel
from tests.builders import at

NIGHT = QuietHours()


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-24 20:59", None),
        ("2026-11-24 21:00", "2026-11-25 08:00"),
        ("2026-11-24 23:59", "2026-11-25 08:00"),
        ("2026-11-25 00:00", "2026-11-25 08:00"),
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 08:00", None),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
        # The nights on which the clock changes: nine hours and eleven.
        ("2026-03-28 23:00", "2026-03-29 08:00"),
        ("2026-10-24 23:00", "2026-10-25 08:00"),
    ],
)
def test_night_ends_at_eight_on_the_wall_clock(moment: str, until: str | None) -> None:
    assert NIGHT.ending(at(moment)) == (until and at(until))


@pytest.mark.parametrize(
    ("moment", "until"),
    [("12:59", None), ("13:00", "15:00"), ("14:59", "15:00"), ("15:00", None)],
)
def test_quiet_hours_within_a_day(moment: str, until: str | None) -> None:
    found = QuietHours(13 * 60, 15 * 60).ending(at(f"2026-11-24 {moment}"))
    assert found == (until and at(f"2026-11-24 {until}"))


def test_same_hour_twice_is_no_quiet_at_all() -> None:
    always = [at(f"2026-11-24 {hour:02d}:00") for hour in range(24)]
    assert {QuietHours(hour * 60, hour * 60).ending(now) for hour in (0, 8, 21) for now in always} == {None}


@given(
    starts=st.integers(0, 23),
    ends=st.integers(0, 23),
    after=st.integers(0, 60 * 60),
    night=st.sampled_from(["2026-03-28 12:00", "2026-10-24 12:00", "2026-11-24 12:00"]),
)
def test_quiet_hours_end_at_the_first_moment_that_is_not_quiet(
    starts: int, ends: int, after: int, night: str
) -> None:
    # With one hour a day that is not quiet, that one is not there in the night of March.
    assume((starts - ends) % 24 != 1)
    quiet = QuietHours(starts * 60, ends * 60)
    moment = at(night) + timedelta(minutes=after)
    until = quiet.ending(moment)
    if until is None:
        return
    assert moment < until <= moment + timedelta(hours=25)
    assert quiet.ending(until) is None
    assert quiet.ending(until - timedelta(minutes=1)) is not None


@pytest.mark.parametrize(
    ("useful_until", "waits"),
    [
        (None, True),
        ("2026-11-24 23:00", False),  # tonight
        ("2026-11-25 08:59", False),  # no time to read it in the morning
        ("2026-11-25 09:00", True),
        ("2026-11-27 14:00", True),
    ],
)
def test_only_what_would_be_too_late_in_the_morning_comes_at_night(
    useful_until: str | None, waits: bool
) -> None:
    now = at("2026-11-24 21:30")
    limit: datetime | None = at(useful_until) if useful_until else None
    found = waits_until(NIGHT, useful_until=limit, now=now)
    assert found == (at("2026-11-25 08:00") if waits else None)
    assert waits_until(NIGHT, useful_until=limit, now=at("2026-11-24 14:00")) is None


@pytest.mark.parametrize(
    ("reader", "channel"),
    [
        (Reader(Channel.MAIL, has_address=True), Channel.MAIL),
        (Reader(Channel.MAIL, has_address=False), Channel.CALL),
        (Reader(Channel.MAIL, has_address=True, is_refused=True), Channel.CALL),
        (Reader(Channel.CALL, has_address=True), Channel.CALL),
        (Reader(Channel.PRINT, has_address=False), Channel.PRINT),
    ],
)
def test_who_cannot_be_mailed_is_called(reader: Reader, channel: Channel) -> None:
    assert reader.hears_by is channel

"""Work of the night: once, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ontmoet.trail.rules import LATE_AFTER, NIGHTLY_LATE_AFTER, JobState, is_due, is_late, last_night
from tests.builders import at

YEAR = timedelta(days=365)


def ran(moment: datetime, *, ok: bool = True, well_at: datetime | None = None) -> JobState:
    return JobState(moment, moment if ok else well_at, ok, "")


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-24 14:05", "2026-11-24 03:00"),
        ("2026-11-24 02:59", "2026-11-23 03:00"),
        ("2026-11-24 03:00", "2026-11-24 03:00"),
        ("2027-03-28 03:00", "2027-03-28 03:00"),  # the night that skips an hour just before
        ("2027-03-28 01:59", "2027-03-27 03:00"),
        ("2026-10-25 02:30", "2026-10-24 03:00"),  # the hour that comes twice
        ("2028-02-29 04:00", "2028-02-29 03:00"),
        ("2038-01-19 04:14", "2038-01-19 03:00"),
    ],
)
def test_night_begins_at_three_on_the_wall_clock(now: str, night: str) -> None:
    assert last_night(at(now)) == at(night)


@pytest.mark.parametrize("start", ["2026-10-24 12:00", "2027-03-27 12:00", "2028-02-28 12:00"])
def test_over_any_two_days_it_is_done_twice(start: str) -> None:
    state, done = ran(at(start)), []
    for minutes in range(48 * 60):
        now = at(start) + timedelta(minutes=minutes)
        if is_due(state, now):
            state = ran(now)
            done.append(now)
        assert not is_late(state.well_at, installed_at=None, now=now, nightly=True)
    assert len(done) == 2


def test_what_went_wrong_is_tried_again_after_an_hour() -> None:
    began = at("2026-11-24 03:00")
    failed = ran(began, ok=False, well_at=began - timedelta(days=1))
    assert not is_due(failed, began + timedelta(minutes=59))
    assert is_due(failed, began + timedelta(minutes=60))
    assert is_due(failed, began - YEAR), "a clock that was set back waits for nothing"
    assert is_due(None, began)


@pytest.mark.parametrize("ok", [True, False])
def test_job_that_ended_after_another_process_looked_at_the_clock_is_not_done_again(*, ok: bool) -> None:
    looked = at("2026-11-24 04:00")
    assert not is_due(ran(looked + timedelta(seconds=5), ok=ok), looked)
    assert is_due(ran(looked + timedelta(hours=1), ok=ok), looked)


@pytest.mark.parametrize("by", [timedelta(days=1), YEAR, timedelta(days=40 * 365)])
def test_clock_that_jumped_ahead_and_back_stops_nothing(by: timedelta) -> None:
    now = datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert is_due(ran(now), now + by)
    assert is_due(ran(now + by), now)
    assert is_late(now + by, installed_at=None, now=now), "until it ran again"
    assert is_late(now, installed_at=None, now=now + by)
    assert not is_late(now - NIGHTLY_LATE_AFTER, installed_at=None, now=now, nightly=True)


@pytest.mark.parametrize(("nightly", "patience"), [(False, LATE_AFTER), (True, NIGHTLY_LATE_AFTER)])
def test_work_is_late_the_second_after_its_time(*, nightly: bool, patience: timedelta) -> None:
    ended = at("2026-11-24 04:00")
    for well_at, installed_at in ((ended, None), (None, ended)):
        known = {"installed_at": installed_at, "nightly": nightly}
        assert not is_late(well_at, now=ended + patience, **known)
        assert is_late(well_at, now=ended + patience + timedelta(seconds=1), **known)

"""One clock, which a demo may set and a test may stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ontmoet.kernel import clock

NOON = datetime(2026, 11, 24, 12, 0, 0, 999_999, tzinfo=UTC)


def test_now_is_aware_utc_in_whole_seconds() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    now = clock.now()
    assert (now.tzinfo, now.microsecond) == (UTC, 0)
    assert before <= now <= datetime.now(UTC)


def test_frozen_clock_stands_still_moves_when_told_and_goes_on_after() -> None:
    with clock.frozen(NOON) as move:
        assert clock.now() == clock.now() == NOON.replace(microsecond=0)
        move(timedelta(hours=1))
        assert clock.now() == NOON.replace(microsecond=0) + timedelta(hours=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_frozen_clock_is_let_go_when_a_test_fails() -> None:
    with pytest.raises(KeyError), clock.frozen(NOON):
        raise KeyError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_clock_that_is_set_runs_on() -> None:
    with clock.frozen(NOON):  # puts the clock back at the end
        clock.start_at(NOON)
        assert timedelta(seconds=-1) <= clock.now() - NOON < timedelta(seconds=5)

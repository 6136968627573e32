"""When the code of a box is shown, which code it may be, and when it is time for another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.keys.rules import (
    CODE_GETS_OLD,
    MANY_KNOW_IT,
    Reason,
    box_opens_at,
    may_know_whom_to_call,
    may_open_box,
    objections_to_code,
    objections_to_showing_code,
    should_change_code,
)
from tests.builders import at
from tests.samples import span

SECOND = timedelta(seconds=1)
NOW = at("2026-11-24 14:05")


def utc(hour: int, minute: int, *, day: int, month: int, year: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("slot", "opens"),
    [
        (span("2026-11-24 15:00", "2026-11-24 17:00"), at("2026-11-24 14:30")),
        # At 3:10 on a clock that went back at three o'clock it was 2:40 twice: the second time is meant.
        (
            TimeSlot(utc(2, 10, day=25, month=10, year=2026), utc(4, 0, day=25, month=10, year=2026)),
            utc(1, 40, day=25, month=10, year=2026),
        ),
        # At 3:10 on a clock that went forward from two to three: half an hour before it was 1:40.
        (
            TimeSlot(utc(1, 10, day=28, month=3, year=2027), utc(3, 0, day=28, month=3, year=2027)),
            utc(0, 40, day=28, month=3, year=2027),
        ),
    ],
)
def test_box_opens_half_an_hour_before_and_shuts_at_the_end(slot: TimeSlot, opens: datetime) -> None:
    assert box_opens_at(slot) == opens
    moments = (opens - SECOND, opens, slot.starts, slot.ends - SECOND, slot.ends)
    assert [may_open_box(slot, moment) for moment in moments] == [False, True, True, True, False]


def test_who_booked_may_know_whom_to_call_from_a_day_before_until_a_day_after() -> None:
    slot = span("2026-11-24 15:00", "2026-11-24 17:00")
    day_before, day_after = at("2026-11-23 15:00"), at("2026-11-25 17:00")
    moments = (day_before - SECOND, day_before, day_after - SECOND, day_after)
    known = [may_know_whom_to_call(slot, is_confirmed=True, now=moment) for moment in moments]
    assert known == [False, True, True, False]
    assert not may_know_whom_to_call(slot, is_confirmed=False, now=day_before)


def test_code_is_shown_to_who_has_a_confirmed_booking_now_and_goes_along_with_the_rules() -> None:
    slot = span("2026-11-24 14:30", "2026-11-24 17:00")

    def refused(now: datetime, *, is_confirmed: bool = True, has_agreed: bool = True) -> list[object]:
        found = objections_to_showing_code(slot, is_confirmed=is_confirmed, has_agreed=has_agreed, now=now)
        return [each.reason for each in found]

    assert refused(NOW) == []
    assert refused(NOW, is_confirmed=False) == [Reason.NOT_CONFIRMED]
    assert refused(NOW, has_agreed=False) == [Reason.AGREE_FIRST]
    assert refused(at("2026-11-24 14:00") - SECOND) == [Reason.TOO_EARLY]
    assert refused(slot.ends) == [Reason.OVER]


@pytest.mark.parametrize("code", ["481", "4815", "48151623", "0007", "1243", "9871"])
def test_code_has_three_to_eight_digits(code: str) -> None:
    assert objections_to_code(code) == ()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", Reason.NOT_DIGITS),
        ("48", Reason.NOT_DIGITS),
        ("481516234", Reason.NOT_DIGITS),
        ("48a5", Reason.NOT_DIGITS),
        ("48-15", Reason.NOT_DIGITS),
        ("٤٨١٥", Reason.NOT_DIGITS),
        ("4²15", Reason.NOT_DIGITS),
        ("0000", Reason.EASY_CODE),
        ("1234", Reason.EASY_CODE),
        ("987", Reason.EASY_CODE),
    ],
)
def test_code_that_is_none_or_that_everybody_tries_first_is_refused(code: str, reason: Reason) -> None:
    assert [(each.reason, each.field) for each in objections_to_code(code)] == [(reason, "code")]


def test_code_is_changed_when_it_is_old_or_when_many_know_it() -> None:
    since = NOW - CODE_GETS_OLD
    assert not should_change_code(since, MANY_KNOW_IT, NOW)
    assert should_change_code(since - SECOND, 0, NOW)
    assert should_change_code(NOW, MANY_KNOW_IT + 1, NOW)

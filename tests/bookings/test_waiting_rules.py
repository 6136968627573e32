"""Who may wait for a time that is taken, and for how long one that came free is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.waiting_rules import (
    FREE_FOR_ALL,
    SHORTEST_OFFER,
    may_still_cancel,
    may_wait,
    offer_ends,
    reason_lapsed,
    waits_until,
)
from ontmoet.hearing.rules import QuietHours
from ontmoet.kernel.objections import Objection
from tests.builders import at
from tests.samples import span

STARTS = at("2026-11-28 14:00")
TAKEN = Objection(Reason.ROOM_TAKEN, "starts", {"clash": span("2026-11-28 14:00", "2026-11-28 16:00")})
SHUT = Objection(Reason.ROOM_TAKEN, "starts", {"shut": True})


def test_only_who_is_second_may_wait() -> None:
    now = at("2026-11-24 14:00")
    assert may_wait([TAKEN], STARTS, now=now)
    assert not may_wait([], STARTS, now=now)
    assert not may_wait([SHUT], STARTS, now=now)
    assert not may_wait([TAKEN, Objection(Reason.FAIR_USE_SPENT)], STARTS, now=now)
    assert not may_wait([Objection(Reason.HOUSE_RULES_NOT_AGREED), TAKEN], STARTS, now=now)


def test_nobody_begins_to_wait_when_nothing_can_be_offered_any_more() -> None:
    last = waits_until(STARTS)
    assert last == STARTS - FREE_FOR_ALL - SHORTEST_OFFER
    assert may_wait([TAKEN], STARTS, now=last - timedelta(minutes=1))
    assert not may_wait([TAKEN], STARTS, now=last)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        # A day at most, and the night is not counted: 7 hours today, 13 tomorrow, 4 the day after.
        ("2026-11-24 14:00", "2026-11-26 12:00"),
        # Half of 28 hours: 11 of them today.
        ("2026-11-27 10:00", "2026-11-28 11:00"),
        # Half of 5 hours would leave half an hour for the next, who needs a little more.
        ("2026-11-28 09:00", "2026-11-28 11:00"),
        # Half of 2 days, nights not counted, would leave nothing.
        ("2026-11-26 14:05", "2026-11-28 11:00"),
        # There is no time for a next one.
        ("2026-11-28 10:40", "2026-11-28 12:00"),
        # Half would be 1 hour and 15 minutes, of which only half an hour is left.
        ("2026-11-28 11:30", "2026-11-28 12:00"),
        # Not even that: it is for whoever is first.
        ("2026-11-28 11:31", None),
        ("2026-11-28 13:00", None),
        ("2026-11-28 15:00", None),
    ],
)
def test_offer_lasts_half_of_what_is_left_within_bounds(now: str, ends: str | None) -> None:
    assert offer_ends(STARTS, QuietHours(), now=at(now)) == (at(ends) if ends else None)


def test_what_comes_free_at_night_for_early_next_morning_is_offered_to_nobody() -> None:
    assert offer_ends(at("2026-11-25 09:00"), QuietHours(), now=at("2026-11-24 22:30")) is None
    awake = QuietHours(0, 0)
    assert offer_ends(at("2026-11-25 09:00"), awake, now=at("2026-11-24 22:30")) == at("2026-11-25 03:45")


@pytest.mark.parametrize(
    ("now", "ends"),
    [("2026-03-28 20:00", "2026-03-30 18:00"), ("2026-10-24 20:00", "2026-10-26 18:00")],
)
def test_offer_goes_over_the_change_of_the_clock(now: str, ends: str) -> None:
    # An hour before the night, 13 on Sunday and 10 on Monday.
    assert offer_ends(at(now) + timedelta(days=4), QuietHours(), now=at(now)) == at(ends)


def test_waiting_can_be_given_up_and_what_is_over_cannot() -> None:
    slot, before = span("2026-11-28 14:00", "2026-11-28 16:00"), at("2026-11-28 12:00")
    can = {status for status in Status if may_still_cancel(status, slot, now=before)}
    assert can == {Status.WAITING, Status.OFFERED, Status.REQUESTED, Status.CONFIRMED}
    assert not any(may_still_cancel(status, slot, now=at("2026-11-28 16:00")) for status in Status)


def test_why_something_lapsed_depends_on_what_it_was() -> None:
    assert reason_lapsed(Status.WAITING) is CancelReason.CLASH
    assert reason_lapsed(Status.OFFERED) is CancelReason.NOT_TAKEN
    assert reason_lapsed(Status.REQUESTED) is CancelReason.NO_ANSWER

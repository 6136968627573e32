"""When somebody may say that a booking is used, how it was left, and when we ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import Status
from ontmoet.bookings.use_rules import (
    Closings,
    Trace,
    against_answer,
    against_check_in,
    against_closing,
    is_in_doubt,
)
from ontmoet.rooms.rules import KeyPlan
from tests.builders import at
from tests.samples import span

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

SLOT = span("2026-11-25 14:00", "2026-11-25 16:00")


def reason(objection: Objection | None) -> Reason | None:
    return Reason(objection.reason) if objection else None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25 13:29", Reason.NOT_YET),
        ("2026-11-25 13:30", None),
        ("2026-11-25 14:00", None),
        ("2026-11-25 15:59", None),
        ("2026-11-25 16:00", Reason.ALREADY_OVER),
    ],
)
def test_check_in_goes_from_half_an_hour_before_until_the_end(now: str, expected: Reason | None) -> None:
    assert reason(against_check_in(Status.CONFIRMED, SLOT, now=at(now))) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25 13:59", Reason.NOT_YET),
        ("2026-11-25 14:00", None),
        ("2026-11-26 15:59", None),
        ("2026-11-26 16:00", Reason.ALREADY_OVER),
    ],
)
def test_closing_goes_from_the_beginning_until_a_day_after_the_end(now: str, expected: Reason | None) -> None:
    assert reason(against_closing(Status.CONFIRMED, SLOT, now=at(now))) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25 15:59", Reason.NOT_YET),
        ("2026-11-25 16:00", None),
        ("2026-12-02 15:59", None),
        ("2026-12-02 16:00", Reason.ALREADY_OVER),
    ],
)
def test_answer_goes_for_a_week_after_the_end(now: str, expected: Reason | None) -> None:
    assert reason(against_answer(Status.CONFIRMED, SLOT, now=at(now))) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.REQUESTED, Reason.NOT_CONFIRMED),
        (Status.DECLINED, Reason.ALREADY_OVER),
        (Status.CANCELLED, Reason.ALREADY_OVER),
        (Status.LAPSED, Reason.ALREADY_OVER),
    ],
)
def test_only_what_is_confirmed_can_be_used(status: Status, expected: Reason) -> None:
    now = SLOT.starts
    assert reason(against_check_in(status, SLOT, now=now)) == expected
    assert reason(against_closing(status, SLOT, now=now)) == expected
    assert reason(against_answer(status, SLOT, now=SLOT.ends)) == expected


def test_refusal_for_being_early_says_from_when_on() -> None:
    found = against_check_in(Status.CONFIRMED, SLOT, now=at("2026-11-25 09:00"))
    assert found is not None
    assert found.facts == {"since": at("2026-11-25 13:30")}


@pytest.mark.parametrize(
    ("plan", "doubt"),
    [
        (KeyPlan.HANDED_OUT, True),
        (KeyPlan.CODE_BOX, True),
        (KeyPlan.OWN_KEY, False),
        (KeyPlan.NEIGHBOUR_OPENS, False),
    ],
)
def test_only_where_getting_in_leaves_a_trace_we_ask(plan: KeyPlan, doubt: bool) -> None:
    assert is_in_doubt(plan, ()) is doubt


@pytest.mark.parametrize("trace", Trace)
def test_any_trace_but_an_answer_ends_the_doubt(trace: Trace) -> None:
    assert is_in_doubt(KeyPlan.HANDED_OUT, {trace}) is (trace is Trace.ANSWER)
    assert not is_in_doubt(KeyPlan.HANDED_OUT, {trace, Trace.KEY})


def test_what_fewer_than_five_did_is_no_figure() -> None:
    assert [Closings(used, 0).tells_staff for used in (0, 4, 5)] == [False, False, True]
    assert [Closings(40, missing).is_few for missing in (0, 4, 5)] == [True, True, False]

"""When a key may change hands, and when it is due back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ontmoet.keys.rules import (
    CABINET,
    LOST,
    Condition,
    Due,
    Holder,
    HolderKind,
    Reason,
    choices_for_booking,
    due_after,
    due_choices,
    is_overdue,
    objections_to_due,
    objections_to_handing_out,
    objections_to_taking_back,
    person,
)
from tests.builders import at
from tests.samples import span

NOW = at("2026-11-24 14:05")
NOOR, ALI = person(1), person(2)


@pytest.mark.parametrize(
    ("starts", "ends", "due"),
    [
        ("2026-11-24 15:00", "2026-11-24 17:00", "2026-11-24 18:00"),
        ("2026-11-24 18:00", "2026-11-24 20:00", "2026-11-24 21:00"),
        ("2026-11-24 18:00", "2026-11-24 20:15", "2026-11-25 10:00"),
        ("2026-11-24 20:00", "2026-11-25 00:00", "2026-11-25 10:00"),
        # The night in which clocks go back, and the one in which they go forward.
        ("2026-10-24 20:00", "2026-10-24 23:00", "2026-10-25 10:00"),
        ("2027-03-27 20:00", "2027-03-27 23:00", "2027-03-28 10:00"),
    ],
)
def test_key_of_a_booking_is_due_an_hour_later_or_the_next_morning(starts: str, ends: str, due: str) -> None:
    assert due_after(span(starts, ends)) == at(due)


def test_key_without_a_booking_is_due_at_one_of_a_few_times_or_never() -> None:
    assert due_choices(NOW) == {
        Due.TONIGHT: at("2026-11-24 21:00"),
        Due.TOMORROW: at("2026-11-25 10:00"),
        Due.WEEK: at("2026-12-01 21:00"),
        Due.NEVER: None,
    }
    assert Due.TONIGHT not in due_choices(at("2026-11-24 20:30"))


def test_key_of_a_booking_may_come_back_the_morning_after_and_that_is_proposed_late_in_the_evening() -> None:
    assert choices_for_booking(span("2026-11-24 15:00", "2026-11-24 17:00")) == {
        Due.AFTER: at("2026-11-24 18:00"),
        Due.MORNING: at("2026-11-25 10:00"),
    }
    late = choices_for_booking(span("2026-11-24 19:00", "2026-11-24 22:00"))
    assert late == {Due.MORNING: at("2026-11-25 10:00")}


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        (NOW, Reason.DUE_IN_THE_PAST),
        (at("2026-11-24 15:00"), Reason.DUE_BEFORE_START),
        (at("2026-11-24 15:01"), None),
        (NOW + timedelta(days=31), None),
        (NOW + timedelta(days=31, seconds=1), Reason.DUE_TOO_LATE),
        (None, None),
    ],
)
def test_key_is_due_after_its_booking_began_and_within_a_month(
    due: datetime | None, reason: Reason | None
) -> None:
    found = objections_to_due(due, starts=at("2026-11-24 15:00"), now=NOW)
    assert [(each.reason, each.field) for each in found] == ([(reason, "due")] if reason else [])


def reasons(*args: object, **kwargs: object) -> list[object]:
    return [each.reason for each in objections_to_handing_out(*args, **kwargs)]  # type: ignore[arg-type]


def test_key_goes_to_who_agreed_with_the_rules_has_it_not_yet_and_brings_it_back_in_time() -> None:
    later = NOW + timedelta(hours=2)
    assert reasons(NOOR, CABINET, later, has_agreed=True, now=NOW) == []
    assert reasons(NOOR, ALI, later, has_agreed=True, now=NOW) == []
    assert reasons(NOOR, CABINET, None, has_agreed=True, now=NOW) == []
    assert reasons(NOOR, CABINET, later, has_agreed=False, now=NOW) == [Reason.NEEDS_RULES]
    assert reasons(NOOR, NOOR, later, has_agreed=True, now=NOW) == [Reason.HAS_IT]
    assert reasons(NOOR, LOST, later, has_agreed=True, now=NOW) == [Reason.LOST]
    assert reasons(NOOR, CABINET, NOW, has_agreed=True, now=NOW) == [Reason.DUE_IN_THE_PAST]
    assert reasons(NOOR, CABINET, NOW + timedelta(days=32), has_agreed=True, now=NOW) == [Reason.DUE_TOO_LATE]


def test_taking_back_asks_for_no_rules_and_finds_nothing_that_was_lost() -> None:
    def refused(now_with: Holder, condition: Condition = Condition.GOOD, note: str = "") -> list[object]:
        return [each.reason for each in objections_to_taking_back(now_with, condition, note)]

    assert refused(NOOR) == []
    assert refused(Holder(HolderKind.OTHER, name="Loodgieter"), Condition.UNSEEN) == []
    assert refused(NOOR, Condition.NOTE, "De afwas staat er nog.") == []
    assert refused(NOOR, Condition.NOTE) == [Reason.NEEDS_NOTE]
    assert refused(CABINET) == [Reason.NOT_OUT]
    assert refused(LOST) == [Reason.LOST]


def test_key_is_late_after_its_time_and_never_without_one() -> None:
    assert [is_overdue(due, NOW) for due in (None, NOW, NOW - timedelta(seconds=1))] == [False, False, True]

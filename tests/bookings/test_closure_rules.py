"""When a room can be closed, or work be announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ontmoet.bookings.closure_rules import LONGEST, Span, SpanReason, against, from_now, shared
from ontmoet.bookings.closure_wording import say_span, when_line
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from tests.builders import at
from tests.samples import NOW, span

WED, THU = date(2026, 11, 25), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Span(WED, 0, WED, 1440), ("2026-11-25 00:00", "2026-11-26 00:00")),
        (Span(WED, 0, WED, 0), ("2026-11-25 00:00", "2026-11-26 00:00")),
        (Span(WED, 600, THU, 720), ("2026-11-25 10:00", "2026-11-26 12:00")),
        # The night in which the clock skips from two to three.
        (Span(date(2026, 3, 29), 150, date(2026, 3, 29), 300), ("2026-03-29 03:30", "2026-03-29 05:00")),
    ],
)
def test_days_and_times_make_a_slot(chosen: Span, expected: tuple[str, str]) -> None:
    assert chosen.slot() == span(*expected)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (Span(WED, 600, WED, 600), "ends"),
        (Span(WED, 600, WED, 540), "ends"),
        (Span(THU, 0, WED, 1440), "last"),
    ],
)
def test_end_before_the_beginning_is_said_at_its_field(chosen: Span, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        chosen.slot()
    assert [(o.reason, o.field) for o in refusal.value.objections] == [(SpanReason.ENDS_BEFORE_START, field)]


@pytest.mark.parametrize(
    ("slot", "began", "expected"),
    [
        (span("2026-11-24 08:00", "2026-11-24 14:05"), None, [(SpanReason.OVER, "ends")]),
        (span("2026-11-20 08:00", "2026-11-21 14:00"), None, [(SpanReason.OVER, "last")]),
        (span("2026-11-24 08:00", "2026-11-24 14:06"), None, []),
        (span("2026-11-23 23:59", "2026-11-26 10:00"), None, [(SpanReason.BEGAN_BEFORE_TODAY, "first")]),
        (span("2026-11-23 23:59", "2026-11-26 10:00"), "2026-11-23 23:59", []),
        (TimeSlot(at("2026-11-25 00:00"), at("2026-11-25 00:00") + LONGEST), None, []),
        (
            TimeSlot(at("2026-11-25 00:00"), at("2026-11-25 00:00") + LONGEST + timedelta(minutes=1)),
            None,
            [(SpanReason.TOO_LONG, "last")],
        ),
    ],
)
def test_past_and_a_century_are_refused(
    slot: TimeSlot, began: str | None, expected: list[tuple[SpanReason, str]]
) -> None:
    found = against(slot, now=NOW, began=at(began) if began else None)
    assert [(o.reason, o.field) for o in found] == expected


def test_what_has_passed_is_not_closed_any_more() -> None:
    slot = span("2026-11-24 08:00", "2026-11-24 18:00")
    assert from_now(slot, NOW + timedelta(seconds=30)) == span("2026-11-24 14:05", "2026-11-24 18:00")
    later = span("2026-11-24 14:05", "2026-11-24 18:00")
    assert from_now(later, NOW + timedelta(seconds=30)) == later


def test_shared_time_is_what_is_in_both() -> None:
    one = span("2026-11-25 10:00", "2026-11-25 12:00")
    both = span("2026-11-25 11:00", "2026-11-25 12:00")
    assert shared(one, span("2026-11-25 11:00", "2026-11-25 14:00")) == both
    assert shared(one, span("2026-11-25 12:00", "2026-11-25 14:00")) is None


def test_each_reason_has_a_sentence_of_its_own() -> None:
    said = [say_span(Objection(reason)) for reason in SpanReason]
    assert len(set(said)) == len(SpanReason)
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (("2026-11-25 10:00", "2026-11-25 12:00"), "Morgen 10:00–12:00 uur"),
        (("2026-11-25 00:00", "2026-11-26 00:00"), "Morgen, de hele dag"),
        (("2026-11-30 00:00", "2026-12-05 00:00"), "Ma 30 nov tot en met vr 4 dec"),
        (("2026-11-30 08:00", "2026-12-04 18:00"), "Ma 30 nov 8:00 uur tot vr 4 dec 18:00 uur"),
    ],
)
def test_time_is_said_as_people_say_it(app: object, slot: tuple[str, str], words: str) -> None:
    with app.test_request_context():  # type: ignore[attr-defined]
        assert when_line(span(*slot), NOW).replace("\u00a0", " ") == words

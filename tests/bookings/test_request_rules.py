"""Who may decide about a request, and until when it waits."""

from __future__ import annotations

import pytest

from ontmoet.bookings.request_rules import (
    REASONS_TO_DECLINE,
    RequestReason,
    against_deciding,
    against_explanation,
    against_responsible,
    lapses_after_move,
    lapses_after_talk,
)
from ontmoet.bookings.request_wording import say_request
from ontmoet.bookings.states import CancelReason, Status, lapses_at
from ontmoet.kernel.objections import Objection
from tests.builders import at


@pytest.mark.parametrize(
    ("status", "is_own", "another_may", "reason"),
    [
        (Status.REQUESTED, False, True, None),
        (Status.REQUESTED, False, False, None),
        (Status.REQUESTED, True, True, RequestReason.OWN_REQUEST),
        (Status.REQUESTED, True, False, None),
        (Status.CONFIRMED, False, True, RequestReason.ALREADY_DECIDED),
        (Status.DECLINED, True, True, RequestReason.ALREADY_DECIDED),
        (Status.LAPSED, False, True, RequestReason.ALREADY_DECIDED),
        (Status.CANCELLED, False, True, RequestReason.ALREADY_DECIDED),
    ],
)
def test_only_what_waits_is_decided_and_not_ones_own_while_another_can(
    status: Status, is_own: bool, another_may: bool, reason: RequestReason | None
) -> None:
    found = against_deciding(status, is_own=is_own, another_may=another_may)
    assert (found.reason if found else None) == reason


def test_ag_05_somebody_answers_for_an_organisation() -> None:
    nobody = against_responsible(is_organisation=True, responsible=None)
    assert nobody == Objection(RequestReason.NO_RESPONSIBLE)
    assert against_responsible(is_organisation=True, responsible="Els") is None
    assert against_responsible(is_organisation=False, responsible=None) is None


def test_another_reason_is_only_a_reason_when_it_is_told() -> None:
    assert against_explanation(CancelReason.OTHER, "") == Objection(RequestReason.SAY_WHY, "explanation")
    assert against_explanation(CancelReason.OTHER, "De vloer is nat.") is None
    assert [r for r in REASONS_TO_DECLINE if against_explanation(r, "")] == [CancelReason.OTHER]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 15:00", "2026-11-27 14:00"),  # what is left is longer than a day
        ("2026-11-27 10:00", "2026-11-28 10:00"),  # a day from now
        ("2026-11-27 13:59", "2026-11-28 10:00"),  # never past 4 hours before the start
    ],
)
def test_talking_leaves_a_day_but_never_past_4_hours_before_the_start(now: str, expected: str) -> None:
    starts, lapses = at("2026-11-28 14:00"), at("2026-11-27 14:00")
    assert lapses_after_talk(lapses, starts, now=at(now)) == at(expected)


def test_request_for_within_4_hours_is_not_cut_short_by_talking() -> None:
    starts = at("2026-11-24 16:00")
    lapses = lapses_at(at("2026-11-24 14:00"), starts)
    assert lapses == starts
    assert lapses_after_talk(lapses, starts, now=at("2026-11-24 14:30")) == starts


def test_time_won_by_a_question_stays_when_the_request_moves() -> None:
    kept, renewed = at("2026-11-27 14:00"), at("2026-11-28 14:00")
    assert lapses_after_move(kept, renewed, at("2026-11-30 14:00")) == renewed
    assert lapses_after_move(kept, renewed, at("2026-11-28 12:00")) == at("2026-11-28 08:00")
    assert lapses_after_move(kept, kept, at("2026-11-30 14:00")) == kept


@pytest.mark.parametrize("reason", list(RequestReason))
def test_each_refusal_has_a_sentence(reason: RequestReason) -> None:
    assert say_request(Objection(reason)).endswith(".")

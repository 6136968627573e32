"""Who can have the key duty, who answers for a hand-over, and what a count says."""

from __future__ import annotations

import pytest

from ontmoet.keys.duty_rules import Count, Step, answerer, objections_to_duty, step_of
from ontmoet.keys.rules import Reason

BRAM, HENNIE, SANNE, NOOR = 1, 2, 3, 4
KEEPERS = {BRAM, HENNIE, SANNE}


@pytest.mark.parametrize(
    ("from_id", "to_id", "step", "reason"),
    [
        (None, BRAM, Step.START, None),
        (BRAM, HENNIE, Step.HAND_OVER, None),
        (BRAM, None, Step.STOP, None),
        (BRAM, BRAM, Step.HAND_OVER, Reason.DUTY_IS_SO),
        (None, None, Step.STOP, Reason.DUTY_IS_SO),
        (BRAM, NOOR, Step.HAND_OVER, Reason.NO_KEEPER),
        # Whoever had it need not hand out keys any more.
        (NOOR, BRAM, Step.HAND_OVER, None),
    ],
)
def test_duty_goes_to_another_keeper_or_stops(
    from_id: int | None, to_id: int | None, step: Step, reason: Reason | None
) -> None:
    found = objections_to_duty(from_id, to_id, KEEPERS)
    assert [(each.reason, each.field) for each in found] == ([(reason, "who")] if reason else [])
    assert step_of(from_id, to_id) is step


@pytest.mark.parametrize(
    ("from_id", "to_id", "by", "other"),
    [
        (BRAM, HENNIE, BRAM, HENNIE),
        (BRAM, HENNIE, HENNIE, BRAM),
        (BRAM, HENNIE, SANNE, HENNIE),
        (None, BRAM, BRAM, None),
        (None, BRAM, SANNE, BRAM),
        (BRAM, None, BRAM, None),
        (BRAM, None, SANNE, BRAM),
        (BRAM, HENNIE, None, HENNIE),
    ],
)
def test_the_other_of_a_hand_over_answers_for_it(
    from_id: int | None, to_id: int | None, by: int | None, other: int | None
) -> None:
    assert answerer(from_id, to_id, by) == other


def test_count_says_what_is_missing_and_what_is_too_much() -> None:
    counts = [Count(1, "Voordeur", 3, counted) for counted in (3, 2, 5)]
    assert [(count.missing, count.extra) for count in counts] == [(0, 0), (1, 0), (0, 2)]

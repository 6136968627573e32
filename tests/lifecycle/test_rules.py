"""When somebody may write down that somebody moved, or died, or make one person of two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ontmoet.kernel.actor import Function
from ontmoet.lifecycle.rules import (
    Reason,
    Side,
    objections_to_farewell,
    objections_to_merging,
    objections_to_moving,
)
from tests.samples import an_actor

FATMA = an_actor(Function.CHAIR, person_id=1)
SANNE = an_actor(Function.STAFF, person_id=1)
HOST, CHAIR = {1: frozenset({Function.HOST})}, {1: frozenset({Function.CHAIR})}

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("ends", "in_days", "expected"),
    [
        ([None], 0, []),
        ([None], 366, []),
        ([None], 367, [Reason.TOO_LATE_A_DAY]),
        ([None], -89, []),
        ([None], -90, [Reason.TOO_EARLY_A_DAY]),
        ([30], 60, []),
        ([-3, None], 60, []),
        ([-3], -3, []),
        ([0], 0, []),
        ([0], 1, [Reason.LEFT_ALREADY]),
        ([], 0, [Reason.LIVES_NOT_HERE]),
    ],
)
def test_somebody_moves_from_a_home_they_have(
    ends: list[int | None], in_days: int, expected: list[Reason]
) -> None:
    days = [None if end is None else TODAY + timedelta(days=end) for end in ends]
    found = objections_to_moving(days, TODAY + timedelta(days=in_days), today=TODAY)
    assert reasons(found) == expected


def reasons(objections: object) -> list[object]:
    return [objection.reason for objection in objections]  # type: ignore[attr-defined]


def test_death_takes_no_function_that_was_not_theirs_to_give() -> None:
    assert objections_to_farewell(FATMA, Side(2, HOST)) == ()
    assert reasons(objections_to_farewell(FATMA, Side(2, CHAIR))) == [Reason.HEAVIER_THAN_YOURS]
    assert objections_to_farewell(SANNE, Side(2, CHAIR)) == ()
    assert reasons(objections_to_farewell(FATMA, Side(1, {}))) == [Reason.NOT_YOURSELF]


def test_merging_makes_nobodys_rights_heavier_than_one_may_give() -> None:
    for keep, gone in ((Side(2, {}), Side(3, CHAIR)), (Side(2, CHAIR), Side(3, {}))):
        assert reasons(objections_to_merging(FATMA, keep, gone)) == [Reason.HEAVIER_THAN_YOURS]
        assert objections_to_merging(SANNE, keep, gone) == ()
    assert objections_to_merging(FATMA, Side(2, CHAIR), Side(3, CHAIR)) == ()
    assert objections_to_merging(FATMA, Side(2, {}), Side(3, HOST)) == ()
    elsewhere = {2: frozenset({Function.HOST})}
    assert reasons(objections_to_merging(SANNE, Side(2, {}), Side(3, elsewhere))) == [
        Reason.HEAVIER_THAN_YOURS
    ]


def test_nobody_is_merged_with_themself_or_by_themself() -> None:
    assert reasons(objections_to_merging(SANNE, Side(2, {}), Side(2, {}))) == [Reason.SAME_PERSON]
    assert reasons(objections_to_merging(SANNE, Side(2, {}), Side(1, {}))) == [Reason.NOT_YOURSELF]

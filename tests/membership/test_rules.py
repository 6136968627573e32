"""Who may give which function, and when one may end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS
from ontmoet.membership.rules import (
    OF_A_ROOM,
    Reason,
    Term,
    beyond,
    givable,
    objections_to_end,
    objections_to_giving,
    objections_to_term,
)
from tests.samples import an_actor

TODAY = date(2026, 11, 24)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
WEIGHT = {
    **dict.fromkeys(VOLUNTEERS | {Function.PARTNER}, 1),
    **dict.fromkeys(BOARD, 2),
    Function.STAFF: 3,
    Function.ADMINISTRATOR: 4,
}


def reasons(objections: object) -> list[object]:
    return [objection.reason for objection in objections]  # type: ignore[attr-defined]


def test_each_gives_what_is_theirs_to_give() -> None:
    assert {f: givable(an_actor(f), 1) for f in Function if givable(an_actor(f), 1)} == {
        Function.CHAIR: VOLUNTEERS,
        Function.SECRETARY: VOLUNTEERS,
        Function.STAFF: OF_A_ROOM,
    }
    administrator = an_actor(Function.ADMINISTRATOR, room_id=None)
    assert givable(administrator, 1) == OF_A_ROOM
    assert givable(administrator, None) == {Function.ADMINISTRATOR}
    assert givable(an_actor(Function.STAFF), None) == frozenset()


@pytest.mark.parametrize("function", Function)
def test_nobody_gives_in_another_room(function: Function) -> None:
    assert givable(an_actor(function, room_id=2), 1) == frozenset()


@pytest.mark.parametrize("function", Function)
def test_nobody_gives_more_than_they_have(function: Function) -> None:
    room_id = None if function is Function.ADMINISTRATOR else 1
    given = givable(an_actor(function, room_id=room_id), 1)
    assert all(WEIGHT[other] <= WEIGHT[function] for other in given)


def test_beyond_volunteers_work_a_second_person_decides() -> None:
    sanne = an_actor(Function.STAFF, person_id=7)
    assert objections_to_giving(sanne, 7, Function.HOST, room_id=1) == ()
    for function in (Function.CHAIR, Function.STAFF, Function.PARTNER):
        assert reasons(objections_to_giving(sanne, 7, function, room_id=1)) == [Reason.NOT_FOR_YOURSELF]
        assert objections_to_giving(sanne, 8, function, room_id=1) == ()
    mo = an_actor(Function.ADMINISTRATOR, room_id=None, person_id=7)
    assert reasons(objections_to_giving(mo, 7, Function.STAFF, room_id=1)) == [Reason.NOT_FOR_YOURSELF]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Term(TODAY), []),
        (Term(YESTERDAY), []),
        (Term(TODAY, TOMORROW), []),
        (Term(TODAY, TODAY), [Reason.ENDS_BEFORE_START]),
        (Term(YESTERDAY, TODAY), [Reason.IN_THE_PAST]),
        (Term(TODAY + timedelta(days=400)), [Reason.TOO_FAR_AHEAD]),
    ],
)
def test_term_begins_before_it_ends_and_is_not_over(term: Term, expected: list[Reason]) -> None:
    assert reasons(objections_to_term(term, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("function", "others", "is_sure", "expected"),
    [
        (Function.HOST, (), False, []),
        (Function.CHAIR, (), False, [Reason.LAST_CHAIR]),
        (Function.CHAIR, (), True, []),
        (Function.CHAIR, (None,), False, []),
        (Function.CHAIR, (TOMORROW,), False, []),
        (Function.CHAIR, (TODAY,), False, [Reason.LAST_CHAIR]),
        (Function.ADMINISTRATOR, (), True, [Reason.LAST_ADMINISTRATOR]),
        (Function.ADMINISTRATOR, (TOMORROW,), True, [Reason.LAST_ADMINISTRATOR]),
        (Function.ADMINISTRATOR, (None,), False, []),
    ],
)
def test_last_chair_is_asked_and_last_administrator_stays(
    function: Function, others: tuple[date | None, ...], is_sure: bool, expected: list[Reason]
) -> None:
    assert reasons(objections_to_end(function, TODAY, others, today=TODAY, is_sure=is_sure)) == expected


def test_nothing_ends_in_the_past() -> None:
    found = objections_to_end(Function.HOST, YESTERDAY, (), today=TODAY, is_sure=True)
    assert reasons(found) == [Reason.IN_THE_PAST]


def test_what_goes_beyond_somebody_is_told_by_room() -> None:
    fatma = an_actor(Function.CHAIR)
    functions = {1: {Function.HOST, Function.TREASURER}, 2: {Function.HOST}, None: {Function.ADMINISTRATOR}}
    assert beyond(fatma, functions) == {
        (1, Function.TREASURER),
        (2, Function.HOST),
        (None, Function.ADMINISTRATOR),
    }

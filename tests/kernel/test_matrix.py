"""What the page "Wie mag wat" is made of."""

from __future__ import annotations

from ontmoet.kernel import matrix
from ontmoet.kernel.actor import Function
from ontmoet.kernel.matrix import Answer, Home
from ontmoet.kernel.permissions import Permission


def test_everybody_is_in_one_group_and_a_visitor_may_nothing() -> None:
    groups = matrix.groups()
    people = [who for group in groups for who in group.people]
    assert sorted(people) == sorted([*Home, *Function])
    assert groups[0].people == (Home.NONE,)
    assert set(groups[0].answers.values()) == {Answer.NO}


def test_those_in_a_group_may_the_same_and_groups_differ() -> None:
    groups = matrix.groups()
    for group in groups:
        for who in group.people:
            assert {p: matrix.answer(who, p) for p in Permission} == dict(group.answers)
    answers = [tuple(group.answers.items()) for group in groups]
    assert len(set(answers)) == len(answers)


def test_own_is_told_apart_from_all() -> None:
    assert matrix.answer(Home.RESIDENT, Permission.BOOKING_CANCEL) is Answer.OWN
    assert matrix.answer(Function.CHAIR, Permission.BOOKING_CANCEL) is Answer.YES
    assert matrix.answer(Function.ORGANISER, Permission.BOOKING_CHANGE) is Answer.OWN
    assert matrix.answer(Home.NONE, Permission.BOOKING_MAKE) is Answer.NO

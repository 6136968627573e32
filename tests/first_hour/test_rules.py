"""Which steps of the first hour are done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ontmoet.first_hour.rules import Progress, Step, next_of, steps_of
from ontmoet.rooms.rules import KeyPlan

ALL = Progress(True, 64, True, True, True, True, True, KeyPlan.HANDED_OUT, True, False, True, 64, True)


def test_everything_done_leaves_no_next_step() -> None:
    assert all(steps_of(ALL).values())
    assert next_of(steps_of(ALL)) is None


def test_nothing_done_begins_with_the_complex() -> None:
    assert next_of(steps_of(Progress(has_complex=False))) is Step.COMPLEX
    assert next_of(steps_of(Progress(has_complex=True))) is Step.HOMES


@pytest.mark.parametrize(
    ("undone", "step"),
    [
        ({"homes": 0}, Step.HOMES),
        ({"about_is_told": False}, Step.ABOUT),
        ({"has_contact": False}, Step.CONTACT),
        ({"has_hours": False}, Step.HOURS),
        ({"has_house_rules": False}, Step.HOUSE_RULES),
        ({"has_keys": False}, Step.KEYS),
        ({"is_live": False}, Step.LIVE),
        ({"letters": 0}, Step.LETTERS),
        ({"has_booking": False}, Step.BOOKING),
    ],
)
def test_what_is_undone_comes_next_whatever_is_done_after_it(undone: dict[str, bool], step: Step) -> None:
    assert next_of(steps_of(replace(ALL, **undone))) is step


@pytest.mark.parametrize(
    ("plan", "facts", "is_done"),
    [
        (KeyPlan.CODE_BOX, {"has_code": True}, True),
        (KeyPlan.CODE_BOX, {"has_keys": True, "has_code": False}, False),
        (KeyPlan.OWN_KEY, {"has_keys": False}, False),
        (KeyPlan.NEIGHBOUR_OPENS, {"has_keys": False}, None),
    ],
)
def test_keys_are_as_the_room_gives_them(plan: KeyPlan, facts: dict[str, bool], is_done: bool | None) -> None:
    assert steps_of(replace(ALL, key_plan=plan, **facts)).get(Step.KEYS) is is_done

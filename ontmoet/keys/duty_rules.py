"""Who has the key duty of a room, and what is counted when it changes hands. Pure: no clock, no database.

Whoever has the duty is called first. Handing it over goes with a count of what lies in the cabinet, beside
what the register says: people sort out a difference, nobody rewrites the register because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection

from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_COUNTED = 99
"""Of one key; more is a mistake in typing."""


class Step(StrEnum):
    """What happens to the duty of a room."""

    START = "start"
    HAND_OVER = "hand_over"
    STOP = "stop"


class DutyNews(StrEnum):
    """What keepers are told about the duty."""

    GIVEN = "key_duty_given"
    TAKEN = "key_duty_taken"
    OBJECTED = "key_duty_objected"


@dataclass(frozen=True, slots=True)
class Count:
    """How many copies of a key lay in the cabinet, and how many the register said there were."""

    key_id: int
    opens: str
    expected: int
    counted: int

    @property
    def missing(self) -> int:
        return max(self.expected - self.counted, 0)

    @property
    def extra(self) -> int:
        return max(self.counted - self.expected, 0)


def step_of(from_id: int | None, to_id: int | None) -> Step:
    """What it is called when the duty goes from one to another; None is nobody."""
    if to_id is None:
        return Step.STOP
    return Step.START if from_id is None else Step.HAND_OVER


def objections_to_duty(
    from_id: int | None, to_id: int | None, keepers: Collection[int]
) -> tuple[Objection, ...]:
    """Why the duty does not go to `to_id`, or stop: only who hands out keys here can have it."""
    if to_id == from_id:
        return (Objection(Reason.DUTY_IS_SO, "who"),)
    if to_id is not None and to_id not in keepers:
        return (Objection(Reason.NO_KEEPER, "who"),)
    return ()


def answerer(from_id: int | None, to_id: int | None, recorded_by_id: int | None) -> int | None:
    """Who says whether a hand-over is so: who got the duty, or who had it when the getter wrote it down."""
    others = [one for one in (to_id, from_id) if one is not None and one != recorded_by_id]
    return others[0] if others else None

"""When something may be done to all that belongs to a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import lives_near
from ontmoet.membership.rules import FURTHEST_AHEAD, REMEMBERED, beyond

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from ontmoet.kernel.actor import Actor, Function
    from ontmoet.kernel.subjects import RoomLike

    Functions = Mapping[int | None, frozenset[Function]]


class Reason(StrEnum):
    """Why it is refused."""

    NOT_YOURSELF = "not_yourself"
    HEAVIER_THAN_YOURS = "heavier_than_yours"
    LAST_ADMINISTRATOR = "last_administrator"
    NOT_SURE = "not_sure"
    SAME_PERSON = "same_person"
    GONE = "gone"
    LIVES_ELSEWHERE = "lives_elsewhere"
    TOO_LATE_A_DAY = "too_late_a_day"
    TOO_EARLY_A_DAY = "too_early_a_day"
    LIVES_NOT_HERE = "lives_not_here"
    LEFT_ALREADY = "left_already"


class Choice(StrEnum):
    """What becomes of a booking of somebody who moved."""

    KEEP = "keep"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two persons who may be one, with everything they do, now or later, by room."""

    person_id: int
    functions: Functions


def objections_to_moving(ends: Collection[date | None], day: date, *, today: date) -> tuple[Objection, ...]:
    """Why it cannot be written down that somebody lives here no more from that day on. `ends` are of their
    homes here, None for one without an end.
    """
    if not ends:
        return (Objection(Reason.LIVES_NOT_HERE),)
    if day > today + FURTHEST_AHEAD:
        return (Objection(Reason.TOO_LATE_A_DAY, "day"),)
    if day <= today - REMEMBERED:
        # Whoever left so long ago is found here no more: nobody could decide on their bookings.
        return (Objection(Reason.TOO_EARLY_A_DAY, "day"),)
    if day > today and all(end is not None and end <= today for end in ends):
        return (Objection(Reason.LEFT_ALREADY, "day"),)
    return ()


def objections_to_farewell(actor: Actor, person: Side) -> tuple[Objection, ...]:
    """Why this person may not write down that somebody died: it takes away all that they may."""
    if person.person_id == actor.person_id:
        return (Objection(Reason.NOT_YOURSELF),)
    return (Objection(Reason.HEAVIER_THAN_YOURS),) if beyond(actor, person.functions) else ()


def left_for_elsewhere(person: Actor, room: RoomLike) -> bool:
    """Whether somebody who is still found at a room belongs to others only by now: it settles what is left
    here, and nothing that is theirs there.
    """
    is_here = lives_near(person, room) or bool(person.functions_in(room.room_id))
    return not is_here and bool(person.places)


def objections_to_merging(actor: Actor, keep: Side, gone: Side) -> tuple[Objection, ...]:
    """Why this person may not make one of two.

    Whoever signs in as either gets what both may. So all that one has and the other has not must be
    something that the one who merges could have given.
    """
    if keep.person_id == gone.person_id:
        return (Objection(Reason.SAME_PERSON),)
    if actor.person_id in (keep.person_id, gone.person_id):
        return (Objection(Reason.NOT_YOURSELF),)
    gained = {
        room_id: keep.functions.get(room_id, frozenset()) ^ gone.functions.get(room_id, frozenset())
        for room_id in {*keep.functions, *gone.functions}
    }
    return (Objection(Reason.HEAVIER_THAN_YOURS),) if beyond(actor, gained) else ()

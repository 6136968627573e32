"""When a key may change hands, and when it is due back. Pure: no clock, no database.

A key is at one place: with a person, an organisation, somebody without an account, in the cabinet, or lost
(decisions 2.13). Handing out needs the house rules in force; taking back never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import day_of, instant, minutes_of

if TYPE_CHECKING:
    from ontmoet.kernel.timeslot import TimeSlot

LONGEST_OPENS, LONGEST_HOLDER_NAME, LONGEST_NOTE = 80, 80, 200
MOST_COPIES = 50
"""Of one room."""

TIME_TO_BRING_BACK = timedelta(hours=1)
LATE_IN_THE_EVENING, NEXT_MORNING = 21 * 60, 10 * 60
"""Nobody brings a key back after 21:00; then it is due the next morning at 10:00."""

LONGEST_OUT = timedelta(days=31)
"""A key that stays longer with somebody has no due time: somebody has it for good."""

AHEAD = timedelta(hours=24)
"""A key may be picked up the evening before; from then on whoever comes next may know who has it
(decisions 2.14).
"""


class HolderKind(StrEnum):
    """Where a copy can be."""

    CABINET = "cabinet"
    PERSON = "person"
    ORGANISATION = "organisation"
    OTHER = "other"
    LOST = "lost"


class Condition(StrEnum):
    """How a room was found when its key came back."""

    GOOD = "good"
    NOTE = "note"
    UNSEEN = "unseen"


class Due(StrEnum):
    """When a key without a booking has to be back."""

    TONIGHT = "tonight"
    TOMORROW = "tomorrow"
    WEEK = "week"
    NEVER = "never"


class Reason(StrEnum):
    """Why a key does not change hands."""

    MOVED = "moved"
    LOST = "lost"
    NOT_OUT = "not_out"
    NEEDS_RULES = "needs_rules"
    HAS_IT = "has_it"
    NOT_OF_THIS_ROOM = "not_of_this_room"
    NEEDS_A_HOLDER = "needs_a_holder"
    DUE_IN_THE_PAST = "due_in_the_past"
    DUE_TOO_LATE = "due_too_late"
    NEEDS_NOTE = "needs_note"
    SAYS_SO_ALREADY = "says_so_already"
    NUMBER_TAKEN = "number_taken"
    TOO_MANY = "too_many"
    STILL_OUT = "still_out"


class News(StrEnum):
    """What people are told about keys."""

    GIVEN = "key_given"
    TAKEN_BACK = "key_taken_back"
    BROUGHT_BACK = "key_brought_back"
    OBJECTED = "key_objected"
    LOST = "key_lost"
    LATE = "key_late"
    LATE_FOR_KEEPER = "key_late_for_keeper"
    LATE_FOR_BOARD = "key_late_for_board"


KEEPER_HEARS_AFTER, BOARD_HEARS_AFTER = timedelta(hours=4), timedelta(hours=24)
"""How long after the due time; the holder is asked kindly at that time itself (KB-02)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who gets a copy. Exactly what its kind asks for is filled."""

    kind: HolderKind
    person_id: int | None = None
    organisation_id: int | None = None
    name: str = ""


CABINET, LOST = Holder(HolderKind.CABINET), Holder(HolderKind.LOST)


def person(person_id: int) -> Holder:
    """Somebody with an account."""
    return Holder(HolderKind.PERSON, person_id=person_id)


def due_after(slot: TimeSlot) -> datetime:
    """When the key of a booking is due back: an hour after its end, and not late in the evening."""
    due = slot.ends + TIME_TO_BRING_BACK
    # A booking that ends at midnight ends on the day it began.
    last_day = day_of(slot.ends - timedelta(seconds=1))
    if day_of(due) == last_day and minutes_of(due) <= LATE_IN_THE_EVENING:
        return due
    return instant(last_day + timedelta(days=1), NEXT_MORNING)


def due_choices(now: datetime) -> dict[Due, datetime | None]:
    """When a key that is handed out now can be due, the soonest first; None is never."""
    today = day_of(now)
    tonight = instant(today, LATE_IN_THE_EVENING)
    choices: dict[Due, datetime | None] = {Due.TONIGHT: tonight} if tonight > now + TIME_TO_BRING_BACK else {}
    return choices | {
        Due.TOMORROW: instant(today + timedelta(days=1), NEXT_MORNING),
        Due.WEEK: instant(today + timedelta(days=7), LATE_IN_THE_EVENING),
        Due.NEVER: None,
    }


def objections_to_handing_out(
    holder: Holder, now_with: Holder, due_at: datetime | None, *, has_agreed: bool, now: datetime
) -> tuple[Objection, ...]:
    """Why this copy cannot go to `holder`. `has_agreed`: they go along with the house rules in force."""
    found = []
    if now_with.kind is HolderKind.LOST:
        found.append(Objection(Reason.LOST))
    if holder == now_with:
        found.append(Objection(Reason.HAS_IT))
    if not has_agreed:
        found.append(Objection(Reason.NEEDS_RULES))
    if due_at is not None and due_at <= now:
        found.append(Objection(Reason.DUE_IN_THE_PAST, "due"))
    if due_at is not None and due_at > now + LONGEST_OUT:
        found.append(Objection(Reason.DUE_TOO_LATE, "due"))
    return tuple(found)


def objections_to_taking_back(now_with: Holder, condition: Condition, note: str) -> tuple[Objection, ...]:
    """Why this copy does not come back. What was lost is found; it is never just taken back."""
    found = []
    if now_with.kind is HolderKind.CABINET:
        found.append(Objection(Reason.NOT_OUT))
    if now_with.kind is HolderKind.LOST:
        found.append(Objection(Reason.LOST))
    if condition is Condition.NOTE and not note:
        found.append(Objection(Reason.NEEDS_NOTE, "note"))
    return tuple(found)


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a key should have been back."""
    return due_at is not None and due_at < now

"""When a key may change hands, and when it is due back. Pure: no clock, no database.

A key is at one place: with a person, an organisation, somebody without an account, in the cabinet, or lost
(decisions 2.13). Handing out needs the house rules in force; taking back never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import day_of, instant, minutes_of, start_of

if TYPE_CHECKING:
    from ontmoet.kernel.timeslot import TimeSlot

LONGEST_OPENS, LONGEST_HOLDER_NAME, LONGEST_NOTE = 80, 80, 200
LONGEST_HANGS, LONGEST_GROUP = 80, 80
SHORTEST_CODE, LONGEST_CODE = 3, 8
HIGHEST_LOCKER = 999
MOST_COPIES = 50
"""Of one room."""

TIME_TO_BRING_BACK = timedelta(hours=1)
LATE_IN_THE_EVENING, NEXT_MORNING = 21 * 60, 10 * 60
"""Nobody brings a key back after 21:00; then it is due the next morning at 10:00."""

LONGEST_OUT = timedelta(days=31)
"""A key that stays longer with somebody has no due time: somebody has it for good."""

AHEAD = timedelta(hours=24)
"""From so long before a booking whoever comes next may know who has the key (decisions 2.14)."""

BOX_OPENS_BEFORE = timedelta(minutes=30)
"""The code of a box is shown from this long before a booking until its end (decisions 2.15)."""

CODE_GETS_OLD = timedelta(days=90)
"""As long as it is known who saw a code: a code that is older may be known by anybody."""

MANY_KNOW_IT = 25
"""More different people than a keeper can still name, or ask whom they told."""


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
    """When a key has to be back: after its booking, or at one of a few times that people say."""

    AFTER = "after"
    MORNING = "morning"
    TONIGHT = "tonight"
    TOMORROW = "tomorrow"
    WEEK = "week"
    NEVER = "never"
    OTHER = "other"


class Reason(StrEnum):
    """Why a key does not change hands."""

    MOVED = "moved"
    TURN_GONE = "turn_gone"
    LOST = "lost"
    NOT_OUT = "not_out"
    NEEDS_RULES = "needs_rules"
    NOBODY_AGREED = "nobody_agreed"
    HAS_IT = "has_it"
    NOT_OF_THIS_ROOM = "not_of_this_room"
    NEEDS_A_HOLDER = "needs_a_holder"
    DUE_IN_THE_PAST = "due_in_the_past"
    DUE_TOO_LATE = "due_too_late"
    DUE_BEFORE_START = "due_before_start"
    NEEDS_NOTE = "needs_note"
    SAYS_SO_ALREADY = "says_so_already"
    NUMBER_TAKEN = "number_taken"
    AGREE_FIRST = "agree_first"
    NO_CODE = "no_code"
    NOT_CONFIRMED = "not_confirmed"
    TOO_EARLY = "too_early"
    OVER = "over"
    NOT_DIGITS = "not_digits"
    EASY_CODE = "easy_code"
    KEY_UNKNOWN = "key_unknown"
    TOO_MANY = "too_many"
    STILL_OUT = "still_out"
    FORM_REUSED = "form_reused"
    DUTY_MOVED = "duty_moved"
    DUTY_IS_SO = "duty_is_so"
    NO_KEEPER = "no_keeper"
    NOT_YOURS_TO_SAY = "not_yours_to_say"


class News(StrEnum):
    """What people are told about keys."""

    GIVEN = "key_given"
    TAKEN_BACK = "key_taken_back"
    BROUGHT_BACK = "key_brought_back"
    OBJECTED = "key_objected"
    LOST = "key_lost"
    DUE_CHANGED = "key_due_changed"
    LATE = "key_late"
    LATE_FOR_KEEPER = "key_late_for_keeper"
    LATE_FOR_BOARD = "key_late_for_board"
    UNREACHABLE = "key_unreachable"


class BoxNews(StrEnum):
    """What people are told about code boxes."""

    CODE_OLD = "box_code_old"


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


def picked_up_for(now: datetime) -> datetime:
    """Until when bookings begin for which a key may be picked up now: from the day before, so also the
    evening before a late one.
    """
    return start_of(day_of(now) + timedelta(days=2))


def due_choices(now: datetime) -> dict[Due, datetime | None]:
    """When a key that is handed out now can be due, without a booking; the soonest first. None is never."""
    today = day_of(now)
    tonight = instant(today, LATE_IN_THE_EVENING)
    choices: dict[Due, datetime | None] = {Due.TONIGHT: tonight} if tonight > now + TIME_TO_BRING_BACK else {}
    return choices | {
        Due.TOMORROW: instant(today + timedelta(days=1), NEXT_MORNING),
        Due.WEEK: instant(today + timedelta(days=7), LATE_IN_THE_EVENING),
        Due.NEVER: None,
    }


def choices_for_booking(slot: TimeSlot) -> dict[Due, datetime | None]:
    """When the key of a booking can be due, what is proposed first. It need not be when the booking ends: a
    key may be picked up the evening before and come back the morning after.
    """
    proposed = due_after(slot)
    morning = instant(day_of(slot.ends - timedelta(seconds=1)) + timedelta(days=1), NEXT_MORNING)
    return {Due.MORNING: morning} if proposed == morning else {Due.AFTER: proposed, Due.MORNING: morning}


def objections_to_due(
    due_at: datetime | None, *, starts: datetime | None = None, now: datetime
) -> tuple[Objection, ...]:
    """Why a key cannot be due then; `starts` is when its booking begins. Without a time it stays for good."""
    if due_at is None:
        return ()
    if due_at <= now:
        return (Objection(Reason.DUE_IN_THE_PAST, "due"),)
    if starts is not None and due_at <= starts:
        return (Objection(Reason.DUE_BEFORE_START, "due"),)
    return (Objection(Reason.DUE_TOO_LATE, "due"),) if due_at > now + LONGEST_OUT else ()


def objections_to_handing_out(
    holder: Holder,
    now_with: Holder,
    due_at: datetime | None,
    *,
    has_agreed: bool,
    now: datetime,
    takes_it: bool = False,
) -> tuple[Objection, ...]:
    """Why this copy cannot go to `holder`. `has_agreed`: they go along with the house rules in force;
    `takes_it`: the holder is who asks.
    """
    found = []
    if now_with.kind is HolderKind.LOST:
        found.append(Objection(Reason.LOST))
    if holder == now_with:
        found.append(Objection(Reason.HAS_IT))
    if not has_agreed:
        found.append(Objection(Reason.AGREE_FIRST if takes_it else Reason.NEEDS_RULES))
    return (*found, *objections_to_due(due_at, now=now))


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


def box_opens_at(slot: TimeSlot) -> datetime:
    """From when the code of a box is shown to who booked this time."""
    return slot.starts - BOX_OPENS_BEFORE


def may_open_box(slot: TimeSlot, now: datetime) -> bool:
    """Whether a booking is near enough to open the box: until its end, the end not included."""
    return box_opens_at(slot) <= now < slot.ends


def may_know_whom_to_call(slot: TimeSlot, *, is_confirmed: bool, now: datetime) -> bool:
    """Whether who booked this time may know who looks after the keys: from a day before (decisions
    2.14) until a day after, for who has a key still.
    """
    return is_confirmed and slot.starts - AHEAD <= now < slot.ends + AHEAD


def objections_to_showing_code(
    slot: TimeSlot, *, is_confirmed: bool, has_agreed: bool, now: datetime
) -> tuple[Objection, ...]:
    """Why who booked this time does not see the code of the box."""
    if not is_confirmed:
        return (Objection(Reason.NOT_CONFIRMED),)
    if now >= slot.ends:
        return (Objection(Reason.OVER),)
    if not may_open_box(slot, now):
        return (Objection(Reason.TOO_EARLY, facts={"opens_at": box_opens_at(slot)}),)
    return () if has_agreed else (Objection(Reason.AGREE_FIRST),)


def objections_to_code(code: str) -> tuple[Objection, ...]:
    """Why this is no code for a box: three to eight plain digits that are not the first that one tries."""
    if not (code.isascii() and code.isdecimal() and SHORTEST_CODE <= len(code) <= LONGEST_CODE):
        return (Objection(Reason.NOT_DIGITS, "code"),)
    steps = {int(later) - int(earlier) for earlier, later in pairwise(code)}
    return (Objection(Reason.EASY_CODE, "code"),) if steps in ({0}, {1}, {-1}) else ()


def should_change_code(valid_from: datetime, known_by: int, now: datetime) -> bool:
    """Whether it is time for another code; `known_by` so many different people saw it."""
    return now - valid_from > CODE_GETS_OLD or known_by > MANY_KNOW_IT

"""Who may give which function, and when one may end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS
from ontmoet.rooms.rules import AccessPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ontmoet.kernel.actor import Actor

OF_A_ROOM = VOLUNTEERS | BOARD | {Function.STAFF, Function.PARTNER}
FURTHEST_AHEAD = timedelta(days=366)

REMEMBERED = timedelta(days=90)
"""Somebody who left is still found at their old room this long, to settle bookings and doubles."""


class Reason(StrEnum):
    """Why something about people is refused."""

    NOT_YOURS_TO_GIVE = "not_yours_to_give"
    NOT_FOR_YOURSELF = "not_for_yourself"
    DOES_SO_ALREADY = "does_so_already"
    NOT_OF_THIS_ROOM = "not_of_this_room"
    NEEDS_ORGANISATION = "needs_organisation"
    ENDS_BEFORE_START = "ends_before_start"
    ENDS_SOONER = "ends_sooner"
    IN_THE_PAST = "in_the_past"
    TOO_FAR_AHEAD = "too_far_ahead"
    LAST_CHAIR = "last_chair"
    LAST_ADMINISTRATOR = "last_administrator"
    LET_IN_ALREADY = "let_in_already"
    ADDRESS_OF_THE_ROOM = "address_of_the_room"
    NOT_FOR_NEIGHBOURS = "not_for_neighbours"
    NEEDS_REASON = "needs_reason"
    EMAIL_TAKEN = "email_taken"
    NAME_TAKEN = "name_taken"


@dataclass(frozen=True, slots=True)
class Term:
    """From one day to another; `until` is the first day that no longer counts, None for no end."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, for which room, and when."""

    actor_id: int
    room_id: int
    now: datetime


def givable(actor: Actor, room_id: int | None) -> frozenset[Function]:
    """What this person may give others in a room, or for the corporation when no room is named.

    Nobody gives more than they have: a board is given by staff, staff and administrators by those whose
    work that is.
    """
    if room_id is None:
        return frozenset({Function.ADMINISTRATOR}) if actor.has(Function.ADMINISTRATOR) else frozenset()
    mine = actor.functions_in(room_id)
    if Function.STAFF in mine or actor.has(Function.ADMINISTRATOR):
        return OF_A_ROOM
    return VOLUNTEERS if mine & {Function.CHAIR, Function.SECRETARY} else frozenset()


def objections_to_giving(
    actor: Actor, person_id: int, function: Function, *, room_id: int | None
) -> tuple[Objection, ...]:
    """Why this person may not give it to that one. Beyond volunteers' work a second person decides."""
    if function not in givable(actor, room_id):
        return (Objection(Reason.NOT_YOURS_TO_GIVE, "function"),)
    if person_id == actor.person_id and function not in VOLUNTEERS:
        return (Objection(Reason.NOT_FOR_YOURSELF, "function"),)
    return ()


def objections_to_term(term: Term, *, today: date) -> tuple[Objection, ...]:
    """Why a function cannot run like this."""
    if term.since > today + FURTHEST_AHEAD:
        return (Objection(Reason.TOO_FAR_AHEAD, "since"),)
    if term.until is None:
        return ()
    if term.until <= term.since:
        return (Objection(Reason.ENDS_BEFORE_START, "until"),)
    return (Objection(Reason.IN_THE_PAST, "until"),) if term.until <= today else ()


def objections_to_end(
    function: Function, until: date, others: Iterable[date | None], *, today: date, is_sure: bool
) -> tuple[Objection, ...]:
    """Why a function cannot end on that day. `others` are the last days of all others who have it there.

    A room may do without a chair, and whoever ends the last is only asked: a volunteer must be able to
    stop, and staff can give a new one. Without administrator nobody could ever give that function again.
    """
    if until < today:
        return (Objection(Reason.IN_THE_PAST, "until"),)
    if until > today + FURTHEST_AHEAD:
        return (Objection(Reason.TOO_FAR_AHEAD, "until"),)
    if function is Function.ADMINISTRATOR and all(end is not None for end in others):
        return (Objection(Reason.LAST_ADMINISTRATOR),)
    if function is Function.CHAIR and not is_sure and all(end is not None and end <= until for end in others):
        return (Objection(Reason.LAST_CHAIR, "is_sure"),)
    return ()


def beyond(
    actor: Actor, functions: Mapping[int | None, Iterable[Function]]
) -> frozenset[tuple[int | None, Function]]:
    """Which of these functions, by room, this person could not have given."""
    return frozenset(
        (room_id, function)
        for room_id, found in functions.items()
        for function in found
        if function not in givable(actor, room_id)
    )


def is_for_neighbours(policy: AccessPolicy) -> bool:
    """Whether people from outside the complex are welcome without an exception (SB-14)."""
    return policy is not AccessPolicy.TENANTS

"""Giving a function and ending one. Runs inside a unit of work and commits nothing itself.

What decides is read anew under the lock: also whether the one who gives still may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, or_, select, update

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post
from ontmoet.people.actions import fit_sessions
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Role
from ontmoet.recovery.ending import end_slips
from ontmoet.rooms.queries import lock_corporation, lock_room
from ontmoet.trail.actions import record

from .queries import others_with
from .rules import (
    Reason,
    Term,
    givable,
    objections_to_end,
    objections_to_giving,
    objections_to_term,
)

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_role = Role.__table__

GIVEN, ENDED = "function_given", "function_ended"

_MINE = (
    select(_role.c.id, _role.c.since, _role.c.until)
    .where(
        _role.c.person_id == bindparam("person_id"),
        _role.c.function == bindparam("function"),
        or_(_role.c.until.is_(None), _role.c.until > bindparam("after", type_=LocalDate())),
    )
    .order_by(_role.c.since)
)
_MINE_IN_ROOM = _MINE.where(_role.c.room_id == bindparam("room_id"))
_MINE_EVERYWHERE = _MINE.where(_role.c.room_id.is_(None))


@dataclass(frozen=True, slots=True)
class Post:
    """A function of a person in a room, or for the corporation when no room is named."""

    person_id: int
    function: Function
    room_id: int | None


def give(
    place: Post, term: Term, *, organisation_id: int | None = None, actor_id: int, now: datetime
) -> None:
    """Somebody does something from now on, or from a later day. Raises `Refused`.

    That the person belongs to the room is for the caller to see: it knows how they were found.
    """
    lock_place(place.room_id)
    today = day_of(now)
    giver = actor_of(actor_id, today=today)
    refuse_any(objections_to_giving(giver, place.person_id, place.function, room_id=place.room_id))
    refuse_any(objections_to_term(term, today=today))
    if (place.function is Function.PARTNER) != (organisation_id is not None):
        raise Refused(Objection(Reason.NEEDS_ORGANISATION, "organisation"))
    for role in _running(place, after=max(term.since, today)):
        if term.until is None or role.since < term.until:
            raise Refused(Objection(Reason.DOES_SO_ALREADY, "function"))
    role_id: int = execute(
        insert(_role).returning(_role.c.id),
        person_id=place.person_id,
        room_id=place.room_id,
        organisation_id=organisation_id,
        function=place.function,
        is_contact=False,
        since=term.since,
        until=term.until,
        granted_by_id=actor_id,
    ).scalar_one()
    fit_sessions(place.person_id, now=now)
    end_slips(place.person_id, now=now)
    _record(GIVEN, role_id, place, term, actor_id=actor_id, now=now)
    if place.person_id != actor_id:
        post(
            GIVEN,
            person_id=place.person_id,
            object_id=role_id,
            dedupe_key=f"{GIVEN}:{role_id}",
            due_at=now,
            now=now,
            room_id=place.room_id,
        )


def end(place: Post, until: date, *, is_sure: bool, actor_id: int, now: datetime) -> bool:
    """Somebody stops on that day, the first without the function. False when that was so already.

    Everybody may end what is their own, and what they may give; nobody has it longer by that. Raises
    `Refused`.
    """
    lock_place(place.room_id)
    today = day_of(now)
    if place.person_id != actor_id and place.function not in givable(
        actor_of(actor_id, today=today), place.room_id
    ):
        raise Refused(Objection(Reason.NOT_YOURS_TO_GIVE))
    running = _running(place, after=today)
    ending = [role for role in running if role.until is None or max(until, role.since) < role.until]
    if not ending:
        if running and all(role.until < until for role in running):
            raise Refused(Objection(Reason.ENDS_SOONER, "until"))
        return False
    others = others_with(place.function, room_id=place.room_id, besides=place.person_id, today=today)
    refuse_any(objections_to_end(place.function, until, others, today=today, is_sure=is_sure))
    for role in ending:
        last = max(until, role.since)
        execute(update(_role).where(_role.c.id == role.id).values(until=last))
        _record(ENDED, role.id, place, Term(role.since, last), actor_id=actor_id, now=now)
        if place.person_id != actor_id:
            post(
                ENDED,
                person_id=place.person_id,
                object_id=role.id,
                dedupe_key=f"{ENDED}:{role.id}:{last}",
                due_at=now,
                now=now,
                room_id=place.room_id,
            )
    return True


def lock_place(room_id: int | None) -> None:
    """What is decided about the people of a room, or of the corporation, waits here."""
    if room_id is None:
        lock_corporation()
    else:
        lock_room(room_id)


def _running(place: Post, *, after: date) -> list[AnyRow]:
    values = {"person_id": place.person_id, "function": place.function, "after": after}
    if place.room_id is None:
        return list(execute(_MINE_EVERYWHERE, **values))
    return list(execute(_MINE_IN_ROOM, room_id=place.room_id, **values))


def _record(action: str, role_id: int, place: Post, term: Term, *, actor_id: int, now: datetime) -> None:
    record(
        action,
        object_kind="role",
        object_id=role_id,
        room_id=place.room_id,
        actor_id=actor_id,
        now=now,
        changes={"function": place.function, "since": term.since, "until": term.until},
    )

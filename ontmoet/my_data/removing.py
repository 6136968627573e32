"""Somebody leaves for good, or cannot sign in and asks the corporation to be removed.

Runs inside a unit of work; the files are for `erasing.wipe_at_once`, after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.actions import lock_place
from ontmoet.people.actor_queries import actor_of

from .erasing import erase, obstacles
from .queries import ties_of
from .rules import Reason, objections_to_removing

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.membership.rules import By

    from .rules import Asked


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands in the way of removing somebody, and how many bookings that would cancel."""

    hindrances: tuple[Objection, ...]
    coming: int


def outlook(person_id: int, *, actor: Actor, room_id: int, now: datetime) -> Outlook:
    """What becomes of it when this person is removed by that one, from this room."""
    coming = coming_bookings_of(person_id, now=now)
    ties = {room_id, *ties_of(person_id, today=day_of(now)), *(booking.room_id for booking in coming)}
    hindrances = objections_to_removing(actor, person_id, ties) or _obstacles(person_id, now)
    return Outlook(hindrances, len(coming))


def leave(person_id: int, *, is_sure: bool, by: int, now: datetime) -> None:
    """Forget somebody who wants so on their own page, or whose guardian does. Raises `Refused`."""
    # The last administrator is guarded here, and in `remove`.
    lock_place(None)
    refuse_any(_obstacles(person_id, now))
    if not is_sure:
        raise Refused(Objection(Reason.NOT_SURE, "sure"))
    erase(person_id, by=by, now=now)


def remove(person_id: int, asked: Asked, by: By) -> None:
    """Forget somebody of a room who asked for that. Doing it again changes nothing. Raises `Refused`."""
    lock_place(None)
    lock_place(by.room_id)
    actor = actor_of(by.actor_id, today=day_of(by.now))
    refuse_any(outlook(person_id, actor=actor, room_id=by.room_id, now=by.now).hindrances)
    erase(person_id, by=by.actor_id, now=by.now, asked=asked)


def _obstacles(person_id: int, now: datetime) -> tuple[Objection, ...]:
    return tuple(
        Objection(Reason.OBSTACLE, facts={"sentence": sentence}) for sentence in obstacles(person_id, now=now)
    )

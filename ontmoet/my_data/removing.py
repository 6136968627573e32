"""Somebody who cannot sign in asks to be removed, and the corporation does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.actions import lock_place
from ontmoet.people.queries import actor_of

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
    hindrances = objections_to_removing(actor, person_id, ties) or tuple(
        Objection(Reason.OBSTACLE, facts={"sentence": sentence}) for sentence in obstacles(person_id, now=now)
    )
    return Outlook(hindrances, len(coming))


def remove(person_id: int, asked: Asked, by: By) -> None:
    """Forget somebody of a room who asked for that. Doing it again changes nothing. Raises `Refused`.

    Runs inside a unit of work; the files are for `erasing.wipe_at_once`, after it.
    """
    # The last administrator is guarded by the first lock, and whoever is of the room by the second.
    lock_place(None)
    lock_place(by.room_id)
    actor = actor_of(by.actor_id, today=day_of(by.now))
    found = outlook(person_id, actor=actor, room_id=by.room_id, now=by.now).hindrances
    if found:
        raise Refused(*found)
    erase(person_id, by=by.actor_id, now=by.now, asked=asked)

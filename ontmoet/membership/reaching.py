"""How pages about people of a room find their person; for all others there is nothing there."""

from __future__ import annotations

from datetime import date

from flask import abort

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import record_all
from ontmoet.web.access import known_actor

from .queries import PersonCard, Somebody, person_in, somebody_in
from .rules import REMEMBERED, By

LOOKED_UP = "person_looked_up"


def today() -> date:
    return day_of(clock.now())


def by(room: RoomView) -> By:
    """Who asks, for this room, now."""
    return By(known_actor().person_id, room.room_id, clock.now())


def somebody_or_404(room: RoomView, public_id: str) -> Somebody:
    """The same as `person_or_404`, for a page that needs the name alone."""
    found = somebody_in(room, public_id, since=today() - REMEMBERED)
    if found is None:
        abort(404)
    return found


def person_or_404(room: RoomView, public_id: str) -> PersonCard:
    """Somebody who belongs to the room, or did until lately."""
    found = person_in(room, public_id, since=today() - REMEMBERED)
    if found is None:
        abort(404)
    return found


def looked_up(room: RoomView, public_id: str) -> PersonCard:
    """The same, written down: that somebody was looked up, by whom."""
    with unit_of_work():
        person = person_or_404(room, public_id)
        asker = known_actor().person_id
        seen = [person.person_id] if person.person_id != asker else []
        record_all(
            LOOKED_UP,
            object_kind="person",
            object_ids=seen,
            room_id=room.room_id,
            actor_id=asker,
            now=clock.now(),
        )
    return person

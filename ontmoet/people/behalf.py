"""For whom a request acts: for oneself, or for a neighbour whom `voor` names."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from ontmoet.kernel import clock
from ontmoet.kernel.actor import Actor
from ontmoet.kernel.permissions import Permission, may_be_helped
from ontmoet.kernel.tokens import PUBLIC_ID
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.rules import RoomView
from ontmoet.web.access import known_actor, may

from .actor_queries import actor_by_public_id


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody for whom another acts, with the id that stands in addresses."""

    public_id: str
    person: Actor


def person_helped(room: RoomView) -> Helped | None:
    """Whom `voor` names, in the address or in the form; None without it.

    Stops with 404 unless the actor may act for others in this room, and for this person: so an id that
    is forged, foreign or one's own gives nothing away. Asked again at each request.
    """
    given = {*request.args.getlist("voor"), *request.form.getlist("voor")}
    if not given:
        return None
    public_id = given.pop()
    if given or not PUBLIC_ID.fullmatch(public_id) or not may(Permission.ON_BEHALF, room):
        abort(404)
    person = actor_by_public_id(public_id, today=day_of(clock.now()))
    if person is None or person.person_id == known_actor().person_id or not may_be_helped(person, room):
        abort(404)
    return Helped(public_id, person)

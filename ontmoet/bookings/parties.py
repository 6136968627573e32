"""For whom a booking is made. Pure, as rules are."""

from __future__ import annotations

from dataclasses import dataclass

from ontmoet.kernel.actor import Actor, Function
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS, lives_near
from ontmoet.rooms.rules import RoomView, UseKind


@dataclass(frozen=True, slots=True)
class Party:
    """For whom a booking is made: exactly one of a home, an organisation or the corporation.

    Fair use and approval do not bind staff and administrators (`is_bound`).
    """

    use_kind: UseKind
    home_id: int | None = None
    organisation_id: int | None = None
    is_bound: bool = True

    @property
    def is_corporation(self) -> bool:
        return self.home_id is None and self.organisation_id is None


def party_of(actor: Actor, room: RoomView) -> Party:
    """For whom this person books here: staff for the corporation, partners for their organisation,
    everybody else for the home they live in. Asked only of people who may book here.
    """
    functions = actor.functions_in(room.room_id)
    if Function.STAFF in functions or actor.has(Function.ADMINISTRATOR):
        return Party(UseKind.OWN, is_bound=False)
    if lives_near(actor, room):
        homes = [
            dwelling.home_id
            for dwelling in actor.dwellings
            if dwelling.complex_id in room.used_by_complexes or dwelling.home_id in room.used_by_homes
        ]
        return Party(UseKind.OWN, home_id=homes[0])
    if Function.PARTNER in functions and room.room_id in actor.organisations:
        return Party(UseKind.ORGANISATION, organisation_id=actor.organisations[room.room_id])
    if functions & (VOLUNTEERS | BOARD) and actor.dwellings:
        return Party(UseKind.OWN, home_id=actor.dwellings[0].home_id)
    return Party(UseKind.OWN)


def party_behind(
    person: Actor, room: RoomView, use_kind: UseKind, *, home_id: int | None, organisation_id: int | None
) -> Party:
    """The party of a booking that exists, as bound as the person it is for, whoever changes it."""
    bound = party_of(person, room).is_bound
    return Party(use_kind, home_id=home_id, organisation_id=organisation_id, is_bound=bound)

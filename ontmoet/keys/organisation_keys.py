"""Keys that an organisation has, mostly for good: whoever comes for it here hears, and may say if it is so.

Runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import actor_of
from ontmoet.rooms.queries import room_by_id

from .actions import hand_out
from .rules import Holder, HolderKind, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from .custodies import Grip
    from .holders import KeyPartner


def organisation(organisation_id: int) -> Holder:
    """An organisation as a holder."""
    return Holder(HolderKind.ORGANISATION, organisation_id=organisation_id)


def hand_out_to(partner: KeyPartner, grip: Grip, *, due_at: datetime | None) -> None:
    """The copy goes to an organisation that works in this room. Raises `Refused`.

    One of its contacts agreed with the house rules: that counts for all of it.
    """
    room = room_by_id(grip.room_id)
    # Asked one by one: with the first who agreed it is enough.
    actors = (actor_of(contact.person_id, today=day_of(grip.now)) for contact in partner.contacts)
    if all(agreement_of(actor, room, now=grip.now).is_missing for actor in actors):
        raise Refused(Objection(Reason.NEEDS_RULES))
    hand_out(grip, organisation(partner.organisation_id), due_at=due_at)

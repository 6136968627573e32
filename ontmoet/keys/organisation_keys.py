"""Keys that an organisation has, mostly for good: whoever comes for it here hears, and may say if it is so.

Runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.house_rules.queries import has_one_who_agreed
from ontmoet.kernel.objections import Objection, Refused

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
    people = [contact.person_id for contact in partner.contacts]
    if not has_one_who_agreed(people, grip.room_id, now=grip.now):
        raise Refused(Objection(Reason.NOBODY_AGREED))
    hand_out(grip, organisation(partner.organisation_id), due_at=due_at)

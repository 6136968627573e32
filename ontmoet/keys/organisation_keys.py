"""Keys that an organisation has, mostly for good: whoever comes for it here hears, and may say if it is so.

Runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import Notice, post_all
from ontmoet.people.queries import actor_of
from ontmoet.rooms.queries import room_by_id

from .actions import hand_out
from .holders import contacts_of
from .models import Custody
from .rules import Holder, HolderKind, News, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from .custodies import Grip
    from .holders import KeyPartner
    from .queries import Held

_custody = Custody.__table__

_ASK = (
    update(_custody)
    .where(_custody.c.copy_id == bindparam("which"), _custody.c.until.is_(None))
    .values(is_one_sided=True)
    .returning(_custody.c.id)
)


def organisation(organisation_id: int) -> Holder:
    """An organisation as a holder."""
    return Holder(HolderKind.ORGANISATION, organisation_id=organisation_id)


def hand_out_to(partner: KeyPartner, grip: Grip, *, due_at: datetime | None) -> None:
    """The copy goes to an organisation that works in this room. Raises `Refused`.

    One of its contacts agreed with the house rules: that counts for all of it.
    """
    room = room_by_id(grip.room_id)
    actors = [actor_of(contact.person_id, today=day_of(grip.now)) for contact in partner.contacts]
    if all(agreement_of(actor, room, now=grip.now).is_missing for actor in actors):
        raise Refused(Objection(Reason.NEEDS_RULES))
    hand_out(grip, organisation(partner.organisation_id), due_at=due_at)
    told = [contact.person_id for contact in partner.contacts]
    if grip.actor_id not in told:
        custody_id = execute(_ASK, which=grip.copy_id).scalar_one()
        _tell(News.GIVEN, told, custody_id, grip)


def tell_former(held: Held, holder: Holder, grip: Grip) -> None:
    """The contacts of an organisation hear that somebody else wrote down that it has the copy no more."""
    if held.holder != holder and holder.kind is not HolderKind.LOST:
        contacts = contacts_of(held.holder, grip.room_id, today=day_of(grip.now))
        told = [contact.person_id for contact in contacts]
        if grip.actor_id not in told:
            _tell(News.TAKEN_BACK, told, held.custody_id, grip)


def _tell(news: News, people: list[int], custody_id: int, grip: Grip) -> None:
    post_all(
        [
            Notice(
                news,
                person_id,
                custody_id,
                f"{news}:{custody_id}:{person_id}",
                due_at=grip.now,
                made_at=grip.now,
                room_id=grip.room_id,
            )
            for person_id in people
        ]
    )

"""Saying yes to a time that came free. Inside a unit of work; commits nothing itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .actions import TOLD_OF, ask_the_rule, hold_for, needs_decision
from .holding import let_go
from .models import Booking
from .parties import party_behind
from .queries import booking_by_public_id, person_of
from .rules import BookingWish, Reason
from .states import Status, lapses_at
from .telling import tell_deciders, tell_outcome

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import BookingView

_booking = Booking.__table__


def take_offer(offer: BookingView, *, actor: Actor, now: datetime) -> Status:
    """Book the time that is kept, or request it where somebody decides first; how it stands by then. A second
    tap changes nothing. Raises `Refused`, also when the offer is over, they belong to the room no longer or a
    rule does not allow it by now.
    """
    lock_room(offer.room_id)
    room = room_by_id(offer.room_id)
    if offer.home_id is not None:
        lock_home(offer.home_id)
    current = booking_by_public_id(offer.public_id, now=now)
    if current is None or current.status not in (Status.OFFERED, Status.REQUESTED, Status.CONFIRMED):
        raise Refused(Objection(Reason.OFFER_OVER))
    if current.status is not Status.OFFERED:
        return current.status
    person = person_of(current, actor, now=now)
    if not allows(person, Permission.BOOKING_MAKE, room):
        raise Refused(Objection(Reason.BELONGS_NO_LONGER))
    party = party_behind(
        person, room, current.use_kind, home_id=current.home_id, organisation_id=current.organisation_id
    )
    zone = next((each for each in room.zones if each.zone_id == current.zone_id), None)
    wish = BookingWish(current.slot, zone, current.people, current.purpose, current.fair_use_exception or "")
    agreement = agreement_of(person, room, now=now)
    # A date of a series may be offered further ahead than anybody books.
    roomy = replace(room, horizon_days=max(room.horizon_days, room.series_days))
    exception = ask_the_rule(
        wish, roomy, party, now=now, leave_out=current.booking_id, has_agreed=not agreement.is_missing
    )
    asks = needs_decision(room, party, current.responsible or "")
    status, lapses = Status.CONFIRMED, None
    if asks:
        status, lapses = Status.REQUESTED, lapses_at(now, current.slot.starts)
    execute(
        update(_booking)
        .where(_booking.c.id == current.booking_id)
        .values(
            status=status,
            lapses_at=lapses,
            entered_by_id=actor.person_id,
            rules_version_id=agreement.accepted_version.version_id if agreement.accepted_version else None,
            fair_use_exception=exception,
            version=current.version + 1,
        )
    )
    let_go(current.booking_id)
    hold_for(current.booking_id, wish, room, expires_at=lapses)
    record(
        "offer_taken",
        object_kind="booking",
        object_id=current.booking_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=current.person_id,
        now=now,
        changes={"beyond_fair_use": True} if exception else None,
    )
    tell_outcome(TOLD_OF[status], current, now=now)
    if lapses is not None:
        tell_deciders(
            current.booking_id,
            room_id=room.room_id,
            besides={current.person_id, actor.person_id},
            version=current.version + 1,
            lapses_at=lapses,
            now=now,
        )
    return status

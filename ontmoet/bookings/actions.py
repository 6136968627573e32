"""What happens to bookings. Each function runs inside a unit of work and commits nothing itself.

One order everywhere: lock the room; look the form's key up; lock the home; ask the rule; write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import earlier_or_refused, record, remember_answer

from .ending import lapse_overdue
from .holding import hold
from .models import Booking
from .parties import Party, party_of
from .rules import BookingWish, Moving, Reason, beyond_fair_use, objections_to
from .states import News, Status, Visibility, lapses_at
from .taken_queries import taken_between
from .telling import tell, tell_deciders
from .turns import fair_use_of
from .waiting import waits_already
from .waiting_rules import may_wait, waits_until

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

    from .queries import BookingView

_booking = Booking.__table__


@dataclass(frozen=True, slots=True)
class WishedFor:
    """A wish as a form gives it: the zone by its slug, empty for the whole room. `exception` is why it may
    go beyond fair use, given by somebody who may let it. `responsible` is who answers for an organisation.
    """

    slot: TimeSlot
    zone_slug: str
    people: int
    purpose: str
    exception: str = ""
    responsible: str = ""


TOLD_OF = {
    Status.CONFIRMED: News.CONFIRMED,
    Status.REQUESTED: News.REQUESTED,
    Status.WAITING: News.WAITS,
}
"""What somebody is told who booked, by how the booking stands."""


def refuse_early(objections: tuple[Objection, ...], *, post: FormPost) -> None:
    """Refuse, without waiting for the lock, what the rule refused when the form came in. Raises `Refused`.

    Most of two hundred people who want the same hour learn so at once that they are second. The rule is
    asked before the form's key is looked up: whoever is told "bezet" by a booking of their own has its key.
    """
    if objections and earlier_path(post) is None:
        raise Refused(*objections)


def book(
    room_id: int,
    wished: WishedFor,
    *,
    actor: Actor,
    post: FormPost,
    now: datetime,
    person: Actor | None = None,
    or_wait: bool = False,
) -> str:
    """Book or request, and tell where: the path of the booking's page. With `or_wait` a time that others have
    is waited for.

    It is for `person` when the actor does it for somebody else; that is whose home, house rules and limits
    are asked. The same form again gives the same path. Raises `Refused`.
    """
    person = person or actor
    lock_room(room_id)
    earlier = earlier_path(post)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    party = party_of(person, room)
    if party.home_id is not None:
        lock_home(party.home_id)
    wish = wish_in(room, wished)
    agreement = agreement_of(person, room, now=now)
    lapse_overdue(room.room_id, now=now)
    status, exception = Status.CONFIRMED, None
    try:
        exception = ask_the_rule(
            wish,
            room,
            party,
            now=now,
            has_agreed=not agreement.is_missing,
            person_id=person.person_id,
        )
    except Refused as refusal:
        if not (or_wait and may_wait(refusal.objections, wish.slot.starts, now=now)):
            raise
        if waits_already(person.person_id, room_id, wish.slot, now=now):
            raise Refused(Objection(Reason.WAITS_ALREADY)) from None
        # Whether it is needed shows when the time comes free.
        status, exception = Status.WAITING, wish.exception or None
    lapses = waits_until(wish.slot.starts) if status is Status.WAITING else None
    if status is Status.CONFIRMED and needs_decision(room, party, wished.responsible):
        status, lapses = Status.REQUESTED, lapses_at(now, wish.slot.starts)
    public_id = new_public_id()
    booking_id: int = execute(
        insert(_booking).returning(_booking.c.id),
        public_id=public_id,
        room_id=room.room_id,
        zone_id=wish.zone.zone_id if wish.zone else None,
        home_id=party.home_id,
        organisation_id=party.organisation_id,
        for_corporation=party.is_corporation,
        person_id=person.person_id,
        entered_by_id=actor.person_id,
        use_kind=party.use_kind,
        visibility=Visibility.CLOSED,
        starts_at=wish.slot.starts,
        ends_at=wish.slot.ends,
        people=wish.people,
        purpose=wish.purpose,
        status=status,
        made_at=now,
        lapses_at=lapses,
        rules_version_id=agreement.accepted_version.version_id if agreement.accepted_version else None,
        fair_use_exception=exception,
        responsible=wished.responsible or None,
        version=1,
    ).scalar_one()
    if status is not Status.WAITING:
        hold_for(booking_id, wish, room, expires_at=lapses)
    record(
        "booking_waits"
        if status is Status.WAITING
        else ("booking_requested" if status is Status.REQUESTED else "booking_made"),
        object_kind="booking",
        object_id=booking_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=person.person_id,
        now=now,
        # While somebody waits, none is used yet.
        changes=facts_of(wish)
        | ({"beyond_fair_use": True} if exception and status is not Status.WAITING else {}),
    )
    news = TOLD_OF[status]
    tell(news, booking_id, person.person_id, room_id=room_id, starts=wish.slot.starts, version=1, now=now)
    if status is Status.REQUESTED and lapses is not None:
        besides = {person.person_id, actor.person_id}
        tell_deciders(booking_id, room_id=room_id, besides=besides, version=1, lapses_at=lapses, now=now)
    return done(post, public_id, now)


def needs_decision(room: RoomView, party: Party, responsible: str) -> bool:
    """Whether somebody has to say yes first: the room has it so for this kind of use, or nobody answers for
    the organisation that asks (AG-05). Whom approval does not bind is never asked to wait.
    """
    is_open_question = party.organisation_id is not None and not responsible
    return party.is_bound and (room.use_rule(party.use_kind).needs_approval or is_open_question)


def wish_in(room: RoomView, wished: WishedFor) -> BookingWish:
    """The wish with its zone looked up. Raises `Refused` when the room has no such zone."""
    zone = room.zone(wished.zone_slug) if wished.zone_slug else None
    if wished.zone_slug and zone is None:
        raise Refused(Objection(Reason.NO_SUCH_ZONE, "zone"))
    if not room.is_divisible:
        zone = None
    return BookingWish(wished.slot, zone, wished.people, wished.purpose, wished.exception)


def ask_the_rule(
    wish: BookingWish,
    room: RoomView,
    party: Party,
    *,
    now: datetime,
    moving: Moving | None = None,
    leave_out: int | None = None,
    has_agreed: bool = True,
    person_id: int | None = None,
) -> str | None:
    """Why it may go beyond fair use, None when it does not. `leave_out` is a booking that
    is there already. Raises `Refused`.
    """
    day = day_of(wish.slot.starts)
    held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
    fair_use = fair_use_of(room, party, day, day, now=now, leave_out=(leave_out,))
    objections = objections_to(
        wish,
        room,
        taken=taken_between(room.room_id, held.starts, held.ends, now=now, leave_out=leave_out),
        fair_use=fair_use,
        now=now,
        moving=moving,
        has_agreed=has_agreed,
        person_id=person_id,
    )
    refuse_any(objections)
    return (wish.exception or None) if beyond_fair_use(wish, fair_use) else None


def moving_of(
    booking: BookingView, room: RoomView, *, may_have_more: bool, needs_yes: bool = False
) -> Moving:
    """The booking as the rule knows it."""
    zone_ids = room.zone_ids if booking.zone_id is None else frozenset({booking.zone_id})
    return Moving(booking.slot, zone_ids, may_have_more, needs_yes)


def may_have_more(booking: BookingView, room: RoomView, actor: Actor) -> bool:
    """Whether a booking may get another time or part. Not from who moved out; who works there may still help
    them.
    """
    return booking.person_id != actor.person_id or allows(actor, Permission.BOOKING_MAKE, room)


def earlier_path(post: FormPost) -> str | None:
    """Where the same form led before. Raises `Refused` when its key is used for another."""
    return earlier_or_refused(post, Reason.FORM_REUSED)


def done(post: FormPost, public_id: str, now: datetime) -> str:
    """Use the form's key up; the path of the booking's page."""
    location = f"/reserveringen/{public_id}"
    remember_answer(post, location, now=now)
    return location


def zone_of(wish: BookingWish) -> int | None:
    """The id of the zone that is wished for, None for the whole room."""
    return wish.zone.zone_id if wish.zone else None


def facts_of(wish: BookingWish) -> dict[str, object]:
    """What the audit keeps of a wish."""
    return {
        "starts": wish.slot.starts,
        "ends": wish.slot.ends,
        "zone": wish.zone.slug if wish.zone else "",
        "people": wish.people,
    }


def hold_for(booking_id: int, wish: BookingWish, room: RoomView, *, expires_at: datetime | None) -> None:
    """Hold the zones of a wish for a booking, buffer included. Raises `Refused`."""
    held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
    hold(wish.zone_ids(room), held, booking_id=booking_id, expires_at=expires_at)

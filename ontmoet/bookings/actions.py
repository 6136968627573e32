"""What happens to bookings. Each function runs inside a unit of work and commits nothing itself.

One order everywhere: lock the room, then the home; look the form's key up; ask the rule; write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import FormReused, earlier_answer, record, remember_answer

from .ending import lapse_requests
from .holding import hold, let_go
from .models import Booking
from .parties import Party, party_behind, party_of
from .queries import booking_by_public_id, fair_use_of, person_of, taken_between
from .rules import (
    BookingWish,
    News,
    Reason,
    Status,
    Visibility,
    beyond_fair_use,
    lapses_at,
    may_still_change,
    objections_to,
)
from .telling import tell
from .using import take_back_early

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

    from .queries import BookingView

_booking = Booking.__table__


@dataclass(frozen=True, slots=True)
class WishedFor:
    """A wish as a form gives it: the zone by its slug, empty for the whole room. `exception` is why it may
    go beyond fair use, given by somebody who may let it.
    """

    slot: TimeSlot
    zone_slug: str
    people: int
    purpose: str
    exception: str = ""


def refuse_early(objections: tuple[Objection, ...], *, post: FormPost) -> None:
    """Refuse, without waiting for the lock, what the rule refused when the form came in. Raises `Refused`.

    Most of two hundred people who want the same hour learn so at once that they are second. The rule is
    asked before the form's key is looked up: whoever is told "bezet" by a booking of their own has its key.
    """
    if objections and _earlier(post) is None:
        raise Refused(*objections)


def book(
    room_id: int,
    wished: WishedFor,
    *,
    actor: Actor,
    post: FormPost,
    now: datetime,
    person: Actor | None = None,
) -> str:
    """Book or request, and tell where: the path of the booking's page.

    It is for `person` when the actor does it for somebody else; that is whose home, house rules and limits
    are asked. The same form again gives the same path. Raises `Refused`.
    """
    person = person or actor
    lock_room(room_id)
    earlier = _earlier(post)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    party = party_of(person, room)
    if party.home_id is not None:
        lock_home(party.home_id)
    wish = wish_in(room, wished)
    agreement = agreement_of(person, room, now=now)
    lapse_requests(room.room_id, now=now)
    exception = _ask_the_rule(wish, room, party, now=now, has_agreed=not agreement.is_missing)

    rule = room.use_rule(party.use_kind)
    asks = rule.needs_approval and party.is_bound
    lapses = lapses_at(now, wish.slot.starts) if asks else None
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
        status=Status.REQUESTED if asks else Status.CONFIRMED,
        made_at=now,
        lapses_at=lapses,
        rules_version_id=agreement.accepted_version.version_id if agreement.accepted_version else None,
        fair_use_exception=exception,
        version=1,
    ).scalar_one()
    _hold(booking_id, wish, room, expires_at=lapses)
    record(
        "booking_requested" if asks else "booking_made",
        object_kind="booking",
        object_id=booking_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=_other_than(actor, person.person_id),
        now=now,
        changes=_facts(wish) | ({"beyond_fair_use": True} if exception else {}),
    )
    news = News.REQUESTED if asks else News.CONFIRMED
    tell(news, booking_id, person.person_id, room_id=room_id, starts=wish.slot.starts, version=1, now=now)
    return _done(post, public_id, now)


def change(
    booking: BookingView,
    wished: WishedFor,
    *,
    seen_version: int,
    actor: Actor,
    post: FormPost,
    now: datetime,
) -> str:
    """Move a booking to another time or zone, or change its people, in one go: it keeps the old
    slot, or has the new one, never neither and never both. Raises `Refused`.
    """
    lock_room(booking.room_id)
    earlier = _earlier(post)
    if earlier is not None:
        return earlier
    room = room_by_id(booking.room_id)
    if booking.home_id is not None:
        lock_home(booking.home_id)
    current = _current(booking, now=now)
    if current.version != seen_version:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    given = wished.exception or current.exception_for(wished.slot)
    wish = wish_in(room, replace(wished, exception=given))
    party = party_behind(
        person_of(current, actor, now=now),
        room,
        current.use_kind,
        home_id=current.home_id,
        organisation_id=current.organisation_id,
    )
    lapse_requests(room.room_id, now=now)
    exception = _ask_the_rule(wish, room, party, now=now, moving=current)

    asks = room.use_rule(party.use_kind).needs_approval and party.is_bound
    moved = wish.slot != current.slot or _zone_id(wish) != current.zone_id
    # Another time or place is another question; more people or another purpose is not.
    asks_again = asks and (moved or current.status is Status.REQUESTED)
    lapses = _lapses_again(current, wish.slot.starts, now=now) if asks_again else None
    execute(
        update(_booking)
        .where(_booking.c.id == current.booking_id)
        .values(
            zone_id=_zone_id(wish),
            starts_at=wish.slot.starts,
            ends_at=wish.slot.ends,
            people=wish.people,
            purpose=wish.purpose,
            status=Status.REQUESTED if asks_again else Status.CONFIRMED,
            lapses_at=lapses,
            entered_by_id=actor.person_id,
            fair_use_exception=exception,
            version=current.version + 1,
        )
    )
    if moved:
        take_back_early(current.booking_id, wish.slot, now=now)
    let_go(current.booking_id)
    _hold(current.booking_id, wish, room, expires_at=lapses)
    record(
        "booking_changed",
        object_kind="booking",
        object_id=current.booking_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=_other_than(actor, current.person_id),
        now=now,
        changes={
            "was": {"starts": current.slot.starts, "ends": current.slot.ends},
            **_facts(wish),
            **({"beyond_fair_use": True} if exception else {}),
        },
    )
    tell(
        News.CHANGED,
        current.booking_id,
        current.person_id,
        room_id=room.room_id,
        starts=wish.slot.starts,
        version=current.version + 1,
        now=now,
    )
    return _done(post, current.public_id, now)


def wish_in(room: RoomView, wished: WishedFor) -> BookingWish:
    """The wish with its zone looked up. Raises `Refused` when the room has no such zone."""
    zone = room.zone(wished.zone_slug) if wished.zone_slug else None
    if wished.zone_slug and zone is None:
        raise Refused(Objection(Reason.NO_SUCH_ZONE, "zone"))
    if not room.is_divisible:
        zone = None
    return BookingWish(wished.slot, zone, wished.people, wished.purpose, wished.exception)


def _ask_the_rule(
    wish: BookingWish,
    room: RoomView,
    party: Party,
    *,
    now: datetime,
    moving: BookingView | None = None,
    has_agreed: bool = True,
) -> str | None:
    """Why it may go beyond fair use, None when it does not. Raises `Refused`."""
    leave_out = moving.booking_id if moving else None
    day = day_of(wish.slot.starts)
    held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
    fair_use = fair_use_of(room, party, day, day, now=now, leave_out=leave_out)
    objections = objections_to(
        wish,
        room,
        taken=taken_between(room.room_id, held.starts, held.ends, now=now, leave_out=leave_out),
        fair_use=fair_use,
        now=now,
        moving=moving.slot if moving else None,
        has_agreed=has_agreed,
    )
    if objections:
        raise Refused(*objections)
    return wish.exception if beyond_fair_use(wish, fair_use) else None


def _other_than(actor: Actor, person_id: int | None) -> int | None:
    return None if person_id == actor.person_id else person_id


def _lapses_again(booking: BookingView, starts: datetime, *, now: datetime) -> datetime:
    """When a changed request lapses: its 72 hours do not start anew, or it could hold on for ever."""
    if booking.status is Status.REQUESTED:
        lapses = lapses_at(booking.made_at, starts)
        if lapses > now:
            return lapses
    return lapses_at(now, starts)


def _current(booking: BookingView, *, now: datetime) -> BookingView:
    """The booking as it is under the lock. Raises `Refused` when it cannot be changed any more."""
    current = booking_by_public_id(booking.public_id, now=now)
    if current is None or not may_still_change(current.status, current.slot, now=now):
        raise Refused(Objection(Reason.ALREADY_OVER))
    return current


def _earlier(post: FormPost) -> str | None:
    try:
        return earlier_answer(post)
    except FormReused:
        raise Refused(Objection(Reason.FORM_REUSED)) from None


def _done(post: FormPost, public_id: str, now: datetime) -> str:
    location = f"/reserveringen/{public_id}"
    remember_answer(post, location, now=now)
    return location


def _zone_id(wish: BookingWish) -> int | None:
    return wish.zone.zone_id if wish.zone else None


def _facts(wish: BookingWish) -> dict[str, object]:
    return {
        "starts": wish.slot.starts,
        "ends": wish.slot.ends,
        "zone": wish.zone.slug if wish.zone else "",
        "people": wish.people,
    }


def _hold(booking_id: int, wish: BookingWish, room: RoomView, *, expires_at: datetime | None) -> None:
    held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
    hold(wish.zone_ids(room), held, booking_id=booking_id, expires_at=expires_at)

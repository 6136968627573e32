"""A booking that exists gets another time, part or number of people. Commits nothing itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .actions import (
    ask_the_rule,
    done,
    earlier_path,
    facts_of,
    hold_for,
    may_have_more,
    moving_of,
    needs_decision,
    wish_in,
    zone_of,
)
from .ending import hand_on, lapse_overdue
from .holding import let_go
from .models import Booking
from .parties import party_behind
from .queries import booking_by_public_id, person_of
from .request_rules import lapses_after_move
from .rules import Reason
from .states import News, Status, lapses_at, may_still_change
from .telling import tell, tell_deciders
from .turns import gives_up_late
from .using import take_back_early

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

    from .actions import WishedFor
    from .queries import BookingView
    from .rules import BookingWish

_booking = Booking.__table__


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
    earlier = earlier_path(post)
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
    lapse_overdue(room.room_id, now=now)
    responsible = wished.responsible or current.responsible or ""
    asks = needs_decision(room, party, responsible)
    has = moving_of(current, room, may_have_more=may_have_more(current, room, actor), needs_yes=asks)
    exception = ask_the_rule(
        wish,
        room,
        party,
        now=now,
        moving=has,
        leave_out=current.booking_id,
        person_id=current.person_id,
    )

    moved = wish.slot != current.slot or zone_of(wish) != current.zone_id
    # Another time or place is another question; less of what was agreed to, more people or another purpose
    # is not.
    asks_again = asks and (current.status is Status.REQUESTED or not has.holds(wish, room))
    lapses = _lapses_again(current, wish.slot.starts, now=now) if asks_again else None
    execute(
        update(_booking)
        .where(_booking.c.id == current.booking_id)
        .values(
            zone_id=zone_of(wish),
            starts_at=wish.slot.starts,
            ends_at=wish.slot.ends,
            people=wish.people,
            purpose=wish.purpose,
            status=Status.REQUESTED if asks_again else Status.CONFIRMED,
            lapses_at=lapses,
            entered_by_id=actor.person_id,
            fair_use_exception=exception,
            responsible=responsible or None,
            # Who did this last is who changed it, not who once said yes.
            decided_by_id=None,
            decided_at=None,
            version=current.version + 1,
            **({"asked_again_at": now} if asks_again and current.status is Status.CONFIRMED else {}),
            **_given_up_late(current, wish, room, actor, now),
        )
    )
    if moved:
        take_back_early(current.booking_id, wish.slot, now=now)
    let_go(current.booking_id)
    hold_for(current.booking_id, wish, room, expires_at=lapses)
    record(
        "booking_changed",
        object_kind="booking",
        object_id=current.booking_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=current.person_id,
        now=now,
        changes={
            "was": {"starts": current.slot.starts, "ends": current.slot.ends},
            **facts_of(wish),
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
    if lapses is not None and current.status is Status.CONFIRMED:
        tell_deciders(
            current.booking_id,
            room_id=room.room_id,
            besides={current.person_id, actor.person_id},
            version=current.version + 1,
            lapses_at=lapses,
            now=now,
        )
    if moved:
        hand_on(room.room_id, now=now)
    return done(post, current.public_id, now)


def _given_up_late(
    booking: BookingView, wish: BookingWish, room: RoomView, actor: Actor, now: datetime
) -> dict[str, datetime]:
    """Nobody else can use a time that is given up so late: cancelling afterwards is not free either."""
    is_own = actor.person_id == booking.person_id
    gives_up = wish.slot.starts != booking.slot.starts and gives_up_late(booking.slot.starts, room, now=now)
    return {"moved_late_at": now} if is_own and gives_up else {}


def _lapses_again(booking: BookingView, starts: datetime, *, now: datetime) -> datetime:
    """When a changed request lapses: its 72 hours do not start anew, or it could hold on for ever."""
    if booking.status is Status.REQUESTED and booking.lapses_at is not None:
        kept = lapses_after_move(lapses_at(booking.made_at, starts), booking.lapses_at, starts)
        if kept > now:
            return kept
    return lapses_at(now, starts)


def _current(booking: BookingView, *, now: datetime) -> BookingView:
    """The booking as it is under the lock. Raises `Refused` when it cannot be changed any more."""
    current = booking_by_public_id(booking.public_id, now=now)
    if current is None or not may_still_change(current.status, current.slot, now=now):
        raise Refused(Objection(Reason.ALREADY_OVER))
    return current

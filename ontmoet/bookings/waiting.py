"""Who waits for a time that is taken, and what happens when it comes free. Runs under the lock of the room.

A wish that waits is a booking that holds nothing; an offer is one that holds its time until its reader says
yes, or is too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import and_, bindparam, func, or_, select, update

from ontmoet.db import execute, instant_named
from ontmoet.hearing.queries import reader_of
from ontmoet.hearing.rules import QuietHours
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import record

from .holding import hold
from .models import Booking
from .parties import party_behind
from .queries import BOOKINGS, booking_view
from .rules import BookingWish, Reason, objections_to
from .states import News, Status
from .taken_queries import taken_between
from .turns import fair_use_of
from .waiting_rules import offer_ends, reason_lapsed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView
    from .states import CancelReason

_booking = Booking.__table__


_WAITS = (
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.status == Status.WAITING,
    _booking.c.lapses_at > instant_named("now"),
)
_IN_TURN = BOOKINGS.where(*_WAITS, _booking.c.person_id.is_not(None)).order_by(
    _booking.c.made_at, _booking.c.id
)
_WISHES = BOOKINGS.where(_booking.c.id.in_(bindparam("wish_ids", expanding=True)))
_OVERLAPS = (_booking.c.starts_at < instant_named("until"), _booking.c.ends_at > instant_named("since"))
# The whole room and each part of it are in each other's way; two parts are not.
_SAME_PART = or_(
    _booking.c.zone_id.is_(None),
    _booking.c.zone_id
    == func.coalesce(bindparam("zone_id", type_=_booking.c.zone_id.type), _booking.c.zone_id),
)
_BEFORE = select(func.count()).where(
    *_WAITS,
    *_OVERLAPS,
    _SAME_PART,
    or_(
        _booking.c.made_at < instant_named("asked_at"),
        and_(_booking.c.made_at == instant_named("asked_at"), _booking.c.id < bindparam("mine")),
    ),
)
_MINE = (
    select(_booking.c.public_id)
    .where(*_WAITS, *_OVERLAPS, _booking.c.person_id == bindparam("person_id"))
    .limit(1)
)
_OFFER = (
    update(_booking)
    .where(_booking.c.id == bindparam("which"))
    .values(status=Status.OFFERED, lapses_at=instant_named("ends"), version=_booking.c.version + 1)
)


@dataclass(frozen=True, slots=True)
class InTurn:
    """Somebody who waits: since when, and what offers them their time; whether it could."""

    asked_at: datetime
    number: int
    offer: Callable[[], bool]


def number_before(wish: BookingView, *, now: datetime) -> int:
    """How many that want some of the same time and place asked earlier: wishes, and dates of series."""
    wishes: int = execute(
        _BEFORE,
        room_id=wish.room_id,
        now=now,
        since=wish.slot.starts,
        until=wish.slot.ends,
        zone_id=wish.zone_id,
        asked_at=wish.made_at,
        mine=wish.booking_id,
    ).scalar_one()
    dates: int = current_app.extensions["ontmoet_dates_before"](wish, now=now)
    return wishes + dates


def waits_already(person_id: int, room_id: int, slot: TimeSlot, *, now: datetime) -> bool:
    """Whether somebody waits for some of this time."""
    found = execute(_MINE, room_id=room_id, person_id=person_id, now=now, since=slot.starts, until=slot.ends)
    return found.first() is not None


def offer_freed(room_id: int, *, now: datetime) -> int:
    """Offer what came free to who waits for it, each time to who asked first; how many offers. Series stand
    above bookings and bring the dates that they could not have.
    """
    in_turn: list[InTurn] = current_app.extensions["ontmoet_dates_in_turn"](room_id, now=now)
    wishes = [booking_view(row, now) for row in execute(_IN_TURN, room_id=room_id, now=now).all()]
    if wishes:
        room = room_by_id(room_id)
        in_turn += [
            InTurn(wish.made_at, wish.booking_id, partial(_offered, wish, room, now=now)) for wish in wishes
        ]
    return sum(each.offer() for each in sorted(in_turn, key=attrgetter("asked_at", "number")))


def objections_now(
    waiting: BookingView, room: RoomView, person: Actor, *, now: datetime
) -> tuple[Objection, ...]:
    """Why somebody who waits cannot have their time as things are. At most two statements."""
    zone = next((each for each in room.zones if each.zone_id == waiting.zone_id), None)
    if zone is None and waiting.zone_id is not None:
        return (Objection(Reason.NO_SUCH_ZONE),)
    wish = BookingWish(waiting.slot, zone, waiting.people, waiting.purpose, waiting.fair_use_exception or "")
    party = party_behind(
        person, room, waiting.use_kind, home_id=waiting.home_id, organisation_id=waiting.organisation_id
    )
    held, day = _held(waiting, room), day_of(waiting.slot.starts)
    return objections_to(
        wish,
        room,
        taken=taken_between(room.room_id, held.starts, held.ends, now=now),
        fair_use=fair_use_of(room, party, day, day, now=now),
        now=now,
        person_id=waiting.person_id,
    )


def why_in_vain(wish_ids: Collection[int], room: RoomView, *, now: datetime) -> dict[int, CancelReason]:
    """Why each of these waited in vain, whose wish in this room ends now. A statement for all of them, one
    for each person, and for each wish those of `objections_now`.
    """
    who: dict[int, Actor] = {}
    found = {}
    for row in execute(_WISHES, wish_ids=[*wish_ids]).all():
        wish = booking_view(row, now)
        objections: tuple[Objection, ...] = ()
        if wish.person_id is not None:
            if wish.person_id not in who:
                who[wish.person_id] = actor_of(wish.person_id, today=day_of(now))
            objections = objections_now(wish, room, who[wish.person_id], now=now)
        found[wish.booking_id] = reason_lapsed(Status.WAITING, objections)
    return found


def _held(waiting: BookingView, room: RoomView) -> TimeSlot:
    return waiting.slot.with_tail(timedelta(minutes=room.buffer_minutes))


def _offered(wish: BookingView, room: RoomView, *, now: datetime) -> bool:
    if wish.person_id is None:
        return False
    person = actor_of(wish.person_id, today=day_of(now))
    if not allows(person, Permission.BOOKING_MAKE, room) or objections_now(wish, room, person, now=now):
        return False
    reader = reader_of(wish.person_id)
    ends = offer_ends(wish.slot.starts, reader.quiet if reader else QuietHours(), now=now)
    if ends is None:
        return False
    zone_ids = room.zone_ids if wish.zone_id is None else frozenset({wish.zone_id})
    execute(_OFFER, which=wish.booking_id, ends=ends)
    hold(zone_ids, _held(wish, room), booking_id=wish.booking_id, expires_at=ends)
    tell_of_offer(wish.booking_id, wish.person_id, room.room_id, until=ends, now=now)
    return True


def tell_of_offer(booking_id: int, person_id: int, room_id: int, *, until: datetime, now: datetime) -> None:
    """Record that a time is offered, and tell whom it is offered to."""
    record(
        "time_offered",
        object_kind="booking",
        object_id=booking_id,
        room_id=room_id,
        actor_id=None,
        on_behalf_of_id=person_id,
        now=now,
    )
    post(
        News.OFFERED,
        person_id=person_id,
        object_id=booking_id,
        dedupe_key=f"{News.OFFERED}:{booking_id}",
        due_at=now,
        now=now,
        room_id=room_id,
        useful_until=until,
    )

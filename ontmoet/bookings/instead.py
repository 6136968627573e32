"""What somebody can do whose booking did not go on: ask again, or take another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, start_of

from .alternatives import DAYS_SEARCHED, Alternative, alternatives_to, first_day_searched
from .form_links import path_to
from .parties import party_behind
from .rules import BookingWish, Taken, objections_to
from .states import Status, made_way
from .taken_queries import taken_between
from .turns import fair_use_of
from .wording import alternative_lines

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView


@dataclass(frozen=True, slots=True)
class Way:
    """A time that can be had as it stands: the form filled in with it, and what it says."""

    href: str
    icon: str
    when: str
    where: str
    slot: TimeSlot


@dataclass(frozen=True, slots=True)
class Instead:
    """What can be had instead: at most three other times, and whether the time itself can be asked again."""

    ways: tuple[Way, ...] = ()
    again: bool = False


def can_be_had_otherwise(found: BookingView, *, now: datetime) -> bool:
    """Whether another time is of any use: somebody said no, or nobody answered, and it is still to come. For
    what made way when its time was shut there is `ways_after_closing`.
    """
    is_no = found.status in (Status.DECLINED, Status.LAPSED) and not made_way(found.status, found.reason)
    return is_no and found.slot.ends > now


def ways_instead(found: BookingView, room: RoomView, person: Actor, *, now: datetime) -> Instead:
    """Times near the one that did not go on, as far as this person can have them. At most two statements.

    The time itself is none of them: who was told no gets something else, or asks again.
    """
    if not allows(person, Permission.BOOKING_MAKE, room):
        return Instead()
    zone = next((each for each in room.zones if each.zone_id == found.zone_id), None)
    wish = BookingWish(found.slot, zone, found.people, found.purpose)
    party = party_behind(
        person, room, found.use_kind, home_id=found.home_id, organisation_id=found.organisation_id
    )
    first = first_day_searched(wish, room, now)
    last = first + timedelta(days=DAYS_SEARCHED - 1)
    until = start_of(last + timedelta(days=1))
    taken = taken_between(room.room_id, start_of(first), until, now=now)
    fair_use = fair_use_of(room, party, first, last, now=now)
    itself = tuple(Taken(zone_id, found.slot) for zone_id in wish.zone_ids(room))
    ways = alternatives_to(wish, room, taken=(*taken, *itself), fair_use=fair_use, now=now)
    asked_day = day_of(found.slot.starts)
    return Instead(
        tuple(way_to(way, room, people=found.people, asked_day=asked_day, now=now) for way in ways),
        again=not objections_to(wish, room, taken=taken, fair_use=fair_use, now=now),
    )


def path_to_ask_again(found: BookingView, room: RoomView) -> str:
    """The form with the same time."""
    zone = next((each.slug for each in room.zones if each.zone_id == found.zone_id), "")
    return path_to(room, found.slot, zone_slug=zone, people=found.people)


def way_to(way: Alternative, room: RoomView, *, people: int, asked_day: date, now: datetime) -> Way:
    """An alternative as a way to it, in the words of somebody who asked for `asked_day`."""
    when, where = alternative_lines(way, asked_day=asked_day, today=day_of(now))
    zone_slug = way.zone.slug if way.zone else ""
    icon = "clock" if day_of(way.slot.starts) == asked_day else "calendar"
    return Way(path_to(room, way.slot, zone_slug=zone_slug, people=people), icon, when, where, way.slot)

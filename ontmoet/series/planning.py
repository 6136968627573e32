"""How a series would be in a room, date by date, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings.alternatives import Alternative, on_day
from ontmoet.bookings.parties import Party, party_of
from ontmoet.bookings.rules import BookingWish, objections_to, slot_on
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.bookings.turns import fair_use_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of, whole_day
from ontmoet.rooms.rules import UseKind

from .rules import At, Outlook, Reason, Rhythm, Why, days_of, look_at, objections_to_rhythm
from .taken_queries import taken_on

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .queries import SeriesView

MOST_WITH_WAYS = 12
"""Dates for which something else is looked for: whoever has more of them wants another time altogether."""

OF_THE_WHOLE = frozenset(
    {
        BookingReason.HOUSE_RULES_NOT_AGREED,
        BookingReason.ROOM_CLOSED,
        BookingReason.TOO_SHORT,
        BookingReason.TOO_LONG,
        BookingReason.TOO_MANY_PEOPLE,
    }
)
"""What is wrong with every date alike."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A series as a form asks for it. Times in minutes after midnight; the zone by its slug, empty for the
    whole room.
    """

    rhythm: Rhythm
    starts: int
    ends: int
    zone_slug: str
    people: int
    purpose: str
    responsible: str = ""
    is_drop_in: bool = False

    def zone(self, room: RoomView) -> ZoneView | None:
        """The zone that is asked for, None for the whole room. Raises `Refused` when there is none such."""
        return zone_called(self.zone_slug, room)


@dataclass(frozen=True, slots=True)
class Instead:
    """Another time or zone that was chosen for one date."""

    starts: int
    ends: int
    zone_slug: str


def zone_called(slug: str, room: RoomView) -> ZoneView | None:
    """The zone with this slug, None for the whole room. Raises `Refused`."""
    if not slug or not room.is_divisible:
        return None
    zone = room.zone(slug)
    if zone is None:
        raise Refused(Objection(BookingReason.NO_SUCH_ZONE, "zone"))
    return zone


def zone_with(zone_id: int | None, room: RoomView) -> ZoneView | None:
    """The zone with this id, None for the whole room. Raises `Refused` when it is gone."""
    zone = next((each for each in room.zones if each.zone_id == zone_id), None)
    if zone is None and zone_id is not None:
        raise Refused(Objection(BookingReason.NO_SUCH_ZONE, "zone"))
    return zone if room.is_divisible else None


def party_for(person: Actor, room: RoomView, *, is_drop_in: bool) -> Party:
    """For whom it is: a drop-in is of the room itself, and open to all."""
    party = party_of(person, room)
    if is_drop_in:
        return Party(UseKind.OPEN_ACTIVITY, is_bound=party.is_bound)
    return party


def refuse_whole(
    asked: Asked, room: RoomView, *, now: datetime, has_agreed: bool = True, checks_days: bool = True
) -> None:
    """Raises `Refused` when it cannot be at all, whatever day it is."""
    against = objections_to_rhythm(asked.rhythm, room, today=day_of(now)) if checks_days else ()
    if against:
        raise Refused(*against)
    wish = _typical(asked, room)
    found = objections_to(wish, room, taken=(), fair_use=(), now=now, has_agreed=has_agreed)
    against = tuple(each for each in found if each.reason in OF_THE_WHOLE)
    if against:
        raise Refused(*against)


def _typical(asked: Asked, room: RoomView) -> BookingWish:
    """The wish on a day on which the clock does not change. Raises `Refused` when its times make no slot."""
    zone = asked.zone(room)
    first = days_of(asked.rhythm, most=2) or (asked.rhythm.first,)
    for day in first[:-1]:
        try:
            return BookingWish(slot_on(day, asked.starts, asked.ends), zone, asked.people, asked.purpose)
        except Refused as refusal:
            if any(each.reason is not BookingReason.NO_SUCH_TIME for each in refusal.objections):
                raise
    return BookingWish(slot_on(first[-1], asked.starts, asked.ends), zone, asked.people, asked.purpose)


def look(
    asked: Asked,
    room: RoomView,
    party: Party,
    *,
    now: datetime,
    struck: Collection[date] = (),
    instead: Mapping[date, Instead] | None = None,
) -> tuple[Outlook, ...]:
    """How it is on each of its days, in two statements. What is past today is none of them. Raises `Refused`
    when nothing is left.
    """
    zone = asked.zone(room)
    chosen = instead or {}
    outlooks = look_on(
        [
            At(day, asked.starts, asked.ends, zone)
            if (other := chosen.get(day)) is None
            else At(day, other.starts, other.ends, zone_called(other.zone_slug, room))
            for day in days_of(asked.rhythm)
        ],
        room,
        party,
        now=now,
        struck=struck,
    )
    coming = tuple(each for each in outlooks if each.why is not Why.PAST)
    if not coming:
        raise Refused(Objection(Reason.NO_DATES, "last"))
    return coming


def look_on(
    asked: Sequence[At],
    room: RoomView,
    party: Party,
    *,
    now: datetime,
    struck: Collection[date] = (),
    leave_out: Collection[int] = (),
) -> tuple[Outlook, ...]:
    """The same for days with a time and zone each. `leave_out` are bookings that move."""
    if not asked:
        return ()
    tail = timedelta(minutes=room.buffer_minutes)
    slots = [at.slot for at in asked]
    windows = {
        at.day: slot.with_tail(tail) for at, slot in zip(asked, slots, strict=True) if slot is not None
    }
    taken = taken_on(room.room_id, windows, now=now, leave_out=leave_out)
    first, last = min(at.day for at in asked), max(at.day for at in asked)
    fair_use = fair_use_of(room, party, first, last, now=now, leave_out=leave_out)
    return look_at(asked, slots, room, taken=taken, fair_use=fair_use, struck=struck, now=now)


def ways_on(
    outlooks: Sequence[Outlook], asked: Asked, room: RoomView, *, now: datetime
) -> dict[date, list[Alternative]]:
    """What is free instead on days that cannot be had: another part at the same time, and the same part at
    another time of that day. One statement for all of them.
    """
    stuck = [each for each in outlooks if each.why in (Why.TAKEN, Why.CLOSED, Why.SHUT) and each.slot]
    stuck = stuck[:MOST_WITH_WAYS]
    taken = taken_on(room.room_id, {each.day: whole_day(each.day) for each in stuck}, now=now)
    # A series may lie further ahead than anybody books.
    roomy = replace(room, horizon_days=max(room.horizon_days, room.series_days))
    found = {}
    for each in stuck:
        if each.slot is None:
            continue
        held = taken.get(each.day, ())
        wish = BookingWish(each.slot, each.zone, asked.people, asked.purpose)
        zones = [zone for zone in room.zones if zone != each.zone] if room.is_divisible and each.zone else []
        candidates = [Alternative(each.slot, zone) for zone in zones]
        same_zone = [
            way for way in on_day(wish, each.zone, room, each.day, held, (), now) if not way.is_shorter
        ]
        found[each.day] = [
            way
            for way in (*candidates, *same_zone[:1])
            if not objections_to(
                replace(wish, slot=way.slot, zone=way.zone), roomy, taken=held, fair_use=(), now=now
            )
        ][:2]
    return found


def asked_as_is(series: SeriesView, room: RoomView) -> Asked:
    """The series as a form would ask for it, as it is. Raises `Refused` when its zone is gone."""
    zone = zone_with(series.zone_id, room)
    return Asked(
        series.rhythm,
        series.starts,
        series.ends,
        zone.slug if zone else "",
        series.people,
        series.purpose,
        series.responsible or "",
        series.is_drop_in,
    )

"""A large installation for measuring: many bookings, spread evenly, with the people of the demo in it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.bookings.parties import Party
from ontmoet.bookings.states import Visibility
from ontmoet.db import unit_of_work
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, instant
from ontmoet.rooms.rules import AccessPolicy, Door, KeyPlan, Typology, UseKind

from .drafts import Draft, Span
from .programme import LAST_WEEK, PURPOSES
from .settle import settle
from .world import SIX_ROOMS, RoomPlan, ZonePlan, hours
from .writing import (
    CannotFill,
    Rows,
    add_booking,
    finish,
    public_ids,
    refuse_if_filled,
    thousands,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from .settle import SettledRoom

PEOPLE = 2_000
MOST_HOMES = 1_500
"""Homes of the added rooms together, so that somebody lives in each."""

LENGTHS = (120, 90, 60, 45, 30, 15, 10, 5)
"""Minutes a booking lasts: the longest of these with which they all fit."""


def fill_scale(rooms: int, bookings: int, years: int, now: datetime) -> str:
    """Fill an empty database with so many bookings; a report in one sentence.

    The six rooms of the demo and its people are always there; the bookings go to the first `rooms`
    rooms, evenly over the last `years` years and the next eight weeks. Everything or nothing, and the
    same again for the same arguments, the salt of the passwords excepted. Raises `CannotFill` when
    the database belongs to a corporation already, or when so much does not fit.
    """
    dice = Random("a large installation")
    plans = (*SIX_ROOMS, *_more_rooms(rooms - len(SIX_ROOMS)))
    rows = Rows()
    with unit_of_work():
        refuse_if_filled()
        settled = settle(rows, plans, people=PEOPLE, now=now, dice=dice)
        ids = public_ids(dice)
        for number, room in enumerate(settled.rooms[:rooms]):
            share = bookings * (number + 1) // rooms - bookings * number // rooms
            for draft in _bookings_of(room, share, years, now, dice):
                add_booking(rows, room, draft, next(ids))
            # Room by room, for all of it at once would fill the memory.
            rows.write()
        finish(rows, rooms=len(plans), now=now)
    return f"Gevuld: {len(plans)} ruimtes, {PEOPLE} mensen, {thousands(bookings)} reserveringen."


def _more_rooms(how_many: int) -> list[RoomPlan]:
    """Plain rooms beside the six: open daily, by turns with one zone and with two."""
    doors, typologies = list(Door), list(Typology)
    return [
        RoomPlan(
            slug=f"ruimte-{number}",
            name=f"Ruimte {number}",
            door=doors[number % len(doors)],
            typology=typologies[number % len(typologies)],
            address=f"Nieuwelaan {number}",
            homes=min(60, MOST_HOMES // how_many),
            address_prefix=f"ruimte{number}",
            area_m2=80,
            capacity=40,
            zones=(ZonePlan("zaal", "Zaal", 35), ZonePlan("keuken", "Keuken", 8))[: 1 + number % 2],
            hours=[hours(8, 22)] * 7,
            welcome="Voor alle bewoners en hun bezoek.",
            access_policy=AccessPolicy.TENANTS,
            key_plan=KeyPlan.HANDED_OUT,
            key_note="De sleutelbeheerder geeft je de sleutel.",
        )
        for number in range(1, how_many + 1)
    ]


def _bookings_of(
    room: SettledRoom, how_many: int, years: int, now: datetime, dice: Random
) -> Iterator[Draft]:
    """Spread over the days in proportion to how much fits in each."""
    plan = room.plan
    first = day_of(now) - timedelta(days=365 * years)
    days = [first + timedelta(days=n) for n in range(365 * years + 7 * LAST_WEEK)]
    minutes = _length(plan, days, how_many)
    total = _room_for(plan, days, minutes)
    before = 0
    for day in days:
        after = before + _room_for(plan, [day], minutes)
        share = how_many * after // total - how_many * before // total
        before = after
        for span in _spans(plan, day, share, minutes, dice):
            yield _draft(room, span, now, dice)


def _length(plan: RoomPlan, days: list[date], how_many: int) -> int:
    for minutes in LENGTHS:
        if _room_for(plan, days, minutes) >= how_many:
            return minutes
    raise CannotFill("Zoveel reserveringen passen er niet in. Kies meer ruimtes of meer jaren.")


def _room_for(plan: RoomPlan, days: list[date], minutes: int) -> int:
    """How many bookings of this length fit in these days."""
    return len(plan.zones) * sum(len(_times(plan, day, minutes)) for day in days)


def _times(plan: RoomPlan, day: date, minutes: int) -> range:
    """When bookings may start so that they touch at most, in minutes after midnight."""
    stretch = plan.open_on(day)
    if stretch is None:
        return range(0)
    return range(stretch.opens, stretch.closes - minutes + 1, minutes + plan.buffer_minutes)


def _spans(plan: RoomPlan, day: date, how_many: int, minutes: int, dice: Random) -> Iterator[Span]:
    """Each at a time of its own while there are enough, some in the whole room; else zone by zone."""
    times = _times(plan, day, minutes)
    zones = [zone.slug for zone in plan.zones] if plan.is_divisible else [""]
    if how_many <= len(times):
        for starts in dice.sample(times, how_many):
            yield Span(day, starts, starts + minutes, dice.choice(["", *zones]))
    else:
        places = [(starts, zone) for starts in times for zone in zones]
        for starts, zone in dice.sample(places, how_many):
            yield Span(day, starts, starts + minutes, zone)


def _draft(room: SettledRoom, span: Span, now: datetime, dice: Random) -> Draft:
    booker = dice.choice(room.residents)
    is_open = dice.random() < 0.3
    starts = instant(span.day, span.starts)
    return Draft(
        slot=TimeSlot(starts, instant(span.day, span.ends)),
        zone=span.zone,
        party=Party(UseKind.OPEN_ACTIVITY if is_open else UseKind.OWN, booker.home_id),
        person_id=booker.person_id,
        entered_by_id=booker.person_id,
        visibility=Visibility.OPEN if is_open else Visibility.CLOSED,
        people=dice.randint(2, 8),
        purpose="Activiteit" if is_open else dice.choice(PURPOSES),
        made_at=min(starts, now) - timedelta(minutes=dice.randint(20, 40_000)),
    )

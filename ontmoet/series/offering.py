"""Dates that a series could not have, in turn with everybody who waits for a time (decision 18)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.bookings.states import Status
from ontmoet.bookings.waiting import InTurn, tell_of_offer
from ontmoet.bookings.waiting_rules import offer_ends
from ontmoet.db import Instant, execute
from ontmoet.hearing.queries import reader_of
from ontmoet.hearing.rules import QuietHours
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import room_by_id

from .behind import common_of, party_of_series
from .models import SeriesDate
from .planning import look_on, zone_with
from .queries import series_by_ids
from .refused_queries import refused_dates_in
from .rules import At, DateState
from .writing import book_all

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.db import AnyRow
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .queries import SeriesView

_date = SeriesDate.__table__
_OFFERED = (
    update(_date)
    .where(_date.c.id == bindparam("its_id"))
    .values(
        state=DateState.BOOKED,
        why=None,
        booking_id=bindparam("its_booking"),
        offered_at=bindparam("at", type_=Instant()),
    )
)


@dataclass(frozen=True, slots=True)
class _Group:
    """A series that waits, and on whose behalf it would have a date."""

    series: SeriesView
    person_id: int
    person: Actor
    party: Party
    room: RoomView
    zone: ZoneView | None

    def at(self, day: date) -> At:
        return At(day, self.series.starts, self.series.ends, self.zone)


def dates_in_turn(room_id: int, *, now: datetime) -> list[InTurn]:
    """The dates of series in a room that could not be had and are free now. Each is offered once. Runs under
    the lock of the room.
    """
    by_series: defaultdict[int, dict[date, AnyRow]] = defaultdict(dict)
    for row in refused_dates_in(room_id, now=now):
        by_series[row.series_id][row.day] = row
    if not by_series:
        return []
    room = room_by_id(room_id)
    if not room.is_open_to_bookings(now):
        return []
    groups = (_group(series, room, now) for series in series_by_ids(by_series).values())
    return [
        InTurn(row.asked_at, row.id, partial(_offered, group, outlook.day, row.id, now=now))
        for group in groups
        if group is not None
        for outlook in look_on(
            [group.at(day) for day in sorted(by_series[group.series.series_id])], room, group.party, now=now
        )
        if outlook.is_free
        for row in [by_series[group.series.series_id][outlook.day]]
    ]


def _group(series: SeriesView, room: RoomView, now: datetime) -> _Group | None:
    if series.person_id is None:
        return None
    try:
        zone = zone_with(series.zone_id, room)
    except Refused:
        return None  # its part of the room is gone
    person = actor_of(series.person_id, today=day_of(now))
    if not allows(person, Permission.BOOKING_MAKE, room):
        return None  # they live here no more
    return _Group(series, series.person_id, person, party_of_series(series, person, room), room, zone)


def _offered(group: _Group, day: date, date_id: int, *, now: datetime) -> bool:
    # Somebody before them in the line may have it by now.
    (outlook,) = look_on([group.at(day)], group.room, group.party, now=now)
    if not outlook.is_free or outlook.slot is None:
        return False
    reader = reader_of(group.person_id)
    ends = offer_ends(outlook.slot.starts, reader.quiet if reader else QuietHours(), now=now)
    if ends is None:
        return False
    offer = common_of(
        group.series,
        group.person,
        group.person,
        group.room,
        status=Status.OFFERED,
        offer_ends=ends,
        now=now,
    )
    booking_id = book_all([outlook], group.room, offer)[day]
    execute(_OFFERED, its_id=date_id, its_booking=booking_id, at=now)
    tell_of_offer(booking_id, group.person_id, group.room.room_id, until=ends, now=now)
    return True

"""How far a home is with its turns: sharing fairly, counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, or_, select

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.walltime import day_of, minutes_of, month_of, start_of
from ontmoet.people.models import Residency
from ontmoet.rooms.rules import UseKind

from .models import Booking
from .rules import FairUse
from .states import HOLDS_THE_ROOM, CancelReason, Status, standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from ontmoet.db import AnyRow
    from ontmoet.rooms.rules import RoomView

    from .parties import Party

_booking = Booking.__table__
_residency = Residency.__table__

NOTICE_FOR_FAIR_USE = timedelta(hours=24)
"""Who cancels this long before does not spend a turn."""

# Who lives there now does not pay for who lived there before.
LIVES_THERE = exists().where(
    _residency.c.person_id == _booking.c.person_id,
    _residency.c.home_id == _booking.c.home_id,
    _residency.c.since <= bindparam("today", type_=LocalDate()),
    or_(_residency.c.until.is_(None), _residency.c.until > bindparam("today", type_=LocalDate())),
)

_TURNS = select(
    _booking.c.id,
    _booking.c.starts_at,
    _booking.c.status,
    _booking.c.reason,
    _booking.c.ended_at,
    _booking.c.lapses_at,
    _booking.c.moved_late_at,
).where(
    _booking.c.home_id == bindparam("home_id"),
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.starts_at >= bindparam("since", type_=Instant()),
    _booking.c.starts_at < bindparam("until", type_=Instant()),
    _booking.c.use_kind == UseKind.OWN,
    LIVES_THERE,
)


def is_limited(room: RoomView, party: Party) -> bool:
    """Whether this party has only so many turns here."""
    return room.use_rule(UseKind.OWN).quota is not None and party.home_id is not None and party.is_bound


def fair_use_of(
    room: RoomView,
    party: Party,
    first: date,
    last: date,
    *,
    now: datetime,
    leave_out: Collection[int | None] = (),
) -> tuple[FairUse, ...]:
    """How far a home is with its turns, for each month from the day `first` to the day `last`; empty when
    no limit binds the party. `leave_out` are bookings that are about to move.

    A turn is spent by a booking or request of who lives there, and by one's own cancelling less than 24 hours
    before; also when it was moved first, from a time that counts. A time that is kept counts too, until it is
    taken or not: else the turn with which to take it could be spent meanwhile, while nobody else can have it.
    """
    rule = room.use_rule(UseKind.OWN)
    if rule.quota is None or party.home_id is None or not party.is_bound:
        return ()
    months = [month_of(first)]
    while months[-1][1] <= last:
        months.append(month_of(months[-1][1]))
    rows = execute(
        _TURNS,
        home_id=party.home_id,
        room_id=room.room_id,
        today=day_of(now),
        since=start_of(months[0][0]),
        until=start_of(months[-1][1]),
    )
    spent = [
        (day_of(row.starts_at), row.status == Status.OFFERED)
        for row in rows
        if row.id not in leave_out and _spends_a_turn(row, rule.quota_from, now)
    ]
    found = []
    for begin, after in months:
        kept = [is_kept for day, is_kept in spent if begin <= day < after]
        found.append(FairUse(rule.quota, rule.quota_from, len(kept), (begin, after), kept=sum(kept)))
    return tuple(found)


def _spends_a_turn(row: AnyRow, quota_from: int, now: datetime) -> bool:
    status = standing(Status(row.status), row.lapses_at, now=now)
    counts = minutes_of(row.starts_at) >= quota_from
    if status in HOLDS_THE_ROOM:
        return counts
    was_late = counts and row.ended_at is not None and is_late(row.starts_at, now=row.ended_at)
    # What was given up late counted, whenever it was moved to.
    gave_up_late = was_late or row.moved_late_at is not None
    return status is Status.CANCELLED and row.reason == CancelReason.PLANS_CHANGED and gave_up_late


def gives_up_late(starts: datetime, room: RoomView, *, now: datetime) -> bool:
    """Whether who moves a booking away from here gives up what counts as a turn, and too late for others."""
    return is_late(starts, now=now) and minutes_of(starts) >= room.use_rule(UseKind.OWN).quota_from


def is_late(starts: datetime, *, now: datetime) -> bool:
    """Whether it is too late to give a time back without spending a turn."""
    return now > starts - NOTICE_FOR_FAIR_USE

"""The dates of a series: one left out, one had again, and going on longer.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.bookings.actions import needs_decision
from ontmoet.bookings.calling_off import call_off as call_off_one
from ontmoet.bookings.ending import hand_on, lapse_overdue
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.bookings.states import CancelReason, News, Status, lapses_at
from ontmoet.bookings.taking import take_offer
from ontmoet.bookings.telling import tell as tell_of_booking
from ontmoet.bookings.telling import tell_deciders
from ontmoet.db import LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id

from .behind import common_of, current_of, party_of_series, person_behind, record_about
from .calling_off import where_they_are
from .models import Series
from .planning import asked_as_is, look_on, refuse_whole, zone_with
from .queries import dates_of
from .rules import (
    CONFIRMED_FOR,
    At,
    DateState,
    Reason,
    Standing,
    days_of,
    prolonged_until,
)
from .writing import add_dates, book_all, end_offers, set_date, set_end

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import DateView, SeriesView
    from .rules import Outlook

_series = Series.__table__

COMES_BACK = frozenset({Standing.STRUCK, Standing.REFUSED, Standing.DISPLACED})


_BELIEVE = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(believed_until=bindparam("its_day", type_=LocalDate()))
)


def strike(series: SeriesView, day: date, *, because: CancelReason, actor: Actor, now: datetime) -> None:
    """Leave one date out; it never comes back by itself. Doing so again changes nothing. Raises `Refused`."""
    lock_room(series.room_id)
    current = current_of(series)
    row = _date_of(current, day, now=now)
    if row.standing is Standing.STRUCK:
        return
    if where_they_are([row], current, actor):
        raise Refused(Objection(BookingReason.IS_THERE))
    news = News.CANCELLED
    if row.booking_id is not None and row.status is not None and row.is_live:
        news = call_off_one(row.booking_id, row.status, because, by_id=actor.person_id, now=now)
    end_offers([row], now=now)
    set_date(row.date_id, DateState.STRUCK, now=now, booking_id=row.booking_id)
    record_about("series_date_struck", current, actor, now, day=day, reason=because)
    hand_on(current.room_id, now=now)
    if row.is_live and row.booking_id is not None and row.slot and current.person_id != actor.person_id:
        tell_of_booking(
            news,
            row.booking_id,
            current.person_id,
            room_id=current.room_id,
            starts=row.slot.starts,
            version=row.booking_version + 1,
            now=now,
        )


def bring_back(series: SeriesView, day: date, *, actor: Actor, now: datetime) -> bool:
    """Have a date after all that was left out, or that could not be had before; whether it is theirs, and not
    asked for only. Having it already changes nothing. Raises `Refused`.
    """
    lock_room(series.room_id)
    current = current_of(series)
    room = room_by_id(current.room_id)
    if current.home_id is not None:
        lock_home(current.home_id)
    person = person_behind(current, room, actor, now=now)
    party = party_of_series(current, person, room)
    lapse_overdue(current.room_id, now=now)
    row = _date_of(current, day, now=now)
    if row.is_live:
        return row.standing is Standing.BOOKED
    if row.standing is Standing.OFFERED and row.booking_public_id is not None:
        offer = booking_by_public_id(row.booking_public_id, now=now)
        if offer is None:
            raise Refused(Objection(Reason.NOT_ITS_DATE))
        became = take_offer(offer, actor=actor, now=now)
        record_about("series_date_back", current, actor, now, day=day)
        return became is Status.CONFIRMED
    if row.standing not in COMES_BACK:
        raise Refused(Objection(Reason.NOT_ITS_DATE))
    refuse_whole(asked_as_is(current, room), room, now=now, checks_days=False)
    at = At(day, current.starts, current.ends, zone_with(current.zone_id, room))
    (outlook,) = look_on([at], room, party, now=now)
    if outlook.slot is None or not outlook.is_free:
        raise Refused(Objection(Reason.NOT_FREE, facts={"outlook": outlook}))
    asks = needs_decision(room, party, current.responsible or "")
    status = Status.REQUESTED if asks else Status.CONFIRMED
    common = common_of(current, person, actor, room, status=status, now=now)
    booking_id = book_all([outlook], room, common)[day]
    set_date(row.date_id, DateState.BOOKED, now=now, booking_id=booking_id)
    record_about("series_date_back", current, actor, now, day=day)
    news = News.REQUESTED if asks else News.CONFIRMED
    starts = outlook.slot.starts
    tell_of_booking(
        news, booking_id, current.person_id, room_id=room.room_id, starts=starts, version=1, now=now
    )
    if asks:
        besides, lapses = {current.person_id, actor.person_id}, lapses_at(now, starts)
        tell_deciders(booking_id, room_id=room.room_id, besides=besides, version=1, lapses_at=lapses, now=now)
    return not asks


def prolong(series: SeriesView, *, seen_last: date, actor: Actor, now: datetime) -> Sequence[Outlook]:
    """Let it go on as long again, as far as the room allows; how it is on the days that are added. Doing so
    again, from the same last day, changes nothing. Raises `Refused`.
    """
    lock_room(series.room_id)
    current = current_of(series)
    if current.rhythm.last != seen_last:
        return ()
    room = room_by_id(current.room_id)
    if current.home_id is not None:
        lock_home(current.home_id)
    person = person_behind(current, room, actor, now=now)
    party = party_of_series(current, person, room)
    lapse_overdue(current.room_id, now=now)
    until = prolonged_until(current.rhythm, room, today=day_of(now))
    if until is None:
        raise Refused(Objection(Reason.CANNOT_PROLONG))
    refuse_whole(asked_as_is(current, room), room, now=now, checks_days=False)
    rows = {row.day: row for row in dates_of(current.series_id, now=now)}
    zone = zone_with(current.zone_id, room)
    days = [
        day
        for day in days_of(replace(current.rhythm, last=until))
        if day > current.rhythm.last and (day not in rows or rows[day].standing is Standing.DROPPED)
    ]
    outlooks = look_on([At(day, current.starts, current.ends, zone) for day in days], room, party, now=now)
    asks = needs_decision(room, party, current.responsible or "")
    last = next((each.slot.starts for each in reversed(outlooks) if each.is_free and each.slot), None)
    status = Status.REQUESTED if asks else Status.CONFIRMED
    booked = book_all(outlooks, room, common_of(current, person, actor, room, status=status, now=now))
    _keep(current, outlooks, booked, rows, now=now)
    set_end(current.series_id, until, ended_at=None)
    record_about("series_prolonged", current, actor, now, until=until, booked=sorted(booked))
    if asks and last:
        tell_deciders(
            min(booked.values()),
            room_id=room.room_id,
            besides={current.person_id, actor.person_id},
            version=current.version + 1,
            lapses_at=lapses_at(now, last),
            now=now,
        )
    return outlooks


def still_come(series: SeriesView, *, actor: Actor, now: datetime) -> None:
    """The group says it comes the next weeks too. Saying so again changes nothing."""
    lock_room(series.room_id)
    current = current_of(series)
    until = min(day_of(now) + CONFIRMED_FOR, current.rhythm.last)
    if until > current.believed_until:
        execute(_BELIEVE, its_id=current.series_id, its_day=until)
        record_about("series_confirmed", current, actor, now, until=until)


def _keep(
    series: SeriesView,
    outlooks: Sequence[Outlook],
    booked: Mapping[date, int],
    rows: Mapping[date, DateView],
    *,
    now: datetime,
) -> None:
    added = []
    for each in outlooks:
        state = DateState.BOOKED if each.day in booked else DateState.REFUSED
        if each.day in rows:
            date_id = rows[each.day].date_id
            set_date(date_id, state, now=now, why=each.why, booking_id=booked.get(each.day))
        else:
            added.append((each.day, state, each.why, booked.get(each.day)))
    add_dates(series.series_id, added, now=now)


def _date_of(series: SeriesView, day: date, *, now: datetime) -> DateView:
    """The date of a series, as long as something can be done about it. Raises `Refused`."""
    row = next((each for each in dates_of(series.series_id, now=now) if each.day == day), None)
    if row is None or row.standing is Standing.DROPPED or row.is_past(now):
        raise Refused(Objection(Reason.NOT_ITS_DATE))
    return row

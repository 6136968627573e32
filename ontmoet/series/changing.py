"""Changing a series: from a date on, or all that is to come. Runs inside a unit of work and commits nothing.

The room keeps what it has, or gets what is wanted, never half: all that moves lets go before anything takes
hold, since a series often moves to where its own other dates were.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from ontmoet.bookings.actions import earlier_path, needs_decision
from ontmoet.bookings.ending import hand_on, lapse_requests
from ontmoet.bookings.holding import hold_all, let_go_all
from ontmoet.bookings.models import Booking
from ontmoet.bookings.parties import party_behind
from ontmoet.bookings.rules import CancelReason, Status, lapses_at
from ontmoet.bookings.telling import tell_deciders
from ontmoet.db import Instant, LocalDate, current_connection, execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import actor_of, lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record, remember_answer

from .models import Series, SeriesDate, SeriesHost
from .planning import refuse_whole
from .queries import hosts_of, series_by_public_id
from .reshaping import STATE_OF, Became, reshape
from .rules import Reason, furthest_day
from .telling import SeriesNews, tell
from .writing import Common, add_dates, book_all, end_all, to_hold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView
    from ontmoet.trail.actions import FormPost

    from .planning import Asked
    from .queries import SeriesView
    from .reshaping import Reshaped, Step

_series = Series.__table__
_date = SeriesDate.__table__
_host = SeriesHost.__table__
_booking = Booking.__table__

_BECOME = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(
        zone_id=bindparam("its_zone", type_=_series.c.zone_id.type),
        frequency=bindparam("its_frequency"),
        every=bindparam("its_pace"),
        weekdays=bindparam("its_weekdays"),
        month_day=bindparam("its_month_day", type_=_series.c.month_day.type),
        nth=bindparam("its_nth", type_=_series.c.nth.type),
        first_day=bindparam("its_first", type_=LocalDate()),
        last_day=bindparam("its_last", type_=LocalDate()),
        starts=bindparam("its_start"),
        ends=bindparam("its_end"),
        people=bindparam("its_people"),
        purpose=bindparam("its_purpose"),
        responsible=bindparam("its_responsible", type_=_series.c.responsible.type),
        version=_series.c.version + 1,
    )
)
_CUT = (
    update(_series)
    .where(_series.c.id == bindparam("its_id"))
    .values(last_day=bindparam("its_last", type_=LocalDate()), version=_series.c.version + 1)
)
_COPY = insert(_series).returning(_series.c.id)
_WHOLE = select(_series).where(_series.c.id == bindparam("series_id"))
_SET_DATE = (
    update(_date)
    .where(_date.c.id == bindparam("its_id"))
    .values(
        series_id=bindparam("its_series"),
        day=bindparam("its_day", type_=LocalDate()),
        state=bindparam("its_state"),
        why=bindparam("its_why", type_=_date.c.why.type),
        booking_id=bindparam("its_booking", type_=_date.c.booking_id.type),
        offered_at=None,
    )
)
_OF_SERIES = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(series_number=bindparam("its_series"))
)
_MOVE = (
    update(_booking)
    .where(_booking.c.id == bindparam("its_id"))
    .values(
        zone_id=bindparam("its_zone", type_=_booking.c.zone_id.type),
        starts_at=bindparam("its_start", type_=Instant()),
        ends_at=bindparam("its_end", type_=Instant()),
        people=bindparam("its_people"),
        purpose=bindparam("its_purpose"),
        status=bindparam("its_status"),
        lapses_at=bindparam("its_lapse", type_=Instant()),
        entered_by_id=bindparam("its_helper", type_=_booking.c.entered_by_id.type),
        decided_by_id=None,
        decided_at=None,
        version=_booking.c.version + 1,
    )
)


class DifferentChange(Exception):
    """What the change means is not any more what whoever sent the form saw."""

    def __init__(self, reshaped: Reshaped) -> None:
        super().__init__(len(reshaped.steps))
        self.reshaped = reshaped


def change(
    series: SeriesView,
    asked: Asked,
    *,
    since: date | None,
    struck: Collection[date],
    seen: Mapping[date, str],
    seen_version: int,
    actor: Actor,
    post: FormPost,
    now: datetime,
) -> str:
    """Let the series be as asked from `since` on, or all that is to come; the path of its page.

    Raises `DifferentChange` when it is not as it was seen, and `Refused`.
    """
    lock_room(series.room_id)
    earlier = earlier_path(post)
    if earlier is not None:
        return earlier
    room = room_by_id(series.room_id)
    if series.home_id is not None:
        lock_home(series.home_id)
    current = current_of(series)
    if current.version != seen_version:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    person = person_behind(current, room, actor, now=now)
    party = party_of_series(current, person, room)
    lapse_requests(room.room_id, now=now)
    refuse_change(asked, room, now=now)
    found = reshape(current, asked, room, party, since=since, struck=struck, now=now)
    if found.seen != dict(seen):
        raise DifferentChange(found)
    where = _apply(current, asked, found, room, party, person, actor, now=now)
    hand_on(room.room_id, now=now)
    remember_answer(post, where, now=now)
    return where


def refuse_change(asked: Asked, room: RoomView, *, now: datetime) -> None:
    """Raises `Refused` when a series could not go on like this at all. Its first day may be long ago."""
    today = day_of(now)
    furthest = furthest_day(room, today)
    if asked.rhythm.last < today:
        raise Refused(Objection(Reason.ENDS_BEFORE_FIRST, "last"))
    if asked.rhythm.last > furthest:
        raise Refused(Objection(Reason.LASTS_TOO_LONG, "last", {"furthest": furthest}))
    from_today = replace(asked, rhythm=replace(asked.rhythm, first=max(asked.rhythm.first, today)))
    refuse_whole(from_today, room, now=now, checks_days=False)


def current_of(series: SeriesView) -> SeriesView:
    """The series as it is under the lock. Raises `Refused` when nothing of it is to come."""
    current = series_by_public_id(series.public_id)
    if current is None or current.ended_at is not None:
        raise Refused(Objection(Reason.OVER))
    return current


def person_behind(series: SeriesView, room: RoomView, actor: Actor, *, now: datetime) -> Actor:
    """The person whose limits hold for a series. Raises `Refused` when that person may not book here any
    more: what they have stays theirs until somebody decides, and nothing is added.
    """
    if series.person_id is None:
        raise Refused(Objection(Reason.NOBODY_BEHIND))
    is_own = series.person_id == actor.person_id
    person = actor if is_own else actor_of(series.person_id, today=day_of(now))
    if not allows(person, Permission.BOOKING_MAKE, room):
        raise Refused(Objection(Reason.NOBODY_BEHIND))
    return person


def party_of_series(series: SeriesView, person: Actor, room: RoomView) -> Party:
    """The party of a series, as bound as the person it is for."""
    return party_behind(
        person,
        room,
        series.use_kind,
        home_id=series.home_id,
        organisation_id=series.organisation_id,
    )


def common_of(
    series: SeriesView,
    person: Actor,
    actor: Actor,
    room: RoomView,
    *,
    lapses: datetime | None,
    now: datetime,
) -> Common:
    """What bookings that are added to a series have alike."""
    accepted = agreement_of(person, room, now=now).accepted_version
    return Common(
        room_id=series.room_id,
        home_id=series.home_id,
        organisation_id=series.organisation_id,
        for_corporation=series.for_corporation,
        person_id=series.person_id,
        entered_by_id=actor.person_id,
        use_kind=series.use_kind,
        visibility=series.visibility,
        people=series.people,
        purpose=series.purpose,
        responsible=series.responsible,
        rules_version_id=accepted.version_id if accepted else None,
        made_at=now,
        lapses_at=lapses,
        series_number=series.series_id,
    )


def _apply(
    series: SeriesView,
    asked: Asked,
    found: Reshaped,
    room: RoomView,
    party: Party,
    person: Actor,
    actor: Actor,
    *,
    now: datetime,
) -> str:
    zone = asked.zone(room)
    series_id, public_id = _row_for(series, asked, found, zone, now=now)
    gone = [
        step.old.booking_id
        for step in found.steps
        if step.became in (Became.DROPPED, Became.STRUCK) and step.old and step.old.is_live
    ]
    end_all([each for each in gone if each], Status.CANCELLED, CancelReason.PLANS_CHANGED, now=now)
    asks = needs_decision(room, party, asked.responsible or series.responsible or "")
    new = [step.outlook for step in found.steps if step.became is Became.NEW and step.outlook]
    lapses = _lapse(asks, found, now=now)
    _move(series, asked, found.steps, room, zone, actor, lapses=lapses)
    view = replace(series, series_id=series_id, people=asked.people, purpose=asked.purpose)
    common = common_of(view, person, actor, room, lapses=lapses, now=now)
    booked = book_all(new, room, common)
    _write_dates(series_id, found.steps, booked)
    record(
        "series_changed",
        object_kind="series",
        object_id=series_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=None if series.person_id == actor.person_id else series.person_id,
        now=now,
        changes={
            "since": found.since,
            "splits": series.public_id if found.splits else "",
            "was": {"starts": series.starts, "ends": series.ends},
            "starts": asked.starts,
            "ends": asked.ends,
            "zone": asked.zone_slug,
            "dates": {str(step.day): step.became for step in found.steps},
        },
    )
    tell(
        SeriesNews.CHANGED,
        series_id,
        series.person_id,
        room_id=room.room_id,
        now=now,
        mark=series.version + 1,
    )
    asked_anew = [
        *booked.values(),
        *(step.old.booking_id for step in found.steps if _moves(step) and step.old),
    ]
    if lapses is not None and asked_anew:
        tell_deciders(
            min(each for each in asked_anew if each),
            room_id=room.room_id,
            besides={series.person_id, actor.person_id},
            version=series.version + 1,
            lapses_at=lapses,
            now=now,
        )
    return f"/reeksen/{public_id}"


def _lapse(asks: bool, found: Reshaped, *, now: datetime) -> datetime | None:
    """When what is asked anew lapses, all of it at once; None when nothing is."""
    if not asks:
        return None
    slots = [
        step.outlook.slot
        for step in found.steps
        if step.became in (Became.NEW, Became.MOVES) and step.outlook
    ]
    first = min((slot.starts for slot in slots if slot), default=None)
    return None if first is None else lapses_at(now, first)


def _moves(step: Step) -> bool:
    return step.became is Became.MOVES


def _row_for(
    series: SeriesView, asked: Asked, found: Reshaped, zone: ZoneView | None, *, now: datetime
) -> tuple[int, str]:
    """The row of the series as it goes on: the same one, or a new one that is split from it; its ids."""
    first = found.since if found.splits else found.rhythm.first
    values = {
        "its_zone": zone.zone_id if zone else None,
        "its_frequency": found.rhythm.frequency,
        "its_pace": found.rhythm.every,
        "its_weekdays": "".join(str(day) for day in found.rhythm.weekdays),
        "its_month_day": found.rhythm.month_day,
        "its_nth": found.rhythm.nth,
        "its_first": first,
        "its_last": max(found.rhythm.last, first),
        "its_start": asked.starts,
        "its_end": asked.ends,
        "its_people": asked.people,
        "its_purpose": asked.purpose,
        "its_responsible": asked.responsible or series.responsible,
    }
    series_id, public_id = series.series_id, series.public_id
    if found.splits:
        row = dict(execute(_WHOLE, series_id=series.series_id).one()._mapping)
        del row["id"]
        public_id = new_public_id()
        row |= {"public_id": public_id, "continues_id": series.series_id, "made_at": now}
        row |= {"first_day": first, "last_day": values["its_last"]}
        series_id = execute(_COPY, **row).scalar_one()
        day_before = found.since - timedelta(days=1)
        execute(_CUT, its_id=series.series_id, its_last=max(day_before, series.rhythm.first))
        _copy_hosts(series, series_id, found.since)
    execute(_BECOME, its_id=series_id, **values)
    return series_id, public_id


def _copy_hosts(series: SeriesView, series_id: int, since: date) -> None:
    """Who opens and closes a drop-in stays so when it is split."""
    hosts = hosts_of(series.series_id) if series.is_drop_in else []
    earlier = [each for each in hosts if each.since <= since][-1:]
    for each in (*earlier, *(later for later in hosts if later.since > since)):
        execute(
            insert(_host),
            series_id=series_id,
            since=max(each.since, since),
            opens_id=each.opens_id,
            closes_id=each.closes_id,
        )


def _move(
    series: SeriesView,
    asked: Asked,
    steps: Sequence[Step],
    room: RoomView,
    zone: ZoneView | None,
    actor: Actor,
    *,
    lapses: datetime | None,
) -> None:
    """Bookings that stand get their new time, part, number of people and purpose. What was changed for one
    date alone stays so.
    """
    rows, holds = [], []
    for step in steps:
        row = step.old
        if row is None or row.booking_id is None or row.slot is None:
            continue
        if step.became not in (Became.STAYS, Became.MOVES, Became.KEEPS):
            continue
        moves = _moves(step) and step.outlook is not None and step.outlook.slot is not None
        people = asked.people if row.people == series.people else row.people
        purpose = asked.purpose if row.purpose == series.purpose else row.purpose
        if not moves and (people, purpose) == (row.people, row.purpose):
            continue
        slot = step.outlook.slot if moves and step.outlook and step.outlook.slot else row.slot
        was_requested = row.status is Status.REQUESTED
        lapse = lapses if moves else row.lapses_at
        rows.append(
            {
                "its_id": row.booking_id,
                "its_zone": (zone.zone_id if zone else None) if moves else row.zone_id,
                "its_start": slot.starts,
                "its_end": slot.ends,
                "its_people": people,
                "its_purpose": purpose,
                "its_status": Status.REQUESTED if lapse and (moves or was_requested) else Status.CONFIRMED,
                "its_lapse": lapse,
                "its_helper": actor.person_id,
            }
        )
        if moves:
            holds.append(to_hold(row.booking_id, slot, zone, room, expires_at=lapse))
    let_go_all([each.booking_id for each in holds])
    if rows:
        current_connection().execute(_MOVE, rows)
    hold_all(holds)


def _write_dates(series_id: int, steps: Sequence[Step], booked: Mapping[date, int]) -> None:
    """Each date as it is from now on. A booking that was called off stays named, until another takes over."""
    rows, added = [], []
    for step in steps:
        state = STATE_OF[step.became]
        why = step.outlook.why if step.became is Became.REFUSED and step.outlook else None
        if step.old is None:
            added.append((step.day, state, why, booked.get(step.day)))
            continue
        rows.append(
            {
                "its_id": step.old.date_id,
                "its_series": series_id,
                "its_day": step.day,
                "its_state": state,
                "its_why": why,
                "its_booking": booked.get(step.day, step.old.booking_id),
            }
        )
    # No two of them ever have the same day: what falls on the day of another is that other (`carried`).
    if rows:
        current_connection().execute(_SET_DATE, rows)
        execute(_OF_SERIES, booking_ids=[row["its_booking"] for row in rows], its_series=series_id)
    add_dates(series_id, added)

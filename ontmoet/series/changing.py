"""Changing a series: from a date on, or all that is to come. Runs inside a unit of work and commits nothing.

The room keeps what it has, or gets what is wanted, never half: all that moves lets go before anything takes
hold, since a series often moves to where its own other dates were.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ontmoet.bookings.actions import earlier_path, needs_decision
from ontmoet.bookings.ending import end_all, hand_on, lapse_overdue
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.telling import tell_deciders
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record, remember_answer

from .behind import common_of, current_of, party_of_series, person_behind
from .planning import refuse_whole
from .reshaping import Became, reshape
from .rewriting import has_moved, move_bookings, row_for, write_dates
from .rules import Reason, furthest_day
from .telling import SeriesNews, tell
from .writing import book_all, end_offers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

    from .planning import Asked
    from .queries import SeriesView
    from .reshaping import Reshaped


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
    lapse_overdue(room.room_id, now=now)
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
    series_id, public_id = row_for(series, asked, found, zone, now=now)
    gone = [
        step.old.booking_id
        for step in found.steps
        if step.became in (Became.DROPPED, Became.STRUCK) and step.old and step.old.is_live
    ]
    end_all([each for each in gone if each], Status.CANCELLED, CancelReason.PLANS_CHANGED, now=now)
    end_offers([step.old for step in found.steps if step.old], now=now)
    asks = needs_decision(room, party, asked.responsible or series.responsible or "")
    new = [step.outlook for step in found.steps if step.became is Became.NEW and step.outlook]
    move_bookings(series, asked, found.steps, room, zone, actor, asks=asks, now=now)
    view = replace(series, series_id=series_id, people=asked.people, purpose=asked.purpose)
    status = Status.REQUESTED if asks else Status.CONFIRMED
    common = common_of(view, person, actor, room, status=status, now=now)
    booked = book_all(new, room, common)
    old_time = (series.starts, series.ends, series.zone_id)
    keeps_time = (asked.starts, asked.ends, zone.zone_id if zone else None) == old_time
    write_dates(series_id, found.steps, booked, keeps_time=keeps_time, now=now)
    record(
        "series_changed",
        object_kind="series",
        object_id=series_id,
        room_id=room.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=series.person_id,
        now=now,
        changes={
            "since": found.since,
            "splits": series.public_id if found.splits else "",
            "was": {"starts": series.starts, "ends": series.ends},
            "starts": asked.starts,
            "ends": asked.ends,
            "zone": asked.zone_slug,
            **_days_by_outcome(found),
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
        *(step.old.booking_id for step in found.steps if has_moved(step) and step.old),
    ]
    if asks and asked_anew:
        tell_deciders(
            min(each for each in asked_anew if each),
            room_id=room.room_id,
            besides={series.person_id, actor.person_id},
            version=series.version + 1,
            lapses_at=max(found.lapses(now)),
            now=now,
        )
    return f"/reeksen/{public_id}"


def _days_by_outcome(found: Reshaped) -> dict[str, list[date]]:
    days = defaultdict(list)
    for step in found.steps:
        days[step.became.value].append(step.day)
    return dict(days)

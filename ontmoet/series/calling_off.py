"""The end of a series: its dates called off from one on, or all that are to come.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings.actions import earlier_path
from ontmoet.bookings.calling_off import say_no
from ontmoet.bookings.ending import end_all, hand_on
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.bookings.states import CancelReason, Status, called_off_as
from ontmoet.bookings.use_queries import checked_in
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import FormPost, remember_answer

from .behind import current_of, record_about
from .queries import dates_of
from .rules import DateState, Standing
from .telling import SeriesNews, tell
from .writing import end_offers, set_date, set_end

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import DateView, SeriesView


@dataclass(frozen=True, slots=True)
class CalledOff:
    """How many dates were called off, and how many of those were only asked for."""

    dates: int = 0
    asked_for: int = 0


def call_off(
    series: SeriesView,
    since: date | None,
    *,
    because: CancelReason,
    actor: Actor,
    now: datetime,
    post: FormPost | None = None,
) -> CalledOff:
    """Call off the dates on the day `since` and later, or all that are to come; how many. What is called off
    already stays so, and so does a date of their own at which they are by now. The same form again calls
    off none. Raises `Refused`.
    """
    lock_room(series.room_id)
    if post is not None and earlier_path(post) is not None:
        return CalledOff()
    current = current_of(series)
    rows = dates_of(current.series_id, now=now)
    coming = [row for row in rows if not row.has_begun(now)]
    asked = [row for row in coming if since is None or row.falls_on >= since]
    there = where_they_are(asked, current, actor)
    gone = [row for row in asked if row not in there]
    if there and not any(row.is_live for row in gone):
        raise Refused(Objection(BookingReason.IS_THERE))
    # A date that was moved to after `since` takes none along that are before it by the rule.
    first_gone = max(min((row.day for row in gone), default=day_of(now)), since or date.min)
    last = max(current.rhythm.first, min(current.rhythm.last, first_gone - timedelta(days=1)))
    goes_on = any(row.is_live for row in coming if row not in gone)
    is_done = all(row.standing in (Standing.STRUCK, Standing.DROPPED) for row in gone)
    if is_done and goes_on and last == current.rhythm.last:
        return CalledOff()
    live = [row for row in gone if row.is_live]
    declined = _end(live, because, actor, now=now)
    end_offers(gone, now=now)
    for row in gone:
        if row.standing is not Standing.STRUCK:
            set_date(row.date_id, DateState.DROPPED, now=now, booking_id=row.booking_id)
    set_end(current.series_id, last, ended_at=None if goes_on else now)
    record_about("series_called_off", current, actor, now, since=since, reason=because, dates=len(live))
    hand_on(current.room_id, now=now)
    if current.person_id != actor.person_id:
        tell(
            SeriesNews.DECLINED if live and len(declined) == len(live) else SeriesNews.ENDED,
            current.series_id,
            current.person_id,
            room_id=current.room_id,
            now=now,
            mark=current.version + 1,
        )
    if post is not None:
        remember_answer(post, f"/reeksen/{current.public_id}", now=now)
    return CalledOff(len(live), sum(1 for row in live if row.standing is Standing.REQUESTED))


def _end(live: Sequence[DateView], because: CancelReason, actor: Actor, *, now: datetime) -> list[int]:
    """Each of them ends as what it was, a booking or a request; the bookings that were declined."""
    ends: dict[Status, list[int]] = {Status.CANCELLED: [], Status.DECLINED: []}
    for row in live:
        if row.booking_id is not None and row.status is not None:
            ends[called_off_as(row.status, because)[0]].append(row.booking_id)
    end_all(ends[Status.CANCELLED], Status.CANCELLED, because, now=now)
    if ends[Status.DECLINED]:
        say_no(ends[Status.DECLINED], because, by_id=actor.person_id, now=now)
    return ends[Status.DECLINED]


def where_they_are(rows: Sequence[DateView], series: SeriesView, actor: Actor) -> list[DateView]:
    """Dates to which whose series it is checked in: as with `cancel`, they call these off no more."""
    if series.person_id != actor.person_id:
        return []
    there = checked_in([row.booking_public_id for row in rows if row.booking_public_id])
    return [row for row in rows if row.is_live and row.booking_public_id in there]

"""What series need without anybody asking: a word before the end, a question now and then, a date that came
free. Safe to run twice: each is posted once, and what is posted changes no booking.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.people.queries import actor_of
from ontmoet.rooms.queries import room_by_id

from .changing import party_of_series
from .models import Series, SeriesDate
from .planning import look_on, zone_with
from .queries import refused_dates, series_by_ids, series_to_look_after
from .rules import TOLD_BEFORE_END, At, asks_to_confirm
from .telling import SeriesNews, tell

if TYPE_CHECKING:
    from datetime import date, datetime

_series = Series.__table__
_date = SeriesDate.__table__

_OFFERED = (
    update(_date).where(_date.c.id == bindparam("its_id")).values(offered_at=bindparam("at", type_=Instant()))
)
_LOOKED = (
    update(_series)
    .where(_series.c.id.in_(bindparam("its_ids", expanding=True)))
    .values(looked_at=bindparam("at", type_=Instant()))
)

MOST_AT_ONCE = 500
"""Dates, each minute: a series has fewer. Where there are more, the next look begins with the others."""


def tell_of_series(now: datetime) -> int:
    """Tell whose series ends within four weeks, and ask weekly groups if they still come; how many heard."""
    today, heard = day_of(now), 0
    for series in series_to_look_after(now):
        last = series.rhythm.last
        if last - TOLD_BEFORE_END <= today and last - series.rhythm.first > TOLD_BEFORE_END:
            news, mark = SeriesNews.ENDS_SOON, last
        elif asks_to_confirm(series.rhythm.frequency, series.believed_until, last, today=today):
            news, mark = SeriesNews.STILL_COMING, series.believed_until
        else:
            continue
        heard += 1
        tell(
            news,
            series.series_id,
            series.person_id,
            room_id=series.room_id,
            now=now,
            mark=mark,
            useful_until=start_of(last),
        )
    return heard


def offer_what_came_free(now: datetime) -> int:
    """Tell whoever could not have a date that it is free now; how many dates. It is not held for them: the
    first who taps has it. Of more than fit in one look, the series that waits longest for one goes first.
    """
    by_series: defaultdict[int, dict[date, int]] = defaultdict(dict)
    found = refused_dates(now, most=MOST_AT_ONCE)
    for row in found:
        by_series[row.series_id][row.day] = row.id
    if len(found) == MOST_AT_ONCE:
        # The last one may have more dates than there was room for: it goes first next time.
        execute(_LOOKED, its_ids=[*by_series][:-1] or [*by_series], at=now)
    offered = 0
    series_by_id = series_by_ids(by_series) if by_series else {}
    for series_id, days in by_series.items():
        series = series_by_id[series_id]
        if series.person_id is None:
            continue
        room = room_by_id(series.room_id)
        try:
            zone = zone_with(series.zone_id, room)
        except Refused:
            continue  # its part of the room is gone
        if not room.is_open_to_bookings(now):
            continue
        person = actor_of(series.person_id, today=day_of(now))
        if not allows(person, Permission.BOOKING_MAKE, room):
            continue  # they live here no more
        party = party_of_series(series, person, room)
        asked = [At(day, series.starts, series.ends, zone) for day in sorted(days)]
        for outlook in look_on(asked, room, party, now=now):
            if not outlook.is_free or outlook.slot is None:
                continue
            offered += 1
            execute(_OFFERED, its_id=days[outlook.day], at=now)
            tell(
                SeriesNews.CAME_FREE,
                days[outlook.day],
                series.person_id,
                room_id=series.room_id,
                now=now,
                mark=int(now.timestamp()),
                useful_until=outlook.slot.starts,
            )
    return offered

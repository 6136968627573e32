"""What series need without anybody asking: a word before the end, a question now and then, a look whether a
date came free. Safe to run twice: each is posted once, and what is posted changes no booking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.outbox.actions import post_all

from .models import Series
from .queries import series_to_look_after
from .refused_queries import refused_dates
from .rules import TOLD_BEFORE_END, asks_to_confirm
from .telling import SeriesNews, notice

if TYPE_CHECKING:
    from datetime import datetime

_series = Series.__table__

_LOOKED = (
    update(_series)
    .where(_series.c.id.in_(bindparam("its_ids", expanding=True)))
    .values(looked_at=bindparam("at", type_=Instant()))
)

MOST_AT_ONCE = 500
"""Dates, each minute: a series has fewer. Where there are more, the next look begins with the others."""


def tell_of_series(now: datetime) -> int:
    """Tell whose series ends within four weeks, and ask weekly groups if they still come; how many heard."""
    today, notices = day_of(now), []
    for series in series_to_look_after(now):
        last, person_id = series.rhythm.last, series.person_id
        # The query leaves out who is nobody; its type does not say so.
        if person_id is None:
            continue
        if last - TOLD_BEFORE_END <= today and last - series.rhythm.first > TOLD_BEFORE_END:
            news, mark = SeriesNews.ENDS_SOON, last
        elif asks_to_confirm(series.rhythm.frequency, series.believed_until, last, today=today):
            news, mark = SeriesNews.STILL_COMING, series.believed_until
        else:
            continue
        notices.append(
            notice(
                news,
                series.series_id,
                person_id,
                room_id=series.room_id,
                now=now,
                mark=mark,
                useful_until=start_of(last),
            )
        )
    post_all(notices)
    return len(notices)


def rooms_to_look_in(now: datetime) -> list[int]:
    """The rooms in which a date of a series may have come free by itself: it opens longer, a month begins.
    Of more dates than fit in one look, the series that waits longest for one goes first. Runs inside a unit
    of work.
    """
    found = refused_dates(now, most=MOST_AT_ONCE)
    if len(found) == MOST_AT_ONCE:
        execute(_LOOKED, its_ids=[*{row.series_id for row in found}], at=now)
    return sorted({row.room_id for row in found})

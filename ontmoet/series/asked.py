"""Series in the queue of a room: what waits of each, as whoever decides about it reads it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.request_pages import SeriesAsked
from ontmoet.bookings.rules import slot_on
from ontmoet.bookings.states import THEIRS
from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.models import Zone
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .deciding import version_asked
from .models import Series, SeriesDate
from .queries import rhythm_of
from .rules import DateState
from .wording import rhythm_words, series_title, times_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ontmoet.db import AnyRow

_date = SeriesDate.__table__
_series = Series.__table__
_booking = Booking.__table__
_zone = Zone.__table__

# What stands already comes along: only then it is known whether all of a series waits.
_TO_COME = (
    select(
        _series,
        _date.c.booking_id,
        _date.c.day,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.lapses_at,
        _booking.c.zone_id.label("its_zone_id"),
        _booking.c.people.label("its_people"),
        _booking.c.version.label("its_version"),
        _zone.c.name.label("its_zone"),
    )
    .join_from(_date, _series, _series.c.id == _date.c.series_id)
    .join(_booking, _booking.c.id == _date.c.booking_id)
    .outerjoin(_zone, _zone.c.id == _booking.c.zone_id)
    .where(
        _date.c.series_id.in_(
            select(_date.c.series_id).where(_date.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
        ),
        _date.c.state == DateState.BOOKED,
        _booking.c.status.in_([*THEIRS]),
        _booking.c.starts_at > bindparam("now", type_=Instant()),
    )
    .order_by(_booking.c.starts_at)
)


def series_asked(booking_ids: Sequence[int], *, now: datetime) -> dict[int, SeriesAsked]:
    """The series of which these requests are dates, by booking; one statement, or none."""
    waiting: defaultdict[int, list[AnyRow]] = defaultdict(list)
    stands: set[int] = set()
    asked_for = set(booking_ids)
    for row in execute(_TO_COME, booking_ids=[*booking_ids], now=now) if booking_ids else ():
        if row.booking_id in asked_for:
            waiting[row.id].append(row)
        elif row.lapses_at is None:
            stands.add(row.id)
    return {
        row.booking_id: said
        for series_id, rows in waiting.items()
        for said in [_asked(rows, is_all=series_id not in stands, today=day_of(now))]
        for row in rows
    }


def _asked(rows: Sequence[AnyRow], *, is_all: bool, today: date) -> SeriesAsked:
    first = rows[0]
    rhythm = rhythm_of(first)
    title = series_title(rhythm, first.starts, first.ends)
    how = f"{rhythm_words(rhythm)}, {times_words(first.starts, first.ends)}"
    days: list[str] = []
    if is_all and all(_is_usual(row) for row in rows):
        line = ngettext(
            "%(num)s dag, tot en met %(day)s. Je beslist over alle dagen tegelijk.",
            "%(num)s dagen, tot en met %(day)s. Je beslist over alle dagen tegelijk.",
            len(rows),
            day=dates.full_day(rhythm.last),
        )
    elif len(rows) == 1:
        line = _("Eén dag van een reeks. De reeks zelf: %(how)s.", how=how)
        title = _day_line(first, today, says_where=False)
    else:
        line = _("De reeks zelf: %(how)s. Je beslist over deze dagen tegelijk.", how=how)
        title = ngettext("%(num)s dag van een reeks", "%(num)s dagen van een reeks", len(rows))
        says_where = len({(row.its_zone_id, row.its_people) for row in rows}) > 1
        days = [_day_line(row, today, says_where=says_where) for row in rows]
    lapses = {row.lapses_at for row in rows}
    version = version_asked(first.version, ((row.booking_id, row.its_version) for row in rows))
    return SeriesAsked(first.public_id, version, title, line, tuple(days), len(lapses) > 1)


def _is_usual(row: AnyRow) -> bool:
    """Whether a date has the time and part of its series, and as many people."""
    try:
        usual = slot_on(row.day, row.starts, row.ends)
    except Refused:
        return False
    asked = (TimeSlot(row.starts_at, row.ends_at), row.its_zone_id, row.its_people)
    return asked == (usual, row.zone_id, row.people)


def _day_line(row: AnyRow, today: date, *, says_where: bool) -> str:
    slot = TimeSlot(row.starts_at, row.ends_at)
    facts = [dates.capitalised(dates.near_day(day_of(slot.starts), today)), dates.times_in_words(slot)]
    if says_where:
        facts.append((row.its_zone or _("Hele ruimte")).lower())
        facts.append(ngettext("%(num)s persoon", "%(num)s mensen", row.its_people))
    return ", ".join(facts)

"""What lower slices show about series: `slices.py` hands it down, since series stand above them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.bookings.request_pages import SeriesAsked
from ontmoet.db import execute
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.web import dates
from ontmoet.web.i18n import ngettext

from .models import Series, SeriesDate
from .queries import rhythm_of
from .wording import rhythm_words, times_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.db import AnyRow
    from ontmoet.kernel.actor import Actor

_date = SeriesDate.__table__
_series = Series.__table__

_LINES = (
    select(_date.c.booking_id, _date.c.day, _series)
    .join_from(_date, _series, _series.c.id == _date.c.series_id)
    .where(_date.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class PartOf:
    """Of which series a booking is a date. `since` is that date, for what is done from it on."""

    href: str
    title: str
    since: str
    may_change: bool


def part_of_series(booking: BookingView, actor: Actor, *, now: datetime) -> PartOf | None:
    """The series to which a booking belongs. One statement."""
    row = execute(_LINES, booking_ids=[booking.booking_id]).one_or_none()
    if row is None:
        return None
    goes_on = row.ended_at is None and booking.slot.starts > now
    may_change = goes_on and allows(actor, Permission.BOOKING_CHANGE, booking)
    return PartOf(f"/reeksen/{row.public_id}", _title(row), row.day.isoformat(), may_change)


def series_asked(booking_ids: Sequence[int]) -> dict[int, SeriesAsked]:
    """The series of which these requests are dates, by booking; one statement, or none."""
    rows = execute(_LINES, booking_ids=[*booking_ids]).all() if booking_ids else ()
    counts = Counter(row.id for row in rows)
    return {row.booking_id: _asked(row, counts[row.id]) for row in rows}


def _asked(row: AnyRow, count: int) -> SeriesAsked:
    rhythm = rhythm_of(row)
    line = ngettext(
        "%(num)s dag, tot en met %(day)s. Je beslist over alle dagen tegelijk.",
        "%(num)s dagen, tot en met %(day)s. Je beslist over alle dagen tegelijk.",
        count,
        day=dates.full_day(rhythm.last),
    )
    return SeriesAsked(row.public_id, row.version, _title(row), line)


def _title(row: AnyRow) -> str:
    return f"{dates.capitalised(rhythm_words(rhythm_of(row)))}, {times_words(row.starts, row.ends)}"

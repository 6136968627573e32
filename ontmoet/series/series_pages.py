"""The page of one series: how it goes, its dates, and what can be done with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import abort

from ontmoet.bookings.states import REASONS_FOR_OTHERS
from ontmoet.bookings.wording import reason_sentence
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

from .host_queries import hosts_of
from .pages import whose_of
from .queries import dates_of, series_by_public_id
from .rules import (
    TOLD_BEFORE_END,
    Standing,
    asks_to_confirm,
    prolonged_until,
)
from .wording import (
    not_agreed,
    rhythm_words,
    standing_words,
    times_words,
    waits_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .queries import DateView, SeriesView


MOST_SHOWN = 60
"""Dates on the page of a series; a day of each of a year would be a wall."""


def series_page(
    series: SeriesView, room: RoomView, *, now: datetime, problem: str = "", status: int = 200
) -> Response:
    """A series: how it goes, its dates, and what can be done with it."""
    actor, today = known_actor(), day_of(now)
    rows = dates_of(series.series_id, now=now)
    coming = [row for row in rows if row.is_live and row.slot and row.slot.ends > now]
    open_rows = [row for row in rows if not row.is_past(now)]
    is_own = series.person_id == actor.person_id
    goes_on = series.ended_at is None and bool(open_rows)
    may_change = goes_on and allows(actor, Permission.BOOKING_CHANGE, series)
    may_call_off = goes_on and allows(actor, Permission.BOOKING_CANCEL, series)
    asks = may_change and asks_to_confirm(
        series.rhythm.frequency, series.believed_until, series.rhythm.last, today=today
    )
    until = prolonged_until(series.rhythm, room, today=today) if may_change else None
    requested = [row for row in coming if row.standing is Standing.REQUESTED]
    # What waits for a yes does not end yet.
    ends_soon = until is not None and not requested and series.rhythm.last - TOLD_BEFORE_END <= today
    hosts = hosts_of(series.series_id) if series.is_drop_in else []
    return room_page(
        "series/series.html",
        room,
        status=status,
        nav="mine" if is_own else "agenda",
        series=series,
        problem=problem,
        form_key=new_form_key(),
        is_own=is_own,
        whose=whose_of(None, series),
        title=dates.capitalised(rhythm_words(series.rhythm)),
        times=times_words(series.starts, series.ends),
        until=dates.full_day(series.rhythm.last),
        coming=[_row(row, row.slot, today) for row in coming[:MOST_SHOWN] if row.slot],
        more=max(0, len(coming) - MOST_SHOWN),
        offered=[_kept(row, today) for row in open_rows if row.standing is Standing.OFFERED],
        left_out=[
            _out(row, today) for row in open_rows if row.standing is Standing.STRUCK and not not_agreed(row)
        ],
        not_agreed=[_out(row, today) for row in open_rows if not_agreed(row)],
        refused=[
            _out(row, today) for row in open_rows if row.standing in (Standing.REFUSED, Standing.DISPLACED)
        ],
        past=_past_line(rows, now),
        is_over=not goes_on,
        is_request=bool(requested),
        requested=ngettext(
            "%(num)s dag wacht op een ja.", "%(num)s dagen wachten op een ja.", len(requested)
        ),
        waits=waits_words([row.lapses_at for row in requested if row.lapses_at], today),
        may_change=may_change,
        may_call_off=may_call_off,
        asks_to_confirm=asks,
        prolongs_until=dates.full_day(until) if until else "",
        ends_soon=ends_soon,
        last=series.rhythm.last.isoformat(),
        reasons=[(reason, reason_sentence(reason)) for reason in REASONS_FOR_OTHERS]
        if not is_own and not may_change
        else [],
        hosts=[(dates.near_day(each.since, today), each.opens, each.closes) for each in hosts]
        if allows(actor, Permission.NAMES_SEE, room)
        else [],
        may_host=goes_on and series.is_drop_in and allows(actor, Permission.DROP_IN_HOLD, room),
    )


def _row(row: DateView, slot: TimeSlot, today: date) -> tuple[str, str, str]:
    """Where a date is, its day, and what is different about it."""
    day = day_of(slot.starts)
    facts = [dates.times_in_words(slot)]
    if row.standing is Standing.REQUESTED:
        facts.append(_("aangevraagd"))
    if day != row.day:
        facts.append(_("in plaats van %(day)s", day=dates.near_day(row.day, today)))
    return (
        f"/reserveringen/{row.booking_public_id}",
        dates.capitalised(dates.near_day(day, today)),
        ", ".join(facts),
    )


def _kept(row: DateView, today: date) -> tuple[str, str, str]:
    """A date that is kept for now, and until when."""
    until = dates.full_moment(row.lapses_at) if row.lapses_at else ""
    day = dates.capitalised(dates.near_day(row.day, today))
    return row.day.isoformat(), day, _("vrijgekomen. We houden hem vast tot %(until)s.", until=until)


def _out(row: DateView, today: date) -> tuple[str, str, str]:
    return row.day.isoformat(), dates.capitalised(dates.near_day(row.day, today)), standing_words(row)


def _past_line(rows: Sequence[DateView], now: datetime) -> str:
    been = sum(1 for row in rows if row.is_live and row.slot and row.slot.ends <= now)
    return ngettext("Al %(num)s keer geweest.", "Al %(num)s keer geweest.", been) if been else ""


def series_for(public_id: str, permission: Permission) -> SeriesView:
    """The series, for who may do this with it. For who may not even see it there is nothing (404)."""
    found = series_by_public_id(public_id)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    if permission is not Permission.BOOKING_SEE:
        ensure(permission, found)
    return found

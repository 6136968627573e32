"""What the pages about series show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import abort, request

from ontmoet.bookings.alternatives import Alternative
from ontmoet.bookings.reserving import times_offered
from ontmoet.bookings.rules import REASONS_FOR_OTHERS
from ontmoet.bookings.wording import reason_sentence
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.text import day as read_day
from ontmoet.kernel.text import minutes as read_minutes
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import place_of
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import page

from .forms import weekday_ticks
from .planning import Instead, ways_on
from .queries import dates_of, hosts_of
from .reshaping import Became
from .rules import (
    TOLD_BEFORE_END,
    Standing,
    asks_to_confirm,
    furthest_day,
    prolonged_until,
)
from .wording import (
    holiday_on,
    rhythm_words,
    standing_words,
    step_words,
    times_words,
    way_words,
    why_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.people.behalf import Helped
    from ontmoet.rooms.rules import RoomView

    from .forms import SeriesForm
    from .planning import Asked
    from .queries import DateView, SeriesView
    from .reshaping import Reshaped
    from .rules import Outlook

NOT_KEPT = frozenset({"csrf_token", "step", "take", "instead", "seen", "vanaf"})
MOST_SHOWN = 60
"""Dates on the page of a series; a day of each of a year would be a wall."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A day that cannot be had: which, why, and what is free instead: (value, words, whether chosen)."""

    day: str
    why: str
    ways: list[tuple[str, str, bool]]

    @property
    def ways_shown(self) -> list[tuple[str, str, str, bool]]:
        """The same as ticks."""
        return [(value, words, "", chosen) for value, words, chosen in self.ways]


def form_page(
    room: RoomView,
    form: SeriesForm,
    *,
    now: datetime,
    helped: Helped | None = None,
    series: SeriesView | None = None,
    since: date | None = None,
    house_rules: str = "",
    status: int = 200,
) -> Response:
    """The form of a series that is made, or changed from a day on."""
    return page(
        "series/form.html",
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        form=form,
        weekdays=weekday_ticks(form.weekdays),
        helped=helped,
        whose=_whose(helped, series),
        series=series,
        since=since.isoformat() if since else "",
        since_words=dates.long_day(since) if since else "",
        action=request.path,
        house_rules=house_rules,
        furthest=dates.full_day(furthest_day(room, day_of(now))),
        back=f"/reeksen/{series.public_id}" if series else f"/r/{room.slug}/reserveren",
    )


def look_page(
    room: RoomView,
    asked: Asked,
    outlooks: Sequence[Outlook],
    *,
    struck: frozenset[date],
    instead: Mapping[date, Instead],
    asks: bool,
    now: datetime,
    helped: Helped | None = None,
    changed: Sequence[str] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    """How each day would be, before anything is booked: leave days out, take something else, or go back."""
    today = day_of(now)
    free = [each for each in outlooks if each.is_free and each.day not in instead]
    stuck = [each for each in outlooks if not each.is_free or each.day in instead]
    ways = ways_on([each for each in stuck if not each.is_free], asked, room, now=now)
    return page(
        "series/look.html",
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        helped=helped,
        whose=_whose(helped, None),
        action=request.path,
        title=dates.capitalised(rhythm_words(asked.rhythm)),
        times=times_words(asked.starts, asked.ends),
        kept=kept_fields(),
        seen=",".join(each.day.isoformat() for each in outlooks if each.is_free),
        count=len(outlooks),
        days=[
            (
                each.day.isoformat(),
                dates.capitalised(dates.near_day(each.day, today)),
                holiday_on(each.day),
                each.day not in struck,
            )
            for each in free
        ],
        refusals=[_refusal(each, ways.get(each.day, []), instead, room, today) for each in stuck],
        asks=asks,
        changed=changed,
        problem=problem,
    )


def _refusal(
    outlook: Outlook,
    ways: Sequence[Alternative],
    instead: Mapping[date, Instead],
    room: RoomView,
    today: date,
) -> Refusal:
    day = dates.capitalised(dates.near_day(outlook.day, today))
    chosen = instead.get(outlook.day)
    if chosen is not None and outlook.slot is not None:
        value = instead_value(outlook.day, chosen)
        words = way_words(Alternative(outlook.slot, outlook.zone), room)
        return Refusal(day, _("je koos iets anders"), [(value, words, True)])
    options = []
    for way in ways:
        slug = way.zone.slug if way.zone else ""
        begin = dates.local_iso(way.slot.starts)[11:]
        end = dates.field_time(dates.end_minutes(way.slot))
        options.append((f"{outlook.day}/{begin}/{end}/{slug}", way_words(way, room), False))
    return Refusal(day, why_words(outlook), options)


def instead_value(day: date, chosen: Instead) -> str:
    """What the tick of something else says to the form."""
    begin, end = dates.field_time(chosen.starts), dates.field_time(chosen.ends)
    return f"{day}/{begin}/{end}/{chosen.zone_slug}"


def change_page(
    room: RoomView,
    series: SeriesView,
    asked: Asked,
    reshaped: Reshaped,
    *,
    since: date | None,
    struck: frozenset[date],
    asks: bool,
    now: datetime,
    changed: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """What a change means for each date, before it is done."""
    today = day_of(now)
    zone = asked.zone(room)
    zone_name = zone.name.lower() if zone else ""
    goes_on, gone = [], []
    for step in reshaped.steps:
        words = step_words(step, zone_name)
        day = dates.capitalised(dates.near_day(step.day, today))
        if step.became in (Became.MOVES, Became.NEW, Became.STAYS, Became.KEEPS):
            goes_on.append((step.day.isoformat(), day, words, True))
        elif step.day in struck:
            goes_on.append((step.day.isoformat(), day, "", False))
        else:
            gone.append((day, words))
    return page(
        "series/change_look.html",
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        series=series,
        whose=_whose(None, series),
        action=request.path,
        title=dates.capitalised(rhythm_words(asked.rhythm)),
        times=times_words(asked.starts, asked.ends),
        since=since.isoformat() if since else "",
        since_words=dates.long_day(since) if since else "",
        kept=kept_fields(),
        seen=seen_text({step.day: step.became for step in reshaped.steps}),
        days=goes_on,
        gone=gone,
        asks=asks,
        changed=changed,
    )


def series_page(
    series: SeriesView, room: RoomView, *, now: datetime, problem: str = "", status: int = 200
) -> Response:
    """A series: how it goes, its dates, and what can be done with it."""
    actor, today = known_actor(), day_of(now)
    rows = dates_of(series.series_id, now=now)
    coming = [row for row in rows if row.is_live and row.slot and row.slot.ends > now]
    open_rows = [row for row in rows if not row.has_begun(now)]
    is_own = series.person_id == actor.person_id
    goes_on = series.ended_at is None and bool(open_rows)
    may_change = goes_on and allows(actor, Permission.BOOKING_CHANGE, series)
    may_call_off = goes_on and allows(actor, Permission.BOOKING_CANCEL, series)
    asks = may_change and asks_to_confirm(
        series.rhythm.frequency, series.believed_until, series.rhythm.last, today=today
    )
    until = prolonged_until(series.rhythm, room, today=today) if may_change else None
    ends_soon = until is not None and series.rhythm.last - TOLD_BEFORE_END <= today
    requested = [row for row in coming if row.standing is Standing.REQUESTED]
    hosts = hosts_of(series.series_id) if series.is_drop_in else []
    return page(
        "series/series.html",
        status=status,
        place=place_of(room),
        nav="mine" if is_own else "agenda",
        corporation_name=room.corporation_name,
        room=room,
        series=series,
        problem=problem,
        is_own=is_own,
        whose=_whose(None, series),
        title=dates.capitalised(rhythm_words(series.rhythm)),
        times=times_words(series.starts, series.ends),
        until=dates.full_day(series.rhythm.last),
        coming=[_row(row, row.slot, today) for row in coming[:MOST_SHOWN] if row.slot],
        more=max(0, len(coming) - MOST_SHOWN),
        left_out=[_out(row, today) for row in open_rows if row.standing is Standing.STRUCK],
        refused=[
            _out(row, today) for row in open_rows if row.standing in (Standing.REFUSED, Standing.DISPLACED)
        ],
        past=_past_line(rows, now),
        is_over=not goes_on,
        is_request=bool(requested),
        requested=ngettext(
            "%(num)s datum wacht op een ja.", "%(num)s datums wachten op een ja.", len(requested)
        ),
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


def _out(row: DateView, today: date) -> tuple[str, str, str]:
    return row.day.isoformat(), dates.capitalised(dates.near_day(row.day, today)), standing_words(row)


def _past_line(rows: Sequence[DateView], now: datetime) -> str:
    been = sum(1 for row in rows if row.is_live and row.slot and row.slot.ends <= now)
    return ngettext("Al %(num)s keer geweest.", "Al %(num)s keer geweest.", been) if been else ""


def _whose(helped: Helped | None, series: SeriesView | None) -> str:
    """Given name of the person it is for, when somebody else fills it in."""
    if helped is not None:
        return helped.person.given_name
    if series is None or series.person_id == known_actor().person_id or series.person_name is None:
        return ""
    return series.person_name.split(" ", 1)[0]


def kept_fields() -> list[tuple[str, str]]:
    """What was typed, to go along with the preview."""
    return [
        (name, value) for name, values in request.form.lists() if name not in NOT_KEPT for value in values
    ]


def seen_days() -> frozenset[date]:
    """The days that the preview showed as free; what cannot be read was not made by us."""
    return frozenset(_day(part) for part in request.form.get("seen", "").split(",") if part)


def taken_days() -> frozenset[date]:
    """The days that are ticked."""
    return frozenset(_day(part) for part in request.form.getlist("take"))


def seen_text(seen: Mapping[date, str]) -> str:
    """What a change was seen to mean, for the form to bring back."""
    return ",".join(f"{day}={became}" for day, became in sorted(seen.items()))


def seen_steps() -> dict[date, str]:
    """What `seen_text` wrote."""
    found = {}
    for part in filter(None, request.form.get("seen", "").split(",")):
        day, _equals, became = part.partition("=")
        if became not in set(Became):
            abort(400)
        found[_day(day)] = became
    return found


def chosen_instead() -> dict[date, Instead]:
    """Something else for some days, the first that was ticked of each."""
    found: dict[date, Instead] = {}
    for value in request.form.getlist("instead"):
        try:
            day, begin, end, slug = value.split("/")
            found.setdefault(_day(day), Instead(read_minutes(begin), read_minutes(end), slug))
        except (ValueError, Malformed):
            abort(400)
    return found


def _day(text: str) -> date:
    try:
        return read_day(text)
    except Malformed:
        abort(400)


def times_of(room: RoomView, *more: int) -> list[str]:
    """The times of the two lists, with those that a series has already."""
    return sorted({*times_offered(room), *(dates.field_time(minutes) for minutes in more)})

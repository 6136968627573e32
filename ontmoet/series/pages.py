"""What the pages about series show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import request

from ontmoet.bookings.alternatives import Alternative
from ontmoet.bookings.reserving import times_offered
from ontmoet.bookings.states import lapses_at
from ontmoet.bookings.works import works_during
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import one_line
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _

from .forms import weekday_ticks
from .planning import Instead, ways_on
from .reading import kept_fields, seen_text
from .reshaping import Became
from .rules import (
    furthest_day,
)
from .wording import (
    holiday_on,
    rhythm_words,
    step_words,
    times_words,
    waits_words,
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
    from .queries import SeriesView
    from .reshaping import Reshaped
    from .rules import Outlook


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
    return room_page(
        "series/form.html",
        room,
        status=status,
        form=form,
        weekdays=weekday_ticks(form.weekdays),
        helped=helped,
        whose=whose_of(helped, series),
        series=series,
        since=since.isoformat() if since else "",
        since_words=dates.long_day(since) if since else "",
        action=request.path,
        house_rules=house_rules,
        furthest=dates.full_day(furthest_day(room, day_of(now))),
        back=_back_of(room, helped, series),
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
    return room_page(
        "series/look.html",
        room,
        status=status,
        helped=helped,
        whose=whose_of(helped, None),
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
                ". ".join(filter(None, (holiday_on(each.day), _work_during(room, each.slot)))),
                each.day not in struck,
            )
            for each in free
        ],
        refusals=[_refusal(each, ways.get(each.day, []), instead, room, today) for each in stuck],
        asks=asks,
        waits=waits_words(
            [lapses_at(now, each.slot.starts) for each in outlooks if each.is_free and each.slot], today
        )
        if asks
        else "",
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
        work = _work_during(room, step.slot)
        day = dates.capitalised(dates.near_day(step.day, today))
        if step.became in (Became.MOVES, Became.NEW, Became.STAYS, Became.KEEPS):
            goes_on.append((step.day.isoformat(), day, ". ".join(filter(None, (words, work))), True))
        elif step.day in struck:
            goes_on.append((step.day.isoformat(), day, "", False))
        else:
            gone.append((day, words))
    return room_page(
        "series/change_look.html",
        room,
        status=status,
        series=series,
        whose=whose_of(None, series),
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
        waits=waits_words(reshaped.lapses(now), today) if asks else "",
        changed=changed,
    )


def _work_during(room: RoomView, slot: TimeSlot | None) -> str:
    """That somebody comes in to work then; empty when nobody does."""
    works = works_during(room, slot) if slot else []
    whats = _(" en ").join(one_line(each.what) for each in works)
    return _("Er komt iemand werken: %(what)s", what=whats) if whats else ""


def _back_of(room: RoomView, helped: Helped | None, series: SeriesView | None) -> str:
    """Where whoever does not go on comes: of a new series one booking, for the same person."""
    if series is not None:
        return f"/reeksen/{series.public_id}"
    return f"/r/{room.slug}/reserveren" + (f"?voor={helped.public_id}" if helped else "")


def whose_of(helped: Helped | None, series: SeriesView | None) -> str:
    """Given name of the person it is for, when somebody else fills it in."""
    if helped is not None:
        return helped.person.given_name
    if series is None or series.person_id == known_actor().person_id or series.person_name is None:
        return ""
    return series.person_name.split(" ", 1)[0]


def times_of(room: RoomView, *more: int) -> list[str]:
    """The times of the two lists, with those that a series has already."""
    return sorted({*times_offered(room), *(dates.field_time(minutes) for minutes in more)})

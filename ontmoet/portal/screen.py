"""What the screen in the hall says: how the room is, what is on, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.arranging.hours_rules import week_in
from ontmoet.arranging.hours_wording import hours_line, week_lines
from ontmoet.bookings.agenda import zone_words
from ontmoet.bookings.now import room_now
from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .door import DoorState, state_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ontmoet.bookings.agenda_queries import AgendaLine
    from ontmoet.bookings.coming import Activity
    from ontmoet.bookings.rules import Taken
    from ontmoet.rooms.rules import RoomView

MOST_SHOWN = 4
"""More cannot be read from across a hall."""

MOST_LINES_OF_HOURS = 3
OPENS_SOON = timedelta(hours=1)
"""Before it opens the screen is lit again."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is on: `day` is now, today or a day."""

    day: str
    starts: str
    title: str
    note: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that stands on it, but the clock: equal ones look equal. By night it is dark."""

    day: str
    door: DoorState
    hours: tuple[str, ...]
    items: tuple[Item, ...]
    more: str
    is_night: bool


def screen_of(
    room: RoomView,
    lines: Sequence[AgendaLine],
    taken: tuple[Taken, ...],
    activities: Sequence[Activity],
    *,
    now: datetime,
) -> Screen:
    """The screen of a room now. `lines` and `taken` are of `door_agenda`, as the public reads them;
    `activities` are of the days after today.
    """
    today, state = day_of(now), room_now(room, taken, now=now)
    of_today = [line for line in lines if line.day == today and line.slot.ends > now]
    items = [*(_item_of_today(line, room, now) for line in of_today), *_items_later(activities)]
    hidden = len(of_today) - MOST_SHOWN
    return Screen(
        day=dates.long_day(today),
        door=state_words(state, lines, now=now),
        hours=_hours(room, today),
        items=tuple(items[:MOST_SHOWN]),
        more=_("Vandaag nog %(number)s meer.", number=hidden) if hidden > 0 else "",
        is_night=not any(
            open_.starts - OPENS_SOON <= now < open_.ends for open_ in room.hours.slots_on(today)
        ),
    )


def _hours(room: RoomView, today: date) -> tuple[str, ...]:
    """The week, when it is told in a few lines and today goes as usual; else today."""
    week = week_lines(week_in(room.hours))
    if len(week) <= MOST_LINES_OF_HOURS and today not in room.hours.exceptions:
        return tuple(week)
    return (_("Vandaag: %(hours)s", hours=hours_line(room.hours.on(today))),)


def _item_of_today(line: AgendaLine, room: RoomView, now: datetime) -> Item:
    if line.is_works:
        title = _("Werk: %(what)s", what=line.title)
    elif line.is_closure:
        title = _("Gesloten: %(why)s", why=line.title)
    else:
        title = line.title or _("Bezet")
    is_now = line.slot.contains(now)
    notes = [
        "" if line.is_all_day else _("tot %(time)s", time=dates.hour(line.ends_at)),
        zone_words(line.zone_ids, room) if line.zone_ids else "",
        _("iedereen welkom") if line.is_open else "",
    ]
    return Item(
        day=_("nu") if is_now else _("vandaag"),
        starts=_("hele dag") if line.is_all_day else dates.clock_of(line.starts_at),
        title=title,
        note=dates.capitalised(", ".join(note for note in notes if note)),
        is_now=is_now,
    )


def _items_later(activities: Sequence[Activity]) -> Iterator[Item]:
    for activity in activities:
        yield Item(
            day=dates.short_day(day_of(activity.slot.starts)),
            starts=dates.clock_at(activity.slot.starts),
            title=activity.title or _("Open activiteit"),
            note=dates.capitalised(
                _(
                    "tot %(time)s, iedereen welkom",
                    time=dates.hour(dates.end_minutes(activity.slot)),
                )
            ),
            is_now=False,
        )

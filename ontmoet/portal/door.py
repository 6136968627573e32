"""What the door says, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings.agenda_queries import agenda_between
from ontmoet.bookings.alternatives import next_free
from ontmoet.bookings.form_links import path_to_free
from ontmoet.bookings.now import DAYS_AHEAD, Doorway, RoomNow, room_now
from ontmoet.bookings.wording import closed_until_words
from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.bookings.agenda_queries import AgendaLine
    from ontmoet.bookings.rules import Taken
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

DAYS_SEARCHED = 2
"""How far the door looks for a free slot; further on the agenda helps better."""


@dataclass(frozen=True, slots=True)
class DoorState:
    """How the room is now: which drawing of the door, a word, until when, and why it is shut."""

    drawing: str
    word: str
    until: str
    why: str


@dataclass(frozen=True, slots=True)
class DoorText:
    """The answer on top of the room's page, and the offer under it."""

    state: str
    word: str
    until: str
    why: str
    offer: str
    button: str
    href: str


def door_agenda(
    room: RoomView, *, reader: Actor | None, now: datetime
) -> tuple[tuple[AgendaLine, ...], tuple[Taken, ...]]:
    """What door and screen are made of: the days searched, and closures as far as is told when it opens."""
    today = day_of(now)
    return agenda_between(
        room,
        today,
        today + timedelta(days=DAYS_SEARCHED),
        reader=reader,
        now=now,
        closures_until=today + timedelta(days=DAYS_AHEAD),
    )


def door_text(
    room: RoomView, lines: Iterable[AgendaLine], taken: tuple[Taken, ...], *, now: datetime
) -> DoorText:
    """The door of a room now. `lines` and `taken` are of `door_agenda`."""
    state = room_now(room, taken, now=now)
    now_is = state_words(state, lines, now=now)
    found = next_free(room, taken=taken, now=now, days=DAYS_SEARCHED)
    if found is None or not room.is_open_to_bookings(now):
        return DoorText(
            now_is.drawing,
            now_is.word,
            now_is.until,
            now_is.why,
            _("Vandaag en morgen is er geen tijd vrij."),
            _("Kies een andere dag"),
            f"/r/{room.slug}/reserveren",
        )
    day = dates.capitalised(dates.near_day(day_of(found.slot.starts), day_of(now)))
    where = f", {found.zone.name.lower()}" if found.zone else ""
    when = f"{day} {dates.times_in_words(found.slot)}{where}"
    soon = state.doorway in (Doorway.FREE, Doorway.PARTLY_FREE)
    return DoorText(
        now_is.drawing,
        now_is.word,
        now_is.until,
        now_is.why,
        when if soon else _("Weer vrij: %(when)s", when=f"{when[:1].lower()}{when[1:]}"),
        _("Reserveer deze tijd"),
        path_to_free(room, found.slot, found.zone),
    )


def state_words(state: RoomNow, lines: Iterable[AgendaLine], *, now: datetime) -> DoorState:
    """The state of a room in words. `lines` cover today."""
    why = _closed_line(lines, now) if state.doorway is Doorway.CLOSED else ""
    return DoorState(*_drawing_and_word(state), _until(state, now), why)


def _drawing_and_word(state: RoomNow) -> tuple[str, str]:
    return {
        Doorway.FREE: ("open", _("Nu vrij")),
        Doorway.PARTLY_FREE: ("open", _("Deels vrij")),
        Doorway.BUSY: ("busy", _("Bezet")),
        Doorway.CLOSED: ("dark", _("Nu dicht")),
    }[state.doorway]


def _closed_line(lines: Iterable[AgendaLine], now: datetime) -> str:
    """Why the room is closed just now, and until when that lasts; empty outside its hours."""
    running = [line for line in lines if line.is_closure and line.slot.contains(now)]
    if not running:
        return ""
    line = max(running, key=lambda line: line.closed_until or line.slot.ends)
    until = closed_until_words(line.closed_until or line.slot.ends, day_of(now))
    return _("Gesloten %(until)s: %(reason)s", until=until, reason=line.title)


def _until(state: RoomNow, now: datetime) -> str:
    if state.until is None:
        return ""
    time = dates.o_clock(dates.clock_at(state.until))
    day = dates.near_day(day_of(state.until), day_of(now))
    if state.doorway is Doorway.CLOSED:
        return _("open %(day)s om %(time)s", day=day, time=time)
    if state.doorway is Doorway.PARTLY_FREE:
        zones = _(" en ").join(zone.name.lower() for zone in state.free_zones)
        return _("%(zones)s tot %(time)s", zones=zones, time=time)
    return _("tot %(time)s", time=time)

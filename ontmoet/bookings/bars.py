"""Times as places on a page: half hours from the first hour shown, as the style sheet counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import day_of, instant_or_next, minutes_of, whole_day
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ontmoet.rooms.rules import RoomView

    from .rules import Taken

HALF_HOUR = 30
FEWEST_ROWS, MOST_ROWS = 16, 48


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the day that is drawn: from a whole hour, in half hours."""

    first: int
    rows: int

    def at(self, minutes: int) -> int:
        """The row in which a time falls; what lies before the first hour is drawn in the first row."""
        return min(max((minutes - self.first) // HALF_HOUR, 0), self.rows - 1) + 1

    def place(self, starts: int, ends: int) -> tuple[int, int]:
        """(row, number of rows) between two times; quarters are rounded outwards, the text is exact."""
        at = self.at(starts)
        return at, self.at(ends - 1) - at + 1

    def shows(self, starts: int, ends: int) -> bool:
        """Whether some of the time between these two is drawn."""
        return starts < self.first + self.rows * HALF_HOUR and self.first < ends

    def hours(self, every: int = 60) -> list[tuple[int, str]]:
        """(row, label) for a scale beside it."""
        last = self.first + self.rows * HALF_HOUR
        return [(self.at(m), dates.clock_of(m)) for m in range(self.first, last, every)]


def frame_for(room: RoomView, days: Iterable[date], times: Iterable[tuple[int, int]] = ()) -> Frame:
    """A frame around the opening hours of these days and around all `times` (from, until) in it."""
    stretches = [(stretch.opens, stretch.closes) for day in days for stretch in room.hours.on(day)]
    stretches.extend(times)
    starts = [start for start, _end in stretches]
    ends = [end for _start, end in stretches]
    first = min(starts, default=9 * 60) // 60 * 60
    last = -(-max(ends, default=17 * 60) // 60) * 60
    rows = max((last - first) // HALF_HOUR, FEWEST_ROWS)
    first = min(first, MOST_ROWS * HALF_HOUR - rows * HALF_HOUR)
    return Frame(first, rows)


@dataclass(slots=True)
class Bar:
    """One day as a bar, for `ui.slotbar`. `label` says what is drawn, `about` what is to be known first."""

    rows: int
    hours: list[tuple[int, str]]
    parts: list[tuple[str, int, int]]
    now: int | None
    label: str
    about: str = ""


def day_bar(
    room: RoomView,
    day: date,
    taken: Iterable[Taken],
    *,
    zone_ids: frozenset[int],
    now: datetime | None,
    mine: TimeSlot | None = None,
) -> Bar:
    """The day of these zones as a bar, with one's own wish in it and where it clashes. Closed is what lies
    outside the opening hours, and when none of these zones is open. Without a wish it is about the zones that
    are open on the day at all, and `about` names the others.
    """
    day_slot = whole_day(day)
    held = [t for t in taken if t.zone_id in zone_ids and t.slot.overlaps(day_slot)]
    shut = shut_zones(room, day, held, now=now) & zone_ids if mine is None else frozenset()
    held = [t for t in held if not (t.is_closure and t.zone_id in shut)]
    booked = _within(day_slot, (t.slot for t in held if not t.is_closure))
    open_ = open_parts(room, day, held, zone_ids - shut)
    # A part that is closed while another is open stands in the way of the whole, as a booking does.
    taken_up = _within(day_slot, (t.slot for t in held))
    busy = [part for slot in taken_up for part in _shared_with(slot, _merged([*open_, *booked]))]
    frame = frame_for(room, [day], [_span(slot) for slot in (busy if mine is None else [*busy, mine])])
    drawn = TimeSlot(
        instant_or_next(day, frame.first), instant_or_next(day, frame.first + frame.rows * HALF_HOUR)
    )
    closed = gaps(drawn, [*open_, *booked])
    parts = [("closed", *frame.place(*_span(slot))) for slot in closed]
    parts.extend(("busy", *frame.place(*_span(slot))) for slot in busy)
    said = []
    if mine is not None:
        parts.append(("mine", *frame.place(*_span(mine))))
        clashes = [_shared(slot, mine) for slot in taken_up if slot.overlaps(mine)]
        parts.extend(("clash", *frame.place(*_span(clash))) for clash in clashes)
        said.append(_("Jouw tijd is %(times)s.", times=dates.times_in_words(mine)))
    # What is over is drawn, and no longer said.
    since = now if now is not None and day_of(now) == day else drawn.starts
    if now is not None and day < day_of(now):
        said.append(_("Deze dag is al voorbij."))
    elif closed == (drawn,):
        said.append(_("De hele dag is de ruimte dicht."))
    elif all(slot.ends <= since for slot in [*open_, *busy]):
        said.append(_("De ruimte is vandaag niet meer open."))
    else:
        to_come = [slot for slot in closed if slot.ends > since]
        said.extend(_("Gesloten van %(times)s.", times=dates.times_in_words(slot)) for slot in to_come)
        to_come = [slot for slot in busy if slot.ends > since]
        said.extend(_("Bezet van %(times)s.", times=dates.times_in_words(slot)) for slot in to_come)
        over = [] if since <= drawn.starts else [TimeSlot(drawn.starts, since)]
        if gaps(drawn, [*over, *closed, *busy, *([] if mine is None else [mine])]):
            # What is over is drawn and not said, so it would be part of "de rest".
            rest = _("De rest van de dag is vrij.") if over else _("De rest is vrij.")
            said.append(rest if over or said else _("De hele dag is vrij."))
    ends = frame.first + frame.rows * HALF_HOUR
    every = -(-frame.rows // 8) * 60  # whole hours, at most four besides the end, none too near to it
    scale = [(frame.at(m), str(m // 60)) for m in range(frame.first, ends - every // 2, every)]
    scale.append((frame.rows + 1, str(ends // 60)))
    return Bar(
        frame.rows,
        scale,
        parts,
        frame.at(minutes_of(now)) if now is not None and day_of(now) == day else None,
        " ".join(said),
        shut_words(room, shut),
    )


def shut_zones(
    room: RoomView, day: date, taken: Iterable[Taken], *, now: datetime | None = None
) -> frozenset[int]:
    """The zones that closures take during all the opening hours of a day that are still to come, while
    another is open then; once they are over, during all of them.
    """
    closures = [t for t in taken if t.is_closure]
    hours = room.hours.slots_on(day)
    if not closures or not hours:
        return frozenset()
    since = now if now is not None and now < hours[-1].ends else hours[0].starts
    shut = frozenset(
        each
        for each in room.zone_ids
        if all(part.ends <= since for part in open_parts(room, day, closures, frozenset({each})))
    )
    return shut if shut != room.zone_ids else frozenset()


def shut_words(room: RoomView, shut: frozenset[int]) -> str:
    """Which parts are closed; empty for none. Without an article: parts are called as people like."""
    names = [zone.name.lower() for zone in room.zones if zone.zone_id in shut]
    return _("Gesloten: %(zones)s.", zones=_(" en ").join(names)) if names else ""


def open_parts(room: RoomView, day: date, taken: Iterable[Taken], zone_ids: frozenset[int]) -> list[TimeSlot]:
    """When at least one of these zones is open: within the hours, and not in a closure of its own."""
    closures = [t for t in taken if t.is_closure]
    return _merged(
        part
        for zone_id in zone_ids
        for hours in room.hours.slots_on(day)
        for part in gaps(hours, [t.slot for t in closures if t.zone_id == zone_id])
    )


def legend_of(bar: Bar, now: datetime, *, mine: str = "") -> list[tuple[str, str]]:
    """What is drawn in a bar and nothing else, for `ui.legend`; `mine` is what one's own wish is called."""
    drawn = {kind for kind, _at, _length in bar.parts}
    if len({at + n for _kind, at, length in bar.parts for n in range(length)}) < bar.rows:
        drawn.add("free")
    words = [
        ("free", _("vrij")),
        ("mine", mine),
        ("clash", _("dubbel")),
        ("busy", _("bezet")),
        ("closed", _("gesloten")),
    ]
    legend = [(kind, word) for kind, word in words if kind in drawn]
    if bar.now is not None:
        legend.append(("now", _("nu, %(time)s", time=dates.o_clock(dates.clock_at(now)))))
    return legend


def _span(slot: TimeSlot) -> tuple[int, int]:
    return minutes_of(slot.starts), dates.end_minutes(slot)


def _within(day: TimeSlot, slots: Iterable[TimeSlot]) -> list[TimeSlot]:
    """These as far as they are on the day, and one where they touch."""
    return [_shared(slot, day) for slot in _merged(slots)]


def _shared_with(slot: TimeSlot, others: Iterable[TimeSlot]) -> list[TimeSlot]:
    return [_shared(slot, other) for other in others if slot.overlaps(other)]


def _merged(slots: Iterable[TimeSlot]) -> list[TimeSlot]:
    merged: list[TimeSlot] = []
    for slot in sorted(slots):
        if merged and slot.starts <= merged[-1].ends:
            merged[-1] = TimeSlot(merged[-1].starts, max(merged[-1].ends, slot.ends))
        else:
            merged.append(slot)
    return merged


def _shared(one: TimeSlot, other: TimeSlot) -> TimeSlot:
    return TimeSlot(max(one.starts, other.starts), min(one.ends, other.ends))

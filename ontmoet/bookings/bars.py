"""Times as places on a page: half hours from the first hour shown, as the style sheet counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, minutes_of, start_of
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
    """One day as a bar, for `ui.slotbar`."""

    rows: int
    hours: list[tuple[int, str]]
    parts: list[tuple[str, int, int]]
    now: int | None
    label: str


def day_bar(
    room: RoomView,
    day: date,
    taken: Iterable[Taken],
    *,
    zone_ids: frozenset[int],
    now: datetime | None,
    mine: TimeSlot | None = None,
) -> Bar:
    """The day of these zones as a bar, with one's own wish in it and where it clashes."""
    day_slot = _whole_day(day)
    busy = _merged(t.slot for t in taken if t.zone_id in zone_ids and t.slot.overlaps(day_slot))
    busy = [TimeSlot(max(s.starts, day_slot.starts), min(s.ends, day_slot.ends)) for s in busy]
    frame = frame_for(room, [day], [_span(slot) for slot in (busy if mine is None else [*busy, mine])])
    parts = [("busy", *frame.place(*_span(slot))) for slot in busy]
    said = [_("Bezet van %(times)s.", times=dates.times_in_words(slot)) for slot in busy]
    if mine is not None:
        parts.append(("mine", *frame.place(*_span(mine))))
        clashes = [_shared(slot, mine) for slot in busy if slot.overlaps(mine)]
        parts.extend(("clash", *frame.place(*_span(clash))) for clash in clashes)
        said.insert(0, _("Jouw tijd is %(times)s.", times=dates.times_in_words(mine)))
    ends = frame.first + frame.rows * HALF_HOUR
    every = -(-frame.rows // 8) * 60  # whole hours, at most four besides the end, none too near to it
    scale = [(frame.at(m), str(m // 60)) for m in range(frame.first, ends - every // 2, every)]
    scale.append((frame.rows + 1, str(ends // 60)))
    is_today = now is not None and day_of(now) == day
    return Bar(
        frame.rows,
        scale,
        parts,
        frame.at(minutes_of(now)) if now is not None and is_today else None,
        " ".join(said) + " " + _("De rest is vrij.") if said else _("De hele dag is vrij."),
    )


def legend_of(bar: Bar, now: datetime, *, mine: str = "") -> list[tuple[str, str]]:
    """What is drawn in a bar and nothing else, for `ui.legend`; `mine` is what one's own wish is called."""
    drawn = {kind for kind, _at, _length in bar.parts}
    words = {"mine": mine, "clash": _("dubbel"), "busy": _("bezet")}
    legend = [("free", _("vrij")), *((kind, word) for kind, word in words.items() if kind in drawn)]
    if bar.now is not None:
        legend.append(("now", _("nu, %(time)s", time=dates.o_clock(dates.clock_at(now)))))
    return legend


def _span(slot: TimeSlot) -> tuple[int, int]:
    return minutes_of(slot.starts), dates.end_minutes(slot)


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


def _whole_day(day: date) -> TimeSlot:
    return TimeSlot(start_of(day), start_of(day + timedelta(days=1)))

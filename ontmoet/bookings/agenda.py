"""The agenda in words and places: list, day, week and month are made here from the same lines.

Positions are half hours from the first hour shown, as the style sheet counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import day_of, minutes_of, start_of
from ontmoet.web import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontmoet.rooms.rules import RoomView

    from .queries import AgendaLine
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

    def place(self, slot: TimeSlot) -> tuple[int, int]:
        """(row, number of rows) of a slot; quarters are rounded outwards, the text has the exact time."""
        at = self.at(minutes_of(slot.starts))
        last = self.at(dates.end_minutes(slot) - 1)
        return at, last - at + 1

    def hours(self, every: int = 60) -> list[tuple[int, str]]:
        """(row, label) for a scale beside it."""
        last = self.first + self.rows * HALF_HOUR
        return [(self.at(m), dates.clock_of(m)) for m in range(self.first, last, every)]


def frame_for(room: RoomView, days: Iterable[date], slots: Iterable[TimeSlot] = ()) -> Frame:
    """A frame around the opening hours of these days and around everything that is in it."""
    stretches = [stretch for day in days for stretch in room.hours.on(day)]
    starts = [s.opens for s in stretches] + [minutes_of(slot.starts) for slot in slots]
    ends = [s.closes for s in stretches] + [dates.end_minutes(slot) for slot in slots]
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
    frame = frame_for(room, [day], busy if mine is None else [*busy, mine])
    parts = [("busy", *frame.place(slot)) for slot in busy]
    said = [_("Bezet van %(times)s.", times=dates.times_in_words(slot)) for slot in busy]
    if mine is not None:
        parts.append(("mine", *frame.place(mine)))
        clashes = [_shared(slot, mine) for slot in busy if slot.overlaps(mine)]
        parts.extend(("clash", *frame.place(clash)) for clash in clashes)
        said.insert(0, _("Jouw tijd is %(times)s.", times=dates.times_in_words(mine)))
    quarter = frame.rows // 4 * HALF_HOUR
    ends = frame.first + frame.rows * HALF_HOUR
    scale = [(frame.at(m), str(m // 60)) for m in range(frame.first, ends, max(quarter, 60))][:4]
    scale.append((frame.rows + 1, str(ends // 60)))
    is_today = now is not None and day_of(now) == day
    return Bar(
        frame.rows,
        scale,
        parts,
        frame.at(minutes_of(now)) if now is not None and is_today else None,
        " ".join(said) + " " + _("De rest is vrij.") if said else _("De hele dag is vrij."),
    )


@dataclass(slots=True)
class Entry:
    """One line of the agenda, ready to show."""

    kind: str
    word: str
    title: str
    note: str
    slot: TimeSlot
    starts: str
    until: str
    href: str | None
    attrs: dict[str, str]
    zones: str = ""
    is_free: bool = False


def entry_of(line: AgendaLine, room: RoomView) -> Entry:
    """A booking or closure in words, as far as its reader may know."""
    kind, word = _kind_and_word(line)
    zones = zone_words(line.zone_ids, room)
    facts = [line.name, zones, _people(line.people)]
    if line.is_open and not line.is_mine:
        facts.append(_("Iedereen welkom"))
    title = line.title or (_("Jouw reservering") if line.is_mine else "")
    return Entry(
        kind=kind,
        word=word,
        title=title,
        note=". ".join(dates.capitalised(fact) for fact in facts if fact),
        slot=line.slot,
        starts=dates.clock_at(line.slot.starts),
        until=_("tot %(time)s", time=dates.clock_of(dates.end_minutes(line.slot))),
        href=f"/reserveringen/{line.public_id}" if line.may_see else None,
        attrs=_attrs(line),
        zones=zones,
    )


def day_entries(
    day: date, lines: Sequence[AgendaLine], taken: Sequence[Taken], room: RoomView, now: datetime
) -> list[Entry]:
    """A day from opening to closing: what is booked, and the gaps in which the whole room is free."""
    entries = [entry_of(line, room) for line in lines if day_of(line.slot.starts) == day]
    for entry, line in zip(entries, list(_on(day, lines)), strict=True):
        free = _zones_free_during(line, taken, room)
        if free and not line.is_closure:
            entry.note = ". ".join(part for part in (entry.note, free) if part)
    buffer = timedelta(minutes=room.buffer_minutes)
    for open_ in room.hours.slots_on(day):
        for gap in gaps(open_, [t.slot for t in taken]):
            usable = _usable(gap, now, buffer if gap.ends != open_.ends else timedelta())
            if usable is None or usable.length < timedelta(minutes=room.shortest_minutes):
                continue
            entries.append(_free_entry(usable, room))
    return sorted(entries, key=lambda entry: (entry.slot, entry.is_free))


@dataclass(slots=True)
class WeekSlot:
    """One occupied time in the week grid."""

    entry: Entry
    at: int
    span: int
    lane: int = 1
    lanes: int = 1
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class WeekDay:
    """One column of the week grid."""

    day: date
    title: str
    spoken: str
    today: bool
    now: int | None
    slots: list[WeekSlot]


def week_days(
    monday: date, lines: Sequence[AgendaLine], room: RoomView, frame: Frame, now: datetime
) -> list[WeekDay]:
    """Seven days; what overlaps in time stands in lanes beside each other."""
    per_day: dict[date, list[AgendaLine]] = {}
    for line in lines:
        per_day.setdefault(day_of(line.slot.starts), []).append(line)
    today = day_of(now)
    days = []
    for ahead in range(7):
        day = monday + timedelta(days=ahead)
        slots = [_week_slot(line, room, frame) for line in per_day.get(day, ())]
        _set_lanes(slots)
        days.append(
            WeekDay(
                day=day,
                title=dates.short_day(day),
                spoken=dates.long_day(day),
                today=day == today,
                now=frame.at(minutes_of(now)) if day == today else None,
                slots=slots,
            )
        )
    return days


@dataclass(slots=True)
class MonthDay:
    """One cell of the month."""

    href: str
    number: int
    month: str
    count: int
    word: str
    state: str
    today: bool
    other: bool


def month_weeks(
    first: date, lines: Sequence[AgendaLine], room: RoomView, now: datetime
) -> list[list[MonthDay]]:
    """The weeks that hold a month, as counts per day."""
    counts: dict[date, int] = {}
    for line in lines:
        day = day_of(line.slot.starts)
        counts[day] = counts.get(day, 0) + 1
    start = first - timedelta(days=first.weekday())
    weeks = []
    while start < first or start.month == first.month:
        weeks.append(
            [_month_day(start + timedelta(days=n), first, counts, room, day_of(now)) for n in range(7)]
        )
        start += timedelta(days=7)
    return weeks


def zone_words(zone_ids: frozenset[int], room: RoomView) -> str:
    """Which parts of a divisible room; empty when the room has one part."""
    if not room.is_divisible:
        return ""
    if zone_ids >= room.zone_ids:
        return _("hele ruimte")
    return _(" en ").join(z.name.lower() for z in room.zones if z.zone_id in zone_ids)


def _kind_and_word(line: AgendaLine) -> tuple[str, str]:
    if line.is_closure:
        return "closed", _("gesloten")
    if line.is_request:
        return "asked", _("aangevraagd")
    if line.is_mine:
        return "mine", _("van jou")
    if line.is_open:
        return "open", ""
    return "busy", _("bezet")


def _people(number: int | None) -> str:
    if number is None:
        return ""
    return ngettext("%(num)s mens", "%(num)s mensen", number)


def _attrs(line: AgendaLine) -> dict[str, str]:
    kind = "data-closure" if line.is_closure else "data-booking"
    return {
        kind: line.public_id,
        "data-starts": dates.iso(line.slot.starts),
        "data-ends": dates.iso(line.slot.ends),
    }


def _on(day: date, lines: Sequence[AgendaLine]) -> Iterable[AgendaLine]:
    return (line for line in lines if day_of(line.slot.starts) == day)


def _zones_free_during(line: AgendaLine, taken: Sequence[Taken], room: RoomView) -> str:
    busy = {t.zone_id for t in taken if t.slot.overlaps(line.slot)}
    free = [zone.name for zone in room.zones if zone.zone_id not in busy]
    if not free:
        return ""
    return _("Nog vrij: %(zones)s", zones=_(" en ").join(name.lower() for name in free))


def _usable(gap: TimeSlot, now: datetime, buffer: timedelta) -> TimeSlot | None:
    starts, ends = max(gap.starts, now), gap.ends - buffer
    return TimeSlot(starts, ends) if starts < ends else None


def _free_entry(gap: TimeSlot, room: RoomView) -> Entry:
    offered = TimeSlot(gap.starts, min(gap.ends, gap.starts + timedelta(minutes=room.usual_minutes)))
    href = f"/r/{room.slug}/reserveren?van={dates.local_iso(offered.starts)}&tot={dates.local_end(offered)}"
    return Entry(
        kind="free",
        word=_("vrij"),
        title="",
        note=_("van %(times)s", times=dates.times_in_words(gap)),
        slot=gap,
        starts=dates.clock_at(gap.starts),
        until=_("tot %(time)s", time=dates.clock_of(dates.end_minutes(gap))),
        href=href,
        attrs={},
        is_free=True,
    )


def _week_slot(line: AgendaLine, room: RoomView, frame: Frame) -> WeekSlot:
    entry = entry_of(line, room)
    at, span = frame.place(line.slot)
    lines = [dates.times(line.slot)]
    if entry.zones:
        lines.append(entry.zones)
    if line.is_open and not line.is_mine:
        lines.append(_("iedereen welkom"))
    if line.name:
        lines.append(line.name)
    return WeekSlot(entry, at, span, lines=lines)


def _set_lanes(slots: list[WeekSlot]) -> None:
    """Give slots that share a half hour lanes of their own, as few as they need."""
    cluster: list[WeekSlot] = []
    reach = 0
    for slot in [*sorted(slots, key=lambda s: (s.at, -s.span)), None]:
        if slot is None or slot.at >= reach:
            lanes = max((s.lane for s in cluster), default=1)
            for placed in cluster:
                placed.lanes = lanes
            cluster = []
        if slot is None:
            return
        used = {s.lane for s in cluster if s.at + s.span > slot.at}
        slot.lane = next(n for n in range(1, len(cluster) + 2) if n not in used)
        cluster.append(slot)
        reach = max(reach, slot.at + slot.span)


def _month_day(day: date, first: date, counts: dict[date, int], room: RoomView, today: date) -> MonthDay:
    count = counts.get(day, 0)
    if count:
        state, word = "busy", _("bezet")
    elif room.hours.on(day):
        state, word = "free", _("vrij")
    else:
        state, word = "closed", _("dicht")
    return MonthDay(
        href=f"/r/{room.slug}/agenda?dag={day.isoformat()}",
        number=day.day,
        month=dates.long_day(day).split(" ", 2)[2],
        count=count,
        word=word,
        state=state,
        today=day == today,
        other=day.month != first.month,
    )


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

"""The agenda in words and places: list, day, week and month are made here from the same lines.

Positions are half hours from the first hour shown, as the style sheet counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import day_of, minutes_of, start_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext

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
    """One line of the agenda, ready to show. What only lists show is made when it is asked for."""

    kind: str
    word: str
    title: str
    facts: list[str]
    slot: TimeSlot
    starts_at: int
    ends_at: int
    href: str | None
    data: Markup
    is_free: bool = False

    @property
    def starts(self) -> str:
        return dates.clock_of(self.starts_at)

    @property
    def until(self) -> str:
        return _("tot %(time)s", time=dates.clock_of(self.ends_at))

    @property
    def ends(self) -> str:
        return dates.clock_of(self.ends_at)

    @property
    def note(self) -> str:
        return ". ".join(dates.capitalised(fact) for fact in self.facts)


def entry_of(line: AgendaLine, room: RoomView) -> Entry:
    """A booking or closure in words, as far as its reader may know."""
    kind, word = _kind_and_word(line)
    facts = [line.name, zone_words(line.zone_ids, room), _people(line.people)]
    if line.is_open and not line.is_mine:
        facts.append(_("iedereen welkom"))
    return Entry(
        kind=kind,
        word=word,
        title=line.title or (_("Jouw reservering") if line.is_mine else ""),
        facts=[fact for fact in facts if fact],
        slot=line.slot,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        href=f"/reserveringen/{line.public_id}" if line.may_see else None,
        data=_data(line),
    )


def day_entries(
    day: date, lines: Sequence[AgendaLine], taken: Sequence[Taken], room: RoomView, now: datetime
) -> list[Entry]:
    """A day from opening to closing: what is booked, and the gaps in which the whole room is free."""
    entries = []
    for line in lines:
        if line.day != day:
            continue
        entry = entry_of(line, room)
        free = _zones_free_during(line, taken, room)
        if free and not line.is_closure:
            entry.facts.append(free)
        entries.append(entry)
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

    @property
    def title(self) -> str:
        return self.entry.title or dates.capitalised(self.entry.word)

    @property
    def places(self) -> str:
        """Where it stands, as classes of the style sheet."""
        lane = f" om-lane-{self.lane}-{self.lanes}" if self.lanes > 1 else ""
        return f"om-at-{self.at} om-for-{self.span}{lane}"


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
        per_day.setdefault(line.day, []).append(line)
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
        counts[line.day] = counts.get(line.day, 0) + 1
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


def _data(line: AgendaLine) -> Markup:
    """What programs read from a line (contract): its id, and its times in UTC."""
    kind = "closure" if line.is_closure else "booking"
    starts, ends = dates.iso(line.slot.starts), dates.iso(line.slot.ends)
    return Markup(  # noqa: S704 - our own id and times
        f' data-{kind}="{line.public_id}" data-starts="{starts}" data-ends="{ends}"'
    )


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
        facts=[_("van %(times)s", times=dates.times_in_words(gap))],
        slot=gap,
        starts_at=minutes_of(gap.starts),
        ends_at=dates.end_minutes(gap),
        href=href,
        data=Markup(),
        is_free=True,
    )


def _week_slot(line: AgendaLine, room: RoomView, frame: Frame) -> WeekSlot:
    entry = entry_of(line, room)
    at, span = frame.place(line.starts_at, line.ends_at)
    return WeekSlot(entry, at, span)


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

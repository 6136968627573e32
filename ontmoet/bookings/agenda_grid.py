"""The agenda in places: the week as a grid, the month in counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .agenda import entry_of
from .bars import HALF_HOUR, frame_for, open_parts
from .rules import Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ontmoet.rooms.rules import RoomView

    from .agenda_queries import AgendaLine
    from .bars import Frame


@dataclass(slots=True)
class WeekSlot:
    """One occupied time in the week grid, ready for `ui.week`. The closure of a part `leaves_room`: it
    does not look like the closure of the whole. `word` says aloud what its sign shows.
    """

    kind: str
    title: str
    begin: str
    end: str
    lines: list[str]
    href: str | None
    data: Markup
    at: int
    span: int
    lane: int = 1
    lanes: int = 1
    is_drawn: bool = True
    leaves_room: bool = False
    word: str = ""

    @property
    def places(self) -> str:
        """Where it stands, as classes of the style sheet; empty for what falls outside the frame."""
        if not self.is_drawn:
            return ""
        lane = f" om-lane-{self.lane}-{self.lanes}" if self.lanes > 1 else ""
        return f"om-at-{self.at} om-for-{self.span}{lane}"


@dataclass(slots=True)
class WeekDay:
    """One column of the week grid, ready for `ui.week`."""

    day: date
    href: str
    title: str
    spoken: str
    today: bool
    now: int | None
    slots: list[WeekSlot]
    shut: list[tuple[int, int]]
    remarks: list[str]


def week_frame(days: Sequence[date], lines: Iterable[AgendaLine], room: RoomView) -> Frame:
    """A frame around the opening hours of these days, and what is outside them for some hours: a booking, or
    work. A closure of weeks would make the days 24 hours long.
    """
    times = (
        (line.starts_at, line.ends_at)
        for line in lines
        if not line.is_closure and not (line.is_works and _touches_midnight(line))
    )
    return frame_for(room, days, times)


def week_days(
    monday: date, lines: Sequence[AgendaLine], room: RoomView, frame: Frame, now: datetime
) -> Iterator[WeekDay]:
    """Seven days; what overlaps in time stands in lanes beside each other. Made when they are asked for."""
    per_day: dict[date, list[AgendaLine]] = {}
    for line in lines:
        per_day.setdefault(line.day, []).append(line)
    today = day_of(now)
    for ahead in range(7):
        day = monday + timedelta(days=ahead)
        slots = [_week_slot(line, room, frame) for line in per_day.get(day, ())]
        _set_lanes([slot for slot in slots if slot.is_drawn])
        yield WeekDay(
            day=day,
            href=f"?dag={day}",
            title=dates.short_day(day),
            spoken=dates.long_day(day),
            today=day == today,
            now=frame.at(minutes_of(now)) if day == today else None,
            slots=slots,
            shut=list(_shut(day, room, frame)),
            remarks=_remarks(day, room, now, is_empty=not slots),
        )


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
    has_works: bool


def month_weeks(
    first: date, lines: Sequence[AgendaLine], room: RoomView, now: datetime
) -> list[list[MonthDay]]:
    """The weeks that hold a month, as counts of bookings per day."""
    counts: dict[date, int] = {}
    closures: dict[date, list[Taken]] = {}
    works = {line.day for line in lines if line.is_works}
    for line in lines:
        if line.is_closure:
            held = (Taken(zone_id, line.slot, is_closure=True) for zone_id in line.zone_ids)
            closures.setdefault(line.day, []).extend(held)
        elif not line.is_works:
            counts[line.day] = counts.get(line.day, 0) + 1
    shut = {day for day, held in closures.items() if not open_parts(room, day, held, room.zone_ids)}
    start = first - timedelta(days=first.weekday())
    weeks = []
    while start < first or start.month == first.month:
        weeks.append(
            [
                _month_day(start + timedelta(days=n), first, counts, shut, works, room, day_of(now))
                for n in range(7)
            ]
        )
        start += timedelta(days=7)
    return weeks


def _shut(day: date, room: RoomView, frame: Frame) -> Iterator[tuple[int, int]]:
    """(row, number of rows) of the half hours that are wholly outside the opening hours of the day."""
    half_hours = range(frame.first, frame.first + frame.rows * HALF_HOUR, HALF_HOUR)
    is_open = [any(s.opens < m + HALF_HOUR and m < s.closes for s in room.hours.on(day)) for m in half_hours]
    at = 1
    for opens, rows in groupby(is_open):
        number = len(list(rows))
        if not opens:
            yield at, number
        at += number


def _remarks(day: date, room: RoomView, now: datetime, *, is_empty: bool) -> list[str]:
    """What a list says of a day besides its lines: other hours than usual, and why there are none."""
    if not room.hours.on(day):
        return [_("Dicht")]
    remarks = []
    if day in room.hours.exceptions:
        hours = _(" en ").join(dates.times(slot) for slot in room.hours.slots_on(day))
        remarks.append(_("Open %(hours)s", hours=dates.o_clock(hours)))
    if is_empty:
        is_to_come = day >= day_of(now) and room.is_open_to_bookings(now)
        remarks.append(_("Nog niets gepland") if is_to_come else _("Niets gepland"))
    return remarks


def _week_slot(line: AgendaLine, room: RoomView, frame: Frame) -> WeekSlot:
    entry = entry_of(line, room)
    at, span = frame.place(line.starts_at, line.ends_at)
    return WeekSlot(
        kind=entry.kind,
        title=entry.title or dates.capitalised(entry.word),
        word=entry.word if line.title and not line.is_offered and entry.kind != "busy" else "",
        begin=entry.starts,
        end="" if line.is_all_day else dates.clock_of(line.ends_at),
        lines=[dates.capitalised(entry.word), *entry.facts] if line.is_offered else entry.facts,
        href=entry.href,
        data=entry.data,
        at=at,
        span=span,
        is_drawn=frame.shows(line.starts_at, line.ends_at),
        leaves_room=line.is_closure and line.zone_ids != room.zone_ids,
    )


def _touches_midnight(line: AgendaLine) -> bool:
    return line.starts_at == 0 or line.ends_at == MINUTES_A_DAY


def _set_lanes(slots: list[WeekSlot]) -> None:
    """Give slots that share a half hour lanes of their own, as few as they need."""
    cluster: list[WeekSlot] = []
    reach = 0
    for slot in [*sorted(slots, key=lambda s: (s.at, -s.span)), None]:
        if slot is None or slot.at >= reach:
            lanes = max([*(s.lane for s in cluster), 2 if any(s.leaves_room for s in cluster) else 1])
            for placed in cluster:
                placed.lanes = lanes
            cluster = []
        if slot is None:
            return
        used = {s.lane for s in cluster if s.at + s.span > slot.at}
        slot.lane = next(n for n in range(1, len(cluster) + 2) if n not in used)
        cluster.append(slot)
        reach = max(reach, slot.at + slot.span)


def _month_day(
    day: date,
    first: date,
    counts: dict[date, int],
    shut: set[date],
    works: set[date],
    room: RoomView,
    today: date,
) -> MonthDay:
    count = counts.get(day, 0)
    if count:
        state, word = "busy", _("bezet")
    elif room.hours.on(day) and day not in shut:
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
        has_works=day in works,
    )

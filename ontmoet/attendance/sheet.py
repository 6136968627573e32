"""What stands on a sheet, row by row, as everybody may read it; who enters the figures gets the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontmoet.bookings.agenda import zone_words
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .rules import WALK_IN, can_walk_in, most_expected

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ontmoet.bookings.agenda_queries import AgendaLine
    from ontmoet.rooms.rules import RoomView


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: `key` of its figure, empty where nobody is counted; when it is over."""

    key: str
    times: str
    what: str
    capacity: int = 0
    ends: datetime | None = None

    @property
    def label(self) -> str:
        return f"{self.times} {self.what}".strip()

    @property
    def most(self) -> int:
        return most_expected(self.key, self.capacity)


def rows_of(day: date, lines: Iterable[AgendaLine], room: RoomView) -> list[SheetRow]:
    """A day in order of time, and after it who walks in while the room is open. `lines` as the public
    reads them.
    """
    of_day = [line for line in lines if line.day == day]
    shut = [line.slot for line in of_day if line.is_closure and line.zone_ids >= room.zone_ids]
    rows = [_row(line, room) for line in of_day]
    if can_walk_in(room.hours.slots_on(day), shut):
        rows.append(walk_in_row(room))
    return rows


def rows_to_fill(rows: Iterable[SheetRow], *, now: datetime) -> list[SheetRow]:
    """Those of which the figure can be known: what is not over is counted later."""
    return [row for row in rows if row.key and (row.ends is None or row.ends <= now)]


def walk_in_row(room: RoomView) -> SheetRow:
    """For whoever comes without a booking."""
    return SheetRow(WALK_IN, "", _("Inloop, zonder reservering"), room.capacity)


def _row(line: AgendaLine, room: RoomView) -> SheetRow:
    clock = f"{dates.clock_of(line.starts_at)}{dates.EN_DASH}{dates.clock_of(line.ends_at)}"
    times = _("hele dag") if line.is_all_day else clock
    if line.is_works:
        return SheetRow("", times, _("Werk: %(what)s", what=line.title))
    where = zone_words(line.zone_ids, room)
    if line.is_closure:
        return SheetRow("", times, _with(_("Gesloten: %(why)s", why=line.title), where))
    what = line.title or _("Bezet")
    return SheetRow(line.public_id, times, _with(what, where), _capacity(line.zone_ids, room), line.slot.ends)


def _with(what: str, where: str) -> str:
    return f"{what}, {where}" if where else what


def _capacity(zone_ids: frozenset[int], room: RoomView) -> int:
    """How many people fit in these parts; the whole room has a figure of its own."""
    if zone_ids >= room.zone_ids:
        return room.capacity
    return sum(zone.capacity for zone in room.zones if zone.zone_id in zone_ids)

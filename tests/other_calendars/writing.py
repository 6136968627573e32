"""Calendar files as short as they can be, for one rule each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ontmoet.other_calendars.contents import read
from ontmoet.other_calendars.rules import Window

if TYPE_CHECKING:
    from ontmoet.other_calendars.rules import ReadCalendar

WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC))

AMSTERDAM = "TZID=Europe/Amsterdam"
AT_TEN = f"DTSTART;{AMSTERDAM}:20260105T100000"
UNTIL_ELEVEN = f"DTEND;{AMSTERDAM}:20260105T110000"
WHEN = (AT_TEN, UNTIL_ELEVEN)


def event(*lines: str, uid: str = "een@example.org") -> str:
    """A VEVENT with these lines."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*parts: str, head: str = "") -> bytes:
    """A VCALENDAR of these components."""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(parts)}END:VCALENDAR\r\n".encode()


def read_events(*parts: str, head: str = "") -> ReadCalendar:
    return read(calendar(*parts, head=head), WINDOW)


def spans(found: ReadCalendar) -> list[str]:
    """Each date as `2026-01-05 09:00/10:00`, in UTC; a day only where the other end is on another one."""
    return [_span(one.slot.starts, one.slot.ends) for one in found.events]


def faults(found: ReadCalendar) -> list[tuple[int, str]]:
    return [(fault.number, fault.reason) for fault in found.faults]


def _span(starts: datetime, ends: datetime) -> str:
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{starts:%Y-%m-%d %H:%M}/{until}"

"""Calendars of other programs: a large one taken over, and what files made to do harm take at most."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ontmoet.other_calendars.rules import LARGEST_FILE
from tests.bench import data, importing
from tests.bench.children import used_by
from tests.bench.rows import Row
from tests.other_calendars.samples_of_harm import FILLED, HARMFUL
from tests.other_calendars.writing import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS = 5_000
MOST_SECONDS, MOST_MEGABYTES = 2, 100


def rows() -> Iterator[Row]:
    """A large calendar taken over; seconds of computing and memory of each that does harm."""
    with tempfile.TemporaryDirectory(prefix="ontmoet-calendar-") as folder:
        root = Path(folder)
        url = data.filled(root / "data", rooms=2, bookings=200, years=1)
        path = root / "oud.ics"
        path.write_text(_calendar(EVENTS))
        arguments = ["calendar", str(path), "--room", "de-linde"]
        yield from importing.measured("events of a calendar", arguments, EVENTS, url, root / "data")
    for name, (make, _) in HARMFUL.items():
        yield _measured(name, make())
    for name, (filled, _) in FILLED.items():
        yield _measured(f"8 MB of {name}", filled(LARGEST_FILE)[:LARGEST_FILE])


def _calendar(number: int) -> str:
    """So many events as Google writes them, 20 a day, before whatever the database was filled with."""
    first = datetime.now(UTC).date() - timedelta(days=725)
    events = (_event(first + timedelta(days=n // 20), 3 + n % 20, n) for n in range(number))
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\n"
    return head + "".join(events) + "END:VCALENDAR\r\n"


def _event(day: date, hour: int, number: int) -> str:
    lines = (
        "BEGIN:VEVENT",
        f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T{hour:02}0000",
        f"DTEND;TZID=Europe/Amsterdam:{day:%Y%m%d}T{hour + 1:02}0000",
        "DTSTAMP:20261124T120000Z",
        f"UID:{number}abcdefghijklmnopqrst@google.com",
        "CREATED:20251124T120000Z",
        "DESCRIPTION:Wat er te doen is\\, in een paar zinnen",
        "LAST-MODIFIED:20251124T120000Z",
        "LOCATION:De Linde",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        f"SUMMARY:Koffie {number}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _measured(name: str, raw: bytes) -> Row:
    with tempfile.TemporaryDirectory(prefix="ontmoet-calendar-") as folder:
        path = Path(folder) / "calendar.ics"
        path.write_bytes(raw)
        words = ["-W", "ignore", "-m", "ontmoet.other_calendars.child"]
        with path.open("rb") as file:
            used = used_by([*words, WINDOW.first.isoformat(), WINDOW.last.isoformat()], stdin=file)
    return Row(
        f"calendar to do harm: {name}",
        f"{used.seconds:.1f} s, {used.megabytes:.0f} MB",
        f"≤ {MOST_SECONDS}, {MOST_MEGABYTES}",
        used.seconds <= MOST_SECONDS and used.megabytes <= MOST_MEGABYTES,
    )

"""Calendar files made to do harm: what the process that reads them takes at most."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ontmoet.other_calendars.rules import LARGEST_FILE
from tests.bench.rows import Row
from tests.other_calendars.samples_of_harm import FILLED, HARMFUL
from tests.other_calendars.writing import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SECONDS, MOST_MEGABYTES = 2, 100
MEASURING = """
import resource, subprocess, sys
command = [sys.executable, "-W", "ignore", "-m", "ontmoet.other_calendars.child", *sys.argv[1:]]
subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""A small process between: of the memory of a new one, that of the process that starts it counts too."""


def rows() -> Iterator[Row]:
    """Seconds of computing and memory for each."""
    for name, (make, _) in HARMFUL.items():
        yield _measured(name, make())
    for name, (filled, _) in FILLED.items():
        yield _measured(f"8 MB of {name}", filled(LARGEST_FILE)[:LARGEST_FILE])


def _measured(name: str, raw: bytes) -> Row:
    with tempfile.TemporaryDirectory(prefix="ontmoet-calendar-") as folder:
        path = Path(folder) / "calendar.ics"
        path.write_bytes(raw)
        command = [sys.executable, "-c", MEASURING, WINDOW.first.isoformat(), WINDOW.last.isoformat()]
        with path.open("rb") as file:
            told = subprocess.run(command, stdin=file, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    seconds, megabytes = (float(figure) for figure in told.stdout.split())
    return Row(
        f"calendar to do harm: {name}",
        f"{seconds:.1f} s, {megabytes:.0f} MB",
        f"≤ {MOST_SECONDS}, {MOST_MEGABYTES}",
        seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES,
    )

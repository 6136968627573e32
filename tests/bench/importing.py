"""Taking in lists of the size of a whole corporation, as the command does it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import data
from tests.bench.rows import Row

HOMES, BOOKINGS = 5_000, 20_000
MOST_SECONDS, MOST_MEGABYTES = 20, 200
ROOMS = 6
_SLUGS = ("de-linde", "t-hoekje", "het-plein", "de-brug", "de-wilgen", "de-ark")
_HOURS = range(8, 22, 2)


def rows() -> list[Row]:
    """Seconds and memory of both lists, judged and stored."""
    with tempfile.TemporaryDirectory(prefix="ontmoet-lists-") as folder:
        root = Path(folder)
        folder_of_data = root / "data"
        url = data.filled(folder_of_data, rooms=ROOMS, bookings=600, years=1)
        homes, bookings = root / "homes.csv", root / "bookings.csv"
        streets = (f"Complex {n % 40};Lijststraat {n}\r\n" for n in range(HOMES))
        homes.write_text("complex;adres\r\n" + "".join(streets))
        bookings.write_text("ruimte;dag;begin;einde;waarvoor\r\n" + "".join(_lines()))
        return [
            *_measured("homes", homes, HOMES, url, folder_of_data),
            *_measured("bookings", bookings, BOOKINGS, url, folder_of_data),
        ]


def _lines() -> list[str]:
    """Old ones, before whatever the database was filled with."""
    slots = [
        f"{slug};{day}-{month}-{year};{hour}:00;{hour + 1}:00;Uit de oude agenda\r\n"
        for year in (2012, 2013)
        for month in range(1, 13)
        for day in range(1, 29)
        for slug in _SLUGS
        for hour in _HOURS
    ]
    return slots[:BOOKINGS]


def _measured(kind: str, path: Path, number: int, url: str, folder: Path) -> list[Row]:
    environment = {**os.environ, "DATABASE_URL": url, "ONTMOET_DATA": str(folder)}
    command = [sys.executable, "-m", "flask", "--app", "app", "import", kind, str(path), "--apply"]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    _pid, status, used = os.wait4(process.pid, 0)
    seconds, megabytes = time.perf_counter() - began, used.ru_maxrss / 1024
    is_stored = os.waitstatus_to_exitcode(status) == 0
    return [
        Row(
            f"seconds to import {number:,} {kind}",
            f"{seconds:.1f}",
            f"≤ {MOST_SECONDS}",
            is_stored and seconds <= MOST_SECONDS,
        ),
        Row(
            f"megabytes to import {number:,} {kind}",
            f"{megabytes:.0f}",
            f"≤ {MOST_MEGABYTES}",
            is_stored and megabytes <= MOST_MEGABYTES,
        ),
    ]

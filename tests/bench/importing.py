"""Taking in lists of the size of a whole corporation, as the command does it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.bench import data
from tests.bench.children import used_by
from tests.bench.rows import Row

HOMES, BOOKINGS, PEOPLE, NEW_ROOMS = 5_000, 20_000, 10_000, 60
MOST_SECONDS, MOST_MEGABYTES = 20, 200
MOST_WAIT = 3.0
ROOMS = 6
_SLUGS = ("de-linde", "t-hoekje", "het-plein", "de-brug", "de-wilgen", "de-ark")
_HOURS = range(8, 22, 2)


def rows() -> list[Row]:
    """Seconds and memory of each list, judged and stored; and how long nobody else can write meanwhile."""
    with tempfile.TemporaryDirectory(prefix="ontmoet-lists-") as folder:
        root = Path(folder)
        folder_of_data = root / "data"
        url = data.filled(folder_of_data, rooms=ROOMS, bookings=600, years=1)
        homes, bookings, people, rooms = (root / f"{name}.csv" for name in "hbpr")
        streets = (f"Complex {n % 40};Lijststraat {n}\r\n" for n in range(HOMES))
        homes.write_text("complex;adres\r\n" + "".join(streets))
        bookings.write_text("ruimte;dag;begin;einde;waarvoor\r\n" + "".join(_lines()))
        residents = (f"Bewoner {n};lijst-{n // 2};06 {10_000_000 + n}\r\n" for n in range(PEOPLE))
        people.write_text("naam;adres;telefoon\r\n" + "".join(residents))
        serres = (f"Complex {n % 40};Serre {n};30;9-17\r\n" for n in range(NEW_ROOMS))
        rooms.write_text("complex;ruimte;mensen;maandag\r\n" + "".join(serres))
        return [
            *measured("homes", ["homes", str(homes)], HOMES, url, folder_of_data),
            *measured("rooms", ["rooms", str(rooms)], NEW_ROOMS, url, folder_of_data),
            *measured("people", ["people", str(people)], PEOPLE, url, folder_of_data),
            *measured("bookings", ["bookings", str(bookings)], BOOKINGS, url, folder_of_data),
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


def _longest_wait(path: str, is_over: threading.Event) -> float:
    """The longest that somebody waits who tries to write all the time."""
    longest = 0.0
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        while not is_over.wait(0.01):
            began = time.perf_counter()
            connection.execute("begin immediate")
            connection.execute("rollback")
            longest = max(longest, time.perf_counter() - began)
    return longest


def measured(kind: str, arguments: list[str], number: int, url: str, folder: Path) -> list[Row]:
    """Seconds and memory to read so many in with `flask import`, and how long nobody else can write."""
    environment = {**os.environ, "DATABASE_URL": url, "ONTMOET_DATA": str(folder)}
    words = ["-m", "flask", "--app", "app", "import", *arguments, "--apply"]
    is_over = threading.Event()
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_longest_wait, url.removeprefix("sqlite:///"), is_over)
        try:
            megabytes = used_by(words, env=environment).megabytes
        finally:
            is_over.set()
    seconds = time.perf_counter() - began
    return [
        Row(
            f"seconds to import {number:,} {kind}",
            f"{seconds:.1f}",
            f"≤ {MOST_SECONDS}",
            seconds <= MOST_SECONDS,
        ),
        Row(
            f"megabytes to import {number:,} {kind}",
            f"{megabytes:.0f}",
            f"≤ {MOST_MEGABYTES}",
            megabytes <= MOST_MEGABYTES,
        ),
        Row(
            "  seconds in which nobody else can write",
            f"{waiting.result():.1f}",
            f"≤ {MOST_WAIT:.0f}",
            waiting.result() <= MOST_WAIT,
        ),
    ]

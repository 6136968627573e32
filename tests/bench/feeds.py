"""A calendar of 500 events that somebody follows, against a bare page."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.bench import data
from tests.bench.rows import Row
from tests.bench.speed import BARE, ROUNDS, WORKERS, Measured, requests_per_second
from tests.real.browser import Browser, request_bytes
from tests.real.server import serving

EVENTS = 500
LEAST = 0.05

_ALL_OF_RESIDENT = """
    update booking set person_id = (select id from person where email = ?),
        starts_at = (select max(made_at) from booking) + 7200 * id,
        ends_at = (select max(made_at) from booking) + 7200 * id + 3600
"""
_NO_MORE = "update booking set person_id = null where id not in (select id from booking order by id limit ?)"


def rows() -> list[Row]:
    """Requests per second, interleaved with the bare page, once the events were drawn."""
    with tempfile.TemporaryDirectory(prefix="ontmoet-feeds-") as folder:
        root = Path(folder) / "data"
        url = data.filled(root, rooms=1, bookings=2 * EVENTS, years=1)
        with closing(sqlite3.connect(root / "ontmoet.db")) as database, database:
            database.execute(_ALL_OF_RESIDENT, (data.RESIDENT,))
            database.execute(_NO_MORE, (EVENTS,))
        with (
            serving(url, root, workers=WORKERS) as ours,
            serving(url, root, workers=WORKERS, app="tests.bench.bare:app") as bare,
        ):
            path = _address(ours.browser().sign_in(data.RESIDENT, data.DEMO_PASSWORD))
            events = ours.browser().get(path).text.count("BEGIN:VEVENT")
            targets = {
                BARE: (bare, Measured(), request_bytes("GET", "/", {})),
                path: (ours, Measured(), request_bytes("GET", path, {})),
            }
            for server, _measured, request in targets.values():
                requests_per_second(server.port, request, 0.5)
            for _ in range(ROUNDS):
                for server, measured, request in targets.values():
                    measured.measure(server, request)
    base, found = targets[BARE][1], targets[path][1]
    ratio = found.rate / base.rate
    return [
        Row(
            f"{WORKERS} workers: calendar of {events} events",
            f"{found.said()}, {ratio:.1%}",
            f"≥ {LEAST:.0%}",
            ratio >= LEAST and events == EVENTS,
        )
    ]


def _address(resident: Browser) -> str:
    """Where the resident's calendar is, made if need be."""
    resident.post("/mijn/agenda", {"deed": "make"})
    found = re.search(r"/agenda/[0-9a-z]{28}\.ics", resident.get("/mijn/agenda").text)
    if found is None:
        raise SystemExit("The page shows no address of a calendar.")
    return found[0]

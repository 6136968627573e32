"""The pages of who runs rooms: requests per second against a bare page, and statements."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bench.data import ADMINISTRATOR, DEMO_PASSWORD, STAFF
from tests.bench.growth import MOST_STATEMENTS, opened
from tests.bench.load import requests_per_second
from tests.bench.rows import Row
from tests.bench.speed import BARE, WORKERS, Measured
from tests.real.browser import request_bytes
from tests.real.server import serving

SHARE = 0.10
ROUNDS = 5
BOARD = "fatma@demo.example"
ROOM, OTHER_ROOM = "/r/de-linde", "/r/het-plein"
PAGES = {
    STAFF: (
        f"{ROOM}/beheer",
        f"{ROOM}/inrichting",
        f"{ROOM}/inrichting/zones",
        f"{ROOM}/inrichting/zone?deel=keuken",
        f"{ROOM}/inrichting/gebruik",
        f"{ROOM}/openingstijden",
        f"{ROOM}/openingstijden/dagen",
        f"{ROOM}/openingstijden/feestdagen?regio=noord",
        f"{ROOM}/reserveerregels",
        f"{ROOM}/sluitingen",
        f"{ROOM}/sluitingen/nieuw",
        f"{ROOM}/werk",
        f"{ROOM}/mensen",
        f"{ROOM}/buren",
        f"{ROOM}/organisaties",
        f"{ROOM}/opkomst",
        f"{ROOM}/sleutels",
        f"{ROOM}/brieven",
    ),
    BOARD: (f"{OTHER_ROOM}/aanvragen", f"{OTHER_ROOM}/beheer"),
    ADMINISTRATOR: ("/corporatie/beheer", "/corporatie/beheer/start", "/corporatie/mensen"),
}


def rows(url: str, folder: Path) -> list[Row]:
    """Rounds by turns with the bare page, so that a slow moment of the machine hits all of them."""
    pages = {**PAGES, ADMINISTRATOR: (*PAGES[ADMINISTRATOR], _a_complex(folder))}
    most = {}
    with opened(url, folder) as house:
        for who, paths in pages.items():
            house.sign_in(who)
            for path in paths:
                house.ask(path, who)
                status, _seconds, most[path] = house.ask(path, who)
                assert status == 200, (who, path, status)
    with (
        serving(url, folder, workers=WORKERS) as ours,
        serving(url, folder, workers=WORKERS, app="tests.bench.bare:app") as bare,
    ):
        asked = {}
        for who, paths in pages.items():
            browser = ours.browser().sign_in(who, DEMO_PASSWORD)
            asked |= {path: browser.get_bytes(path) for path in paths}
        for request in asked.values():
            requests_per_second(ours.port, request, 0.2)
        base, measured = Measured(seconds=0.4), {path: Measured(seconds=0.4) for path in asked}
        for _ in range(ROUNDS):
            base.measure(bare, request_bytes("GET", "/", {}))
            for path, request in asked.items():
                measured[path].measure(ours, request)
    shares = {path: one.rate / base.rate for path, one in measured.items()}
    slowest = sorted(shares, key=lambda path: shares[path])
    return [
        Row(f"{WORKERS} workers: {BARE}", base.said()),
        *(
            Row(f"  {path}", f"{measured[path].said()}, {shares[path]:.1%}, {most[path]} statements")
            for path in slowest[:5]
        ),
        Row(
            f"slowest of {len(shares)} pages for who runs rooms",
            f"{shares[slowest[0]]:.1%}",
            f"≥ {SHARE:.0%}",
            shares[slowest[0]] >= SHARE,
        ),
        Row(
            "most statements of them",
            str(max(most.values())),
            f"≤ {MOST_STATEMENTS}",
            max(most.values()) <= MOST_STATEMENTS,
        ),
    ]


def _a_complex(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "ontmoet.db")) as database:
        ((public_id,),) = database.execute("select public_id from complex order by id limit 1").fetchall()
    return f"/corporatie/complexen/{public_id}"

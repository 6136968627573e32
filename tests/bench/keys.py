"""Keys: fifty hands at one copy, and the page of a key with a long history behind it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from ontmoet.kernel.tokens import new_public_id
from tests.bench.data import DEMO_PASSWORD
from tests.bench.growth import MOST_STATEMENTS, opened
from tests.bench.load import ask_each, requests_per_second
from tests.bench.race import PRODUCTS, served
from tests.bench.rows import Row
from tests.bench.speed import WORKERS, Measured
from tests.real.browser import request_bytes, volley
from tests.real.keys import add_key, custody_of, give, signed_in_keeper
from tests.real.server import NOW, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real.server import Server

AT_ONCE, RACES = 50, 100
COPIES, TIMES_EACH = 40, 5_000
KEEPER = "bram@demo.example"
SHARE = 0.12
ROUNDS = 8
TURNS = 4
"""In a round, for each key: as many go out as come back."""
PAGES = 1_000


def race_rows() -> list[Row]:
    """`RACES` times as many takes of one copy at once."""
    return [_race(product) for product in PRODUCTS]


def _race(product: str) -> Row:
    seen, worst = Counter[int](), 0.0
    with served(product) as (world, server):
        key, keeper = add_key(world), signed_in_keeper(server)
        for number in range(RACES):
            custody = custody_of(world, key)
            answers = volley(
                server.port,
                [give(keeper, key, custody, f"Buur {number}-{hand}") for hand in range(AT_ONCE)],
            )
            seen.update(answer.status for answer in answers)
            worst = max(worst, *(answer.waited for answer in answers))
    return Row(
        f"{AT_ONCE} takes of one key at once, {RACES} times, {product}: one holds it",
        f"{seen[303]} x 303, {seen[409]} x 409; {worst:.2f} s",
        "",
        seen == {303: RACES, 409: RACES * (AT_ONCE - 1)},
    )


def page_rows(url: str, folder: Path) -> list[Row]:
    """The page of a key and a hand-over, against a bare page, with 200,000 rows of custody.

    The page is asked for by many at once, as pages of the other parts are. Keys change hands one after
    another; what that is held against is asked for in the same way, just before and just after, since how
    busy a machine is weighs on both.
    """
    database = Path(url.removeprefix("sqlite:///"))
    keys = _fill(database)
    page = f"/sleutels/{keys[0]}"
    with opened(url, folder) as house:
        house.sign_in(KEEPER)
        house.ask(page, KEEPER)
        counts = [house.ask(page, KEEPER)]
        for _ in range(2):
            path, fields = _deeds(database, keys)[0]
            counts.append(house.ask(path, KEEPER, {"csrf_token": house.tokens[KEEPER], **fields}))
        assert [status for status, _seconds, _statements in counts] == [200, 303, 303]
        statements = [count for _status, _seconds, count in counts]
    with (
        serving(url, folder, workers=WORKERS) as ours,
        serving(url, folder, workers=WORKERS, app="tests.bench.bare:app") as bare,
        serving(url, folder, workers=WORKERS, app="tests.bench.bare_deed:app") as least,
    ):
        keeper = ours.browser().sign_in(KEEPER, DEMO_PASSWORD)
        base, shown = Measured(), Measured()
        bare_request = request_bytes("GET", "/", {})
        requests_per_second(ours.port, keeper.get_bytes(page), 0.5)
        somebody = least.browser()
        somebody.token = somebody.get("/").text
        bare_deed = somebody.post_bytes("/deed", {"who": "Loodgieter", "due": "week", "custody": "1"})
        for _ in range(ROUNDS):
            base.measure(bare, bare_request)
            shown.measure(ours, keeper.get_bytes(page))
        rounds = [
            Round(
                _cost(bare, 200, lambda: [bare_request] * (PAGES // TURNS)),
                _cost(ours, 303, lambda: [keeper.post_bytes(*deed) for deed in _deeds(database, keys)]),
                _cost(least, 303, lambda: [bare_deed] * COPIES),
                _cost(bare, 200, lambda: [bare_request] * (PAGES // TURNS)),
            )
            for _ in range(1 + ROUNDS)
        ][1:]  # in the first, each worker does for the first time what it then remembers
    share = shown.rate / base.rate
    of_a_page = median(one.page / one.deed for one in rounds)
    least_of_a_page = median(one.page / one.least for one in rounds)
    rows_of_custody = COPIES * TIMES_EACH
    return [
        Row(
            f"page of a key, {rows_of_custody:,} rows of custody",
            f"{shown.said()}, {share:.1%}",
            f"≥ {SHARE:.0%}",
            share >= SHARE,
        ),
        Row("  by processor time per request", f"{base.cost / shown.cost:.1%}"),
        Row(
            "  handing out or taking back, by processor time",
            f"{median(one.deed for one in rounds) * 1000:.2f} ms, {of_a_page:.1%}",
            f"≥ {SHARE:.0%}",
            of_a_page >= SHARE,
        ),
        Row(
            "  the same, of the least that a deed with as many statements costs on these libraries",
            f"{median(one.least for one in rounds) * 1000:.2f} ms, {least_of_a_page:.1%};"
            f" ours {of_a_page / least_of_a_page:.0%} of it",
        ),
        Row(
            "  statements: its page, handing out, taking back",
            ", ".join(map(str, statements)),
            f"≤ {MOST_STATEMENTS}",
            max(statements) <= MOST_STATEMENTS,
        ),
    ]


class Round(NamedTuple):
    """Processor time for each request, in one round; of the bare page before and after the others."""

    page_before: float
    deed: float
    least: float
    page_after: float

    @property
    def page(self) -> float:
        return (self.page_before + self.page_after) / 2


def _cost(server: Server, status: int, requests: Callable[[], list[bytes]]) -> float:
    """Processor time that the server spends on one of the requests, asked `TURNS` times over."""
    asked, before = 0, server.cpu_seconds()
    for _ in range(TURNS):
        answers = ask_each(server.port, requests())
        assert all(answer.startswith(b"HTTP/1.1 %d" % status) for answer in answers), answers
        asked += len(answers)
    return (server.cpu_seconds() - before) / asked


def _deeds(path: Path, keys: list[str]) -> list[tuple[str, dict[str, str]]]:
    """What is sent to give each key, or to take it back when it is out."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "select public_id, custody.id, holder from custody join key_copy on key_copy.id = copy_id"
            " where until is null and holder in ('cabinet', 'other')"
        ).fetchall()
    give, take = {"who": "Loodgieter", "due": "week"}, {"condition": "good"}
    return [
        (f"/sleutels/{key}/{deed}", {"custody": str(custody), **fields})
        for key, custody, holder in found
        if key in keys
        for deed, fields in [("geef", give) if holder == "cabinet" else ("neem", take)]
    ]


def _fill(path: Path) -> list[str]:
    """Keys of De Linde that went out and came back thousands of times; their public ids."""
    with sqlite3.connect(path) as database:
        [(room,)] = database.execute("select id from room where slug = 'de-linde'").fetchall()
        people = [row[0] for row in database.execute("select id from person limit 500")]
        until = int(datetime.fromisoformat(NOW).timestamp()) - 3_600
        begin = until - TIMES_EACH * 3_600
        key = database.execute(
            "insert into key (room_id, opens, made_at) values (?, 'voordeur', ?)", (room, begin)
        ).lastrowid
        names = []
        for number in range(1, COPIES + 1):
            names.append(new_public_id())
            copy = database.execute(
                "insert into key_copy (public_id, key_id, room_id, number, tag_edition, made_at)"
                " values (?, ?, ?, ?, 1, ?)",
                (names[-1], key, room, number, begin),
            ).lastrowid
            # Out and in by turns; the last row has no end.
            database.executemany(
                "insert into custody (copy_id, holder, person_id, holder_name, since, until, is_one_sided,"
                " note) values (?, ?, ?, '', ?, ?, 0, '')",
                (
                    (
                        copy,
                        "person" if turn % 2 else "cabinet",
                        people[turn % len(people)] if turn % 2 else None,
                        begin + turn * 3_600,
                        None if turn == TIMES_EACH else begin + (turn + 1) * 3_600,
                    )
                    for turn in range(TIMES_EACH + 1)
                ),
            )
    return names

"""Statements per page, and whether a long history makes pages slower. In process, on SQLite."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import event, text
from werkzeug.test import EnvironBuilder

from ontmoet.config import Config
from ontmoet.db import db, execute, let_go
from ontmoet.factory import create_app
from ontmoet.kernel.tokens import PUBLIC_ID_LENGTH
from ontmoet.web import access
from tests.bench.data import ADMINISTRATOR, DEMO_PASSWORD, DOOR, RESERVE, RESIDENT, SLUG, STAFF, WEEK
from tests.bench.rows import Row
from tests.cast import token_in
from tests.fixtures import config_for

READERS = {RESIDENT: "a resident", STAFF: "a member of staff", ADMINISTRATOR: "an administrator"}
MOST_STATEMENTS = 8
MOST_OF_THE_CHECK = 1
MOST_GROWTH = 1.15
ROUNDS = 80
COUNTED = ("select", "insert", "update", "delete", "with")


@dataclass
class House:
    """An app on a database, with counters of statements and signed-in people. `of_the_check` are the
    statements of the permission check: who asks, and may they.
    """

    app: Flask
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    statements: int = 0
    of_the_check: int = 0

    def ask(self, path: str, who: str | None, form: dict[str, str] | None = None) -> tuple[int, float, int]:
        """(status, seconds, statements) of a GET, or of sending this form."""
        headers = {"Cookie": self.cookies[who]} if who else {}
        method = "GET" if form is None else "POST"
        environ = EnvironBuilder(path, method=method, headers=headers, data=form).get_environ()
        statuses: list[str] = []

        def start(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda _: None

        self.statements = self.of_the_check = 0
        began = time.perf_counter()
        body = self.app.wsgi_app(environ, start)
        for _ in body:
            pass
        if hasattr(body, "close"):
            body.close()
        return int(statuses[0][:3]), time.perf_counter() - began, self.statements

    def sign_in(self, email: str) -> None:
        client = self.app.test_client()
        form = {"email": email, "password": DEMO_PASSWORD}
        form["csrf_token"] = token_in(client.get("/inloggen").get_data(as_text=True))
        client.post("/inloggen", data=form)
        # The first page after it puts a form token in the session; later ones leave the cookie alone.
        self.tokens[email] = token_in(client.get("/mijn").get_data(as_text=True))
        cookie = client.get_cookie("ontmoet")
        assert cookie is not None
        self.cookies[email] = f"ontmoet={cookie.value}"


@contextmanager
def opened(url: str, folder: Path) -> Iterator[House]:
    """The app on a filled database, with a resident, a member of staff and an administrator signed in."""
    house = House(create_app(_config(url, folder)))

    def count(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip(" (\n").lower().startswith(COUNTED):
            house.statements += 1
            house.of_the_check += is_checking()

    with house.app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
    for email in READERS:
        house.sign_in(email)
    yield house
    with house.app.app_context():
        db.engine.dispose()


def _config(url: str, folder: Path) -> Config:
    return config_for(url, folder)


def is_checking() -> bool:
    """Whether what runs now was called by the permission check. A view is not: Flask calls it."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename != access.__file__:
        frame = frame.f_back
    return frame is not None


def statement_rows(url: str, folder: Path) -> list[Row]:
    """The page with the most statements, for each of three people and for nobody; and on which page the
    permission check has the most.
    """
    found = []
    checks: dict[tuple[str, str], int] = {}
    with opened(url, folder) as house:
        for who, name in (*READERS.items(), (None, "the public")):
            counts = {}
            for path in _pages(house, who or RESIDENT):
                house.ask(path, who)
                status, _seconds, statements = house.ask(path, who)
                assert status < 500, path
                counts[path] = statements
                checks[path, name] = house.of_the_check
            worst = max(counts, key=lambda path: counts[path])
            shown = worst.split("?")[0]
            found.append(
                Row(
                    f"most statements of {len(counts)} pages, for {name}",
                    f"{counts[worst]} ({shown})",
                    f"≤ {MOST_STATEMENTS}",
                    counts[worst] <= MOST_STATEMENTS,
                )
            )
    most = max(checks.values())
    found.append(
        Row(
            f"most statements of the permission check, {len(checks)} pages",
            str(most),
            f"≤ {MOST_OF_THE_CHECK}",
            most <= MOST_OF_THE_CHECK,
        )
    )
    return found


def _pages(house: House, who: str) -> list[str]:
    with house.app.app_context():
        statement = (
            "select public_id from booking where person_id = (select id from person where email = :who)"
        )
        mine = execute(text(f"{statement} order by starts_at desc"), who=who).scalar()
        any_of_the_room = execute(
            text("select public_id from booking where room_id = (select id from room where slug = :slug)"),
            slug=SLUG,
        ).scalar()
        let_go()
    values = {"slug": SLUG, "public_id": mine or any_of_the_room or "a" * PUBLIC_ID_LENGTH}
    views = ("lijst=", "dag=2026-11-25", "week=2026-W48", "maand=2026-11")
    pages = [f"/r/{SLUG}/agenda?{view}" for view in views]
    pages += [f"{RESERVE}?van=2026-11-25T14:00&tot=2026-11-25T16:00"]
    with house.app.test_request_context():
        for rule in house.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.arguments <= set(values):
                _host, path = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
                pages.append(path)
    return pages


def growth_rows(small: tuple[str, Path], large: tuple[str, Path]) -> list[Row]:
    """The same pages on a short and on a long history, in turns."""
    pages = {"door page": DOOR, "week agenda": WEEK, "form to reserve": RESERVE}
    found = []
    with opened(*small) as little, opened(*large) as much:
        for name, path in pages.items():
            times: dict[int, list[float]] = {0: [], 1: []}
            counts = [0, 0]
            for n in range(ROUNDS + 10):
                for which, house in enumerate((little, much)):
                    status, seconds, counts[which] = house.ask(path, RESIDENT)
                    assert status == 200, path
                    if n >= 10:
                        times[which].append(seconds)
            before, after = median(times[0]), median(times[1])
            found.append(
                Row(
                    f"430,000 for 4,300 bookings: time of the {name}",
                    f"×{after / before:.2f} ({before * 1000:.1f} → {after * 1000:.1f} ms)",
                    f"≤ ×{MOST_GROWTH}",
                    after / before <= MOST_GROWTH,
                )
            )
            found.append(
                Row(
                    f"430,000 for 4,300 bookings: statements of the {name}",
                    f"{counts[0]} → {counts[1]}",
                    "no more",
                    counts[1] <= counts[0],
                )
            )
    return found

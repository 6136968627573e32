"""200 overlapping wishes at once, over four processes, on both databases."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate

from ontmoet.db import db
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.recovery.rules import Proof
from tests import databases
from tests.bench.rows import Row
from tests.fixtures import TUESDAY, config_for
from tests.real.browser import volley, wish
from tests.real.pins import gets_in_again, guessed_at_once
from tests.real.server import SECRET_KEY, Server, serving
from tests.real.world import World, opened

if TYPE_CHECKING:
    from tests.real.server import Server
    from tests.real.world import World

PRODUCTS = ("SQLite", "PostgreSQL")
ROUNDS = 5
AT_ONCE = 200
ON_ONE_LINK = WRONG_PINS = 300
LONGEST = 1.0
RESERVE = "/r/de-linde/reserveren"


def rows() -> list[Row]:
    return [row for product in PRODUCTS for row in _on(product)]


@contextmanager
def served(product: str) -> Iterator[tuple[World, Server]]:
    """The two rooms of the tests on a database of their own, behind four processes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if product == "SQLite":
            url = f"sqlite:///{folder / 'ontmoet.db'}"
            _migrate(url, folder)
        else:
            url = stack.enter_context(databases.fresh_postgresql(_migrate))
        with clock.frozen(TUESDAY):
            world = stack.enter_context(opened(url, folder))
        yield world, stack.enter_context(serving(url, folder, workers=4))


def _on(product: str) -> list[Row]:
    waits, seen = [], Counter[int]()
    with served(product) as (world, server):
        browsers = [server.browser().sign_in(email) for email in world.residents]
        for number in range(ROUNDS):
            day = f"2026-12-{number + 1:02d}"
            requests = [
                browsers[n % len(browsers)].post_bytes(RESERVE, wish(day, "14:00", "16:00"))
                for n in range(AT_ONCE)
            ]
            answers = volley(server.port, requests)
            waits.append(max(answer.waited for answer in answers))
            seen.update(answer.status for answer in answers)
        booked = world.number("select count(*) from booking")
        link_waits, got_in = _through_one_link(world, server)
        guesses, _stranger, owner = guessed_at_once(world, server, WRONG_PINS)
        owner_gets_in = gets_in_again(owner)
    tried = Counter(answer.status for answer in guesses)
    fine = seen == {303: ROUNDS, 422: ROUNDS * (AT_ONCE - 1)} and booked == ROUNDS
    longest = max(waits)
    return [
        Row(
            f"{AT_ONCE} at once for one slot, {product}: worst wait of {ROUNDS} rounds",
            f"{longest:.2f} s",
            f"≤ {LONGEST:.0f} s",
            longest <= LONGEST,
        ),
        Row(f"{AT_ONCE} at once for one slot, {product}: one winner each", _said(seen), "", fine),
        Row(
            f"{ON_ONE_LINK} uses of one link at once, {product}: one gets in",
            f"{_said(got_in)}; worst wait {link_waits:.2f} s",
            "",
            got_in == {303: 1, 422: ON_ONE_LINK - 1},
        ),
        Row(
            f"{WRONG_PINS} wrong PINs at once, {product}: ten are tried, its owner gets in",
            f"{_said(tried)}; owner {'in' if owner_gets_in else 'locked out'}",
            "",
            tried == {422: 10, 429: WRONG_PINS - 10} and owner_gets_in,
        ),
    ]


def _through_one_link(world: World, server: Server) -> tuple[float, Counter[int]]:
    """Somebody forgot a password, and the link is used by very many at the same moment."""
    stranger = server.browser_with_token()
    stranger.post("/inloggen/vergeten", {"email": world.residents[0]})
    [(public_id,)] = world.rows("select public_id from sign_in_link")
    link = f"/inloggen/link?t={Proof(public_id, SECRET_KEY).token}"
    answers = volley(server.port, [stranger.post_bytes(link, {})] * ON_ONE_LINK)
    return max(answer.waited for answer in answers), Counter(answer.status for answer in answers)


def _said(seen: Counter[int]) -> str:
    return ", ".join(f"{number} × {status}" for status, number in sorted(seen.items()))


def _migrate(url: str, folder: Path) -> None:
    app = create_app(config_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        db.engine.dispose()

"""Hashing a password takes long, on purpose. Who books meanwhile must not notice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.bench.race import LONGEST, PRODUCTS, RESERVE, served
from tests.bench.rows import Row
from tests.real.browser import wish

if TYPE_CHECKING:
    from tests.real.server import Server

BOOKINGS = 60
AT_THE_DOOR = 8
"""People who sign in one after another, each as often as goes."""


def rows() -> list[Row]:
    return [_on(product) for product in PRODUCTS]


def _on(product: str) -> Row:
    with served(product) as (world, server):
        booker, *others = world.residents
        browser = server.browser().sign_in(booker)
        enough = threading.Event()
        with ThreadPoolExecutor(AT_THE_DOOR) as crowd:
            crowds = [
                crowd.submit(_keep_signing_in, server, others[n % len(others)], enough)
                for n in range(AT_THE_DOOR)
            ]
            answers = [browser.post(RESERVE, wish(*_hour(n))) for n in range(BOOKINGS)]
            enough.set()
            signed_in = sum(done.result() for done in crowds)
    longest = max(answer.waited for answer in answers)
    all_booked = all(answer.status == 303 for answer in answers)
    return Row(
        f"booking while {signed_in} people sign in, {product}: worst of {BOOKINGS}",
        f"{longest:.2f} s",
        f"≤ {LONGEST:.0f} s",
        longest <= LONGEST and all_booked,
    )


def _hour(number: int) -> tuple[str, str, str]:
    day, hour = divmod(number, 4)
    return f"2026-12-{day + 1:02d}", f"{9 + hour * 2:02d}:00", f"{10 + hour * 2:02d}:00"


def _keep_signing_in(server: Server, email: str, enough: threading.Event) -> int:
    count = 0
    while not enough.is_set():
        server.browser().sign_in(email)
        count += 1
    return count

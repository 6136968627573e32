"""`kill -9` while people book: what was acknowledged is there, and nothing is half."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING

import pytest

from tests.real import nest
from tests.real.browser import Browser, wish
from tests.real.server import Server, serving, wait_until

if TYPE_CHECKING:
    from tests.real.world import World

pytestmark = pytest.mark.slow

RESERVE = "/r/de-linde/reserveren"
PEOPLE = 4
KILLS = 4
BETWEEN = 12
"""How many more bookings are acknowledged before each kill."""


class Stream:
    """People who keep booking, each on days of their own; who gets no answer asks again."""

    def __init__(self, server: Server, browsers: list[Browser]) -> None:
        self.server = server
        self.acknowledged: dict[str, str] = {}
        """Form key → where it led."""
        self.interrupted: set[str] = set()
        self.unexpected: list[int] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._book, args=(browser, number), daemon=True)
            for number, browser in enumerate(browsers)
        ]

    def __enter__(self) -> Stream:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(20)

    def wait_for_more(self, number: int) -> None:
        reached = len(self.acknowledged) + number
        wait_until(lambda: len(self.acknowledged) >= reached, "bookings go on", 20)

    def _book(self, browser: Browser, number: int) -> None:
        for day in range(number + 1, 120, PEOPLE):
            month, of_month = divmod(day - 1, 28)
            year, month = (2026, 12) if month == 0 else (2027, month)
            for hour in range(8, 22):
                fields = wish(f"{year}-{month:02d}-{of_month + 1:02d}", f"{hour:02d}:00", f"{hour:02d}:30")
                if self._stop.is_set() or not self._acknowledged(browser, fields):
                    return

    def _acknowledged(self, browser: Browser, fields: dict[str, str]) -> bool:
        while not self._stop.is_set():
            try:
                answer = browser.post(RESERVE, fields)
            except (OSError, http.client.HTTPException):
                self.interrupted.add(fields["idempotency_key"])
                continue
            if answer.status == 303:
                self.acknowledged[fields["idempotency_key"]] = answer.location
                return True
            if answer.status != 503:
                self.unexpected.append(answer.status)
                return False
        return True


def test_what_was_acknowledged_survives_kill_9(world: World, server: Server) -> None:
    browsers = [server.browser().sign_in(email) for email in world.residents[:PEOPLE]]
    with Stream(server, browsers) as stream:
        for _ in range(KILLS):
            stream.wait_for_more(BETWEEN)
            server.kill_workers()
        stream.wait_for_more(BETWEEN)

    assert stream.unexpected == []
    assert stream.interrupted, "the kills fell between question and answer"
    check_against(world, stream)


def test_what_was_acknowledged_survives_the_end_of_everything(sqlite_world: World) -> None:
    """Master and workers die at once, mid-write; another server starts on what they left."""
    world = sqlite_world
    with serving(world.url, world.data, workers=2) as first:
        browsers = [first.browser().sign_in(email) for email in world.residents[:2]]
        with Stream(first, browsers) as stream:
            stream.wait_for_more(20)
            first.kill_everything()
    check_against(world, stream)
    with nest.serving(world.url, world.data, workers=1) as second:
        for location in stream.acknowledged.values():
            owners = [Browser(second.port, browser.cookies) for browser in browsers]
            assert 200 in {owner.get(location).status for owner in owners}


def check_against(world: World, stream: Stream) -> None:
    stored = {f"/reserveringen/{public_id}" for (public_id,) in world.rows("select public_id from booking")}
    lost = set(stream.acknowledged.values()) - stored
    assert lost == set(), f"{len(lost)} of {len(stream.acknowledged)} acknowledged bookings are gone"
    assert len(set(stream.acknowledged.values())) == len(stream.acknowledged), "one form, one booking"
    keys = {key for (key,) in world.rows("select key from idempotency")}
    assert keys <= set(stream.acknowledged) | stream.interrupted
    assert len(stored) == len(keys)
    world.assert_nothing_is_half()
    world.assert_check_is_clean()

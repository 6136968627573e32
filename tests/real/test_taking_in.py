"""What a process takes in while it is at work: the rest waits for whichever is free first."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.real.browser import Answer, request_bytes, volley
from tests.real.nest import serving
from tests.real.slow_app import TAKES

if TYPE_CHECKING:
    from tests.real.world import World

pytestmark = pytest.mark.slow

AT_ONCE = 24
AT_HAND = 16
"""Twice the threads of gunicorn.conf.py."""


def connections_of(pid: int) -> int:
    """How many sockets a process holds."""
    found = 0
    for held in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found += os.readlink(held).startswith("socket:")
    return found


def test_a_process_at_work_leaves_what_comes_to_others_and_answers_all_the_same(sqlite_world: World) -> None:
    answers: list[Answer] = []
    slow = request_bytes("GET", "/slow", {})
    with serving(
        sqlite_world.url,
        sqlite_world.data,
        workers=1,
        app="tests.real.slow_app:app",
        wait_for=("/", 200),
    ) as server:
        [worker] = server.workers()
        idle = connections_of(worker)
        asking = Thread(target=lambda: answers.extend(volley(server.port, [slow] * AT_ONCE)))
        asking.start()
        taken = 0
        # Until the first is answered, after which its connection stays.
        until = time.monotonic() + TAKES * 0.8
        while time.monotonic() < until:
            taken = max(taken, connections_of(worker) - idle)
            time.sleep(0.005)
        asking.join()
    assert [answer.status for answer in answers] == [200] * AT_ONCE
    assert AT_HAND / 2 < taken <= AT_HAND

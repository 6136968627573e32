"""What a process takes in while it is at work: the rest waits for whichever is free first."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.real.browser import HOST, Answer, is_whole, request_bytes, volley
from tests.real.nest import serving
from tests.real.server import is_free, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.real.server import Server
    from tests.real.world import World

pytestmark = pytest.mark.slow

AT_ONCE = 24
MOST_NEW = 16
"""Twice the threads of gunicorn.conf.py."""

HELD, QUICK = request_bytes("GET", "/held", {}), request_bytes("GET", "/quick", {})


@pytest.fixture
def holding(sqlite_world: World) -> Iterator[tuple[Server, Path]]:
    """One process that holds answers back, and the file that releases them."""
    with serving(
        sqlite_world.url, sqlite_world.data, workers=1, app="tests.real.held_app:app", wait_for=("/", 200)
    ) as server:
        wait_until(lambda: connections_of(server) == 0, "it let go of who asked whether it is there")
        yield server, sqlite_world.data / "released"


def connections_of(server: Server) -> int:
    """How many connections its one process has, besides the socket at which it listens."""
    [pid] = server.workers()
    found = -1
    for held in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found += os.readlink(held).startswith("socket:")
    return found


def ask(server: Server, number: int) -> tuple[Thread, list[Answer]]:
    """So many that are held, all at once; their answers stand in the list when the thread is done."""
    answers: list[Answer] = []
    asking = Thread(target=lambda: answers.extend(volley(server.port, [HELD] * number)))
    asking.start()
    return asking, answers


def test_process_at_work_leaves_who_is_new_to_others_and_answers_all_in_the_end(
    holding: tuple[Server, Path],
) -> None:
    server, released = holding
    asking, answers = ask(server, AT_ONCE)
    wait_until(lambda: connections_of(server) >= MOST_NEW, "it takes in what it may")
    time.sleep(0.2)
    assert connections_of(server) == MOST_NEW
    released.touch()
    asking.join()
    assert [answer.status for answer in answers] == [200] * AT_ONCE


def test_who_stays_and_asks_again_does_not_keep_out_who_is_new(holding: tuple[Server, Path]) -> None:
    server, released = holding
    staying = [socket.create_connection((HOST, server.port), timeout=20) for _ in range(MOST_NEW + 4)]
    for connection in staying:
        connection.sendall(QUICK)
        assert is_whole(bytearray(connection.recv(65_536)))
    before = connections_of(server)
    for connection in staying:
        connection.sendall(HELD)
    asking, answers = ask(server, 3)
    wait_until(lambda: connections_of(server) == before + 3, "it takes in who is new")
    released.touch()
    asking.join()
    assert [answer.status for answer in answers] == [200] * 3
    for connection in staying:
        assert is_whole(bytearray(connection.recv(65_536)))
        connection.close()


def test_server_that_stops_answers_who_stood_in_the_queue(holding: tuple[Server, Path]) -> None:
    server, released = holding
    waiting = [socket.create_connection((HOST, server.port), timeout=20) for _ in range(AT_ONCE)]
    for connection in waiting:
        connection.sendall(HELD)
    wait_until(lambda: connections_of(server) == MOST_NEW, "it takes in what it may")
    os.kill(server.process.pid, signal.SIGTERM)
    time.sleep(0.3)
    released.touch()
    for connection in waiting:
        assert is_whole(bytearray(connection.recv(65_536)))
        connection.close()


def test_server_that_stops_leaves_its_port_to_the_next_before_its_last_answers(
    holding: tuple[Server, Path],
) -> None:
    server, released = holding
    asking, answers = ask(server, 3)
    wait_until(lambda: connections_of(server) == 3, "they are taken in")
    os.kill(server.process.pid, signal.SIGTERM)
    wait_until(lambda: is_free(server.port), "another can listen there")
    assert server.process.poll() is None
    released.touch()
    asking.join()
    assert [answer.status for answer in answers] == [200] * 3

"""A light load: a few connections that ask one page over and over, from one process.

It costs a small part of what the server spends, and the same for every page.
"""

from __future__ import annotations

import selectors
import socket
import time
from typing import TYPE_CHECKING

from tests.real.browser import HOST, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

CONNECTIONS = 8


def requests_per_second(port: int, request: bytes, seconds: float) -> float:
    """How many whole answers with status 200 come back in a second."""
    sockets = [_connected(port) for _ in range(CONNECTIONS)]
    received = [bytearray() for _ in sockets]
    answered = 0
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(sockets):
            selector.register(connection, selectors.EVENT_READ, number)
            connection.sendall(request)
        began = time.perf_counter()
        until = began + seconds
        while time.perf_counter() < until:
            for key, _ in selector.select(timeout=1.0):
                number = key.data
                answer = received[number]
                chunk = sockets[number].recv(262_144)
                answer += chunk
                if not chunk:
                    raise ConnectionError("the server hung up")
                if is_whole(answer):
                    if not answer.startswith(b"HTTP/1.1 200"):
                        raise ValueError(answer[:60].decode())
                    answered += 1
                    answer.clear()
                    sockets[number].sendall(request)
        took = time.perf_counter() - began
    for connection in sockets:
        connection.close()
    return answered / took


def ask_each(port: int, requests: Iterable[bytes]) -> list[bytes]:
    """The first lines of the answers to different requests, one after another over one connection."""
    first_lines = []
    with _connected(port) as connection:
        for request in requests:
            connection.sendall(request)
            answer = bytearray()
            while not is_whole(answer):
                chunk = connection.recv(262_144)
                if not chunk:
                    raise ConnectionError("the server hung up")
                answer += chunk
            first_lines.append(bytes(answer).split(b"\r\n", 1)[0])
    return first_lines


def _connected(port: int) -> socket.socket:
    """A connection, a moment after the one before: opened in one burst they may all end up with the one
    worker that happens to be idle, and the other then has nothing to do for the whole round.
    """
    time.sleep(0.03)
    return socket.create_connection((HOST, port), timeout=10)

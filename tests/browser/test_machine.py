"""The server of the browser tests, and browsers that do not wait for it."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ontmoet.web import assets
from tests.browser.machine import served
from tests.real.server import wait_until

if TYPE_CHECKING:
    import pytest
    from flask import Flask

AT_ONCE = struct.pack("ii", 1, 0)
"""How a connection is closed whose rest nobody wants."""


def test_browser_that_hangs_up_leaves_no_file_open(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    path = assets.read_assets()("favicon.svg")
    with served(app) as address:
        where, threads = urlsplit(address), threading.active_count()
        for _ in range(20):
            with socket.create_connection((where.hostname, where.port)) as browser:
                browser.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
                assert browser.recv(1)
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        wait_until(lambda: threading.active_count() == threads, "all are answered")
    assert complaints == []

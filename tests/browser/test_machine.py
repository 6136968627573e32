"""The server of the browser tests, browsers that do not wait for it, and one that does not start at once."""

from __future__ import annotations

import shutil
import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ontmoet.web import assets
from tests.browser.machine import chromium, served
from tests.real.server import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Playwright

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


@pytest.mark.browser
def test_browser_that_dies_as_it_starts_is_started_once_more(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = shutil.which("chromium-headless-shell") or shutil.which("chromium"), tmp_path / "tried"
    first = tmp_path / "chromium-headless-shell"
    first.write_text(f'#!/bin/sh\n[ -e {tried} ] && exec {real} "$@"\ntouch {tried}\nkill -SEGV $$\n')
    first.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with chromium(playwright) as browser:
        assert browser.is_connected()
    assert tried.exists()

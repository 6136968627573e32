"""The browser of the tests, Debian's Chromium driven by Playwright; and an application for it to visit."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--no-sandbox",  # it does not start as root without
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Each page is new code that runs for a moment: making it fast took a quarter of the machine's time.
    "--js-flags=--no-opt --no-maglev --single-threaded-gc",
)


@contextmanager
def chromium(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    """A running browser, with more flags if need be. Without one: the command that mends it."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("The browser tests need Chromium: sudo apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Where the application answers meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The browser of the tests, Debian's Chromium driven by Playwright; what it visits, and who visits it."""

from __future__ import annotations

import shutil
import threading
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from playwright.sync_api import Error
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from tests import builders as make
from tests.cast import token_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from playwright.sync_api import Browser, Page, Playwright

FLAGS = (
    "--no-sandbox",  # it does not start as root without
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No more processes than are needed: none is kept ready, none only paints.
    "--renderer-process-limit=1",
    "--in-process-gpu",
    # The next page stands in the frame of the one before: making another for it took a quarter of the time.
    "--enable-features=RenderDocument:level/crashed-frame",
    # Each page is new code that runs for a moment: making it fast took a quarter of the machine's time.
    "--js-flags=--no-opt --no-maglev --always-sparkplug --single-threaded-gc",
)


@contextmanager
def chromium(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    """A running browser, with more flags if need be. Without one: the command that mends it."""
    # The one without windows and menus does the same in a third less time.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        raise RuntimeError("The browser tests need Chromium: sudo apt-get install chromium-headless-shell")
    launch = partial(playwright.chromium.launch, executable_path=path, args=[*FLAGS, *flags])
    try:
        browser = launch()
    except Error:
        # Once in hundreds of starts it dies at once: of its own threads, one reads its surroundings (getenv)
        # while another changes them.
        browser = launch()
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Where the application answers meanwhile."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(app: WSGIApplication) -> WSGIApplication:
    """The application, with each answer read to its end before it is sent: when a browser hangs up, the
    server of werkzeug leaves open what it was sending.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [*parts]

    return answer


DEMO, CAST = ("demo.example", "ontmoet-demo"), ("proef.example", make.PASSWORD)


def sign_in(page: Page, name: str, of: tuple[str, str] = DEMO) -> None:
    """The browser of a tab is somebody's from here on. The form is sent without being drawn, which most tests
    that need it would do for nothing.
    """
    domain, password = of
    token = token_in(page.request.get("/inloggen").text())
    fields = {"csrf_token": token, "email": f"{name}@{domain}", "password": password}
    assert page.request.post("/inloggen", form=fields).url.endswith("/mijn")

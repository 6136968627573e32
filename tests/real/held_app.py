"""An app that holds answers to `/held` back until a file is there, to see what a process takes in."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LONGEST = 20.0


def released() -> Path:
    """The file that lets all answers go."""
    return Path(os.environ["ONTMOET_DATA"]) / "released"


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    until = time.monotonic() + LONGEST
    while environ["PATH_INFO"] == "/held" and not released().exists() and time.monotonic() < until:
        time.sleep(0.01)
    start_response("200 OK", [("Content-Length", "0")])
    return []

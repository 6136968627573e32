"""An app that takes its time, to see what a process takes in meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


TAKES = 0.3
"""Seconds that an answer to `/slow` takes."""


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    time.sleep(TAKES if environ["PATH_INFO"] == "/slow" else 0)
    start_response("200 OK", [("Content-Length", "0")])
    return []

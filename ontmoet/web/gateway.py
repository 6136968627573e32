"""The way in for requests: bodies are read before the gate, so a slow sender holds up nobody."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ontmoet.kernel.gate import Gate


def through_gate(application: WSGIApplication, gate: Gate, *, largest_body: int) -> WSGIApplication:
    """Let requests to `application` pass the gate one by one, their bodies read and answers complete.

    A body that is larger, or of unknown length, is left to the application to refuse.
    """

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and 0 < int(length) <= largest_body:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        with gate.passing():
            answer = application(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()

    return handle

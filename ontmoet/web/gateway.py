"""The way in for requests: bodies are read before the gate, so a slow sender holds up nobody.

That needs their length, which browsers always tell. Who sends without one is refused, and nothing of it read.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import abort, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

    from ontmoet.kernel.gate import Gate

    Largest = Callable[[WSGIEnvironment], int]
    """How many bytes a request may bring."""

IN_PIECES = "ontmoet.in_pieces"
"""In the environment of a request: its answer is ready and too large for memory, such as a file."""

COMES_IN_PIECES = "HTTP_TRANSFER_ENCODING"
"""In the environment of a request: its body ends when the sender says so."""

IN_MEMORY = 256 * 1024
"""Of a body that is longer the rest waits in a file without a name."""

MOST_FIELDS = 1000
"""Our longest forms have a few hundred. A form that is all fields took a quarter of a second to read."""


def through_gate(application: WSGIApplication, gate: Gate, *, largest_body: Largest) -> WSGIApplication:
    """Let requests to `application` pass the gate one by one, their bodies read and answers complete.

    A body that is larger, or of unknown length, is left to the application to refuse.
    """

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with _body_read(environ, largest_body), gate.passing():
            answer = application(environ, start_response)
            if IN_PIECES in environ:
                # Whoever sends it reads it, outside of the gate, and closes it.
                return answer
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()

    return handle


def send_in_pieces() -> None:
    """The answer to this request is a file that is ready; it is sent from there."""
    request.environ[IN_PIECES] = True


def limit_bodies(app: Flask, largest_body: Largest) -> None:
    """The application refuses with 413 what is larger or has too many fields, and with 411 what does not tell
    its length; to be set up before anything reads a form.
    """

    @app.before_request
    def limit() -> None:
        if COMES_IN_PIECES in request.environ:
            abort(411)
        if not request.environ.get("CONTENT_LENGTH"):
            return
        request.max_content_length = largest_body(request.environ)
        # Of the parts of a form with a file Werkzeug counts itself.
        is_plain = request.mimetype == "application/x-www-form-urlencoded"
        if is_plain and request.get_data().count(b"&") >= MOST_FIELDS:
            abort(413)


@contextmanager
def _body_read(environ: WSGIEnvironment, largest_body: Largest) -> Iterator[None]:
    said = environ.get("CONTENT_LENGTH") or ""
    length = int(said) if said.isdecimal() else 0
    if COMES_IN_PIECES in environ or not 0 < length <= largest_body(environ):
        yield
    elif length <= IN_MEMORY:
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        yield
    else:
        with tempfile.TemporaryFile() as body:
            sender = environ["wsgi.input"]
            while length > 0 and (piece := sender.read(min(length, IN_MEMORY))):
                body.write(piece)
                length -= len(piece)
            body.seek(0)
            environ["wsgi.input"] = body
            yield

"""Sending somebody a file that is made for them: written down, one at a time, gone once it was sent."""

from __future__ import annotations

import os
import tempfile
import threading
from typing import IO, TYPE_CHECKING

from flask import Response, send_file

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.web.access import known_actor
from ontmoet.web.gateway import send_in_pieces
from ontmoet.web.pages import slow_down
from ontmoet.web.settings import current_config

from . import actions
from .making import file_name
from .rules import Format, Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# A large one keeps a core at work for minutes.
_one_at_a_time = threading.Lock()


def send(
    name: str, kind: Format, write: Callable[[IO[bytes]], None], mimetype: str, *, now: datetime
) -> Response:
    """The answer with the file that `write` makes. Raises `Refused` (BUSY, TOO_MANY)."""
    if not _one_at_a_time.acquire(blocking=False):
        raise Refused(Objection(Reason.BUSY))
    try:
        with unit_of_work():
            actions.begin(name, kind, actor_id=known_actor().person_id, now=now)
        file = _made(write)
    finally:
        _one_at_a_time.release()
    response = send_file(
        file,
        mimetype=mimetype,
        as_attachment=True,
        download_name=file_name(name, kind, day_of(now)),
    )
    response.content_length = os.fstat(file.fileno()).st_size
    response.headers["Cache-Control"] = "no-store"
    send_in_pieces()
    return response


def told_so(response: Response, refusal: Refused) -> Response:
    """The page that says why there is no file; after too many of them it says when there can be another."""
    too_many = any(objection.reason is Reason.TOO_MANY for objection in refusal.objections)
    return slow_down(response, seconds=actions.WINDOW.total_seconds()) if too_many else response


def _made(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
    """A file without a name, so it is gone when it was sent, or when the server stops halfway.

    It is made before it is sent: else whoever takes it slowly would hold on to a state of the database.
    """
    try:
        folder = current_config().data
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - sent later
        try:
            write(file)
            file.seek(0)
        except BaseException:
            file.close()
            raise
    except OSError as error:
        raise DatabaseBusy("a file cannot be written") from error
    return file

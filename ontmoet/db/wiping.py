"""What was overwritten in the database must not stay in its files.

SQLite overwrites with zeros what is deleted (`secure_delete`), but the pages from before stay in the
write-ahead log until it is emptied, and that waits for every reader. PostgreSQL marks rows as dead: VACUUM
gives their place to later rows. Its own log and whoever copies it are the business of who runs the server.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import current_app

from .base import db
from .statements import let_go
from .work import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .sqlite import WriterQueue

SHORT_WAIT = 100
"""Milliseconds for which other writers are held up by one attempt."""


def wipe(tables: Iterable[str], *, patience: float) -> bool:
    """Whether the files no longer hold what was overwritten before. Keeps trying for `patience` seconds;
    False while somebody still reads an older state.
    """
    let_go()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in sorted(set(tables)):
                connection.exec_driver_sql(f'vacuum "{table}"')
        return True
    deadline = time.monotonic() + patience
    while not _empty_the_log():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _empty_the_log() -> bool:
    """Move what the write-ahead log holds into the file, and cut the log to nothing."""
    queue: WriterQueue = current_app.extensions["ontmoet_writer_queue"]
    with queue.turn(LONGEST_WAIT):
        # Not by a connection of the engine: that would begin a transaction, in which this cannot be done.
        held = db.engine.raw_connection()
        try:
            cursor = held.cursor()
            (usual,) = cursor.execute("pragma busy_timeout").fetchone()
            cursor.execute(f"pragma busy_timeout = {SHORT_WAIT}")
            (busy, _pages, _moved) = cursor.execute("pragma wal_checkpoint(truncate)").fetchone()
            cursor.execute(f"pragma busy_timeout = {usual}")
            return not busy
        finally:
            held.close()

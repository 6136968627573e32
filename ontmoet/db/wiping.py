"""What was overwritten in the database must not stay in its files.

SQLite overwrites with zeros what is deleted (`secure_delete`), but the pages from before stay in the
write-ahead log until it is emptied, and that waits for every reader. PostgreSQL marks rows as dead: VACUUM
gives their place to later rows, once no transaction reads them. Its own log and whoever copies it are the
business of who runs the server.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import text

from .base import db
from .statements import let_go
from .work import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .sqlite import WriterQueue

_THIS_MOMENT = text("select clock_timestamp()")
_OLDER = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid() and xact_start < :began"
)

SHORT_WAIT = 100
"""Milliseconds for which other writers are held up by one attempt."""


def wipe(tables: Iterable[str], *, patience: float) -> bool:
    """Whether the files no longer hold what was overwritten before. Keeps trying for `patience` seconds;
    False while somebody still reads an older state.
    """
    let_go()
    deadline = time.monotonic() + patience
    attempt = _vacuuming(sorted(set(tables))) if db.engine.dialect.name == "postgresql" else _empty_the_log
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def tidy(*, patience: float) -> bool:
    """Keep the write-ahead log of SQLite small; PostgreSQL sees to itself. False while others read on."""
    return db.engine.dialect.name != "sqlite" or wipe((), patience=patience)


def _vacuuming(tables: list[str]) -> Callable[[], bool]:
    """VACUUM, once every transaction ended that began before now: it leaves alone what one may still read."""
    with db.engine.connect() as connection:
        began = connection.execute(_THIS_MOMENT).scalar_one()

    def attempt() -> bool:
        with db.engine.connect() as connection:
            if connection.execute(_OLDER, {"began": began}).scalar_one():
                return False
            connection.exec_driver_sql("set statement_timeout = 0")
            for table in tables:
                connection.exec_driver_sql(f'vacuum "{table}"')
            connection.exec_driver_sql("reset statement_timeout")
            return True

    return attempt


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

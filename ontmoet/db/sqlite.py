"""How SQLite is set up so that it keeps its promises.

WAL with `synchronous=FULL`: an acknowledged write survives a power cut. `BEGIN IMMEDIATE` for writing,
after a turn in a queue, because SQLite's own busy handler is unfair and lets writers starve.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from ontmoet.kernel.gate import stepping_aside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import SQLAlchemyError

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "busy_timeout": 1000,
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
    "journal_size_limit": 64 * 1024 * 1024,
}
WRITES = "ontmoet_writes"
"""Execution option of a connection that is going to write."""


class NoTurn(Exception):
    """The queue of writers did not move within the time-out, or the disk takes no writer at all."""


class WriterQueue:
    """Lets one writer at a time at a SQLite file, over threads and processes, in turn.

    The file lock is opened anew for each turn: a descriptor shared by threads, or inherited over a
    fork, would let them all in at once.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-writers"
        self._thread_gate = threading.Lock()

    @contextmanager
    def turn(self, longest_wait: float) -> Iterator[None]:
        """Wait for the turn, at most `longest_wait` seconds; raises `NoTurn`."""
        deadline = time.monotonic() + longest_wait
        if not self._thread_gate.acquire(blocking=False):
            with stepping_aside():
                if not self._thread_gate.acquire(timeout=longest_wait):
                    raise NoTurn
        try:
            descriptor = self._open()
            try:
                _lock(descriptor, deadline)
                yield
            finally:
                os.close(descriptor)
        finally:
            self._thread_gate.release()

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise NoTurn from error


def _lock(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise NoTurn from None
            with stepping_aside():
                time.sleep(0.001)
        else:
            return


def prepare(engine: Engine) -> None:
    """Set pragmas on each connection and begin transactions ourselves.

    The driver's own BEGIN comes too late for repeatable reads and knows no IMMEDIATE.
    """

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for name, value in PRAGMAS.items():
            connection.execute(f"pragma {name} = {value}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("begin immediate")
        else:
            # This takes no lock and so cannot fail; straight to the driver costs a tenth of the way around.
            connection.connection.driver_connection.execute("begin")  # type: ignore[union-attr]


def is_read_only(error: SQLAlchemyError) -> bool:
    """Whether SQLite did not write because it could only open the file for reading."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY

"""How SQLite is set up so that it keeps its promises.

WAL with `synchronous=FULL`: an acknowledged write survives a power cut. What nobody was promised may go by
NORMAL: then only the file stays whole. `BEGIN IMMEDIATE` for writing, after a turn in a queue, because
SQLite's own busy handler is unfair and lets writers starve.
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

    from sqlalchemy import Engine, PoolProxiedConnection
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
NORMAL = 1

WRITES = "ontmoet_writes"
"""What is said of a connection (`info`) that is going to write, until it begins: whether its commit waits for
the disk.
"""
_WAITS_FOR_DISK = "ontmoet_waits_for_disk"
"""Whether the last commit of a connection did."""
_LONG_OVER = 0.0
"""A deadline by which something is tried once."""


class NoTurn(Exception):
    """The queue of writers did not move within the time-out, or the disk takes no writer at all."""


class WriterQueue:
    """Lets one writer at a time at a SQLite file, over threads and processes, in turn.

    Who has the first lock is next, and waits for the second. So a process whose thread just had its turn
    does not take the following one before a process that stood waiting, and nobody starves.

    Lock files are opened anew for each turn: a descriptor shared by threads, or inherited over a fork,
    would let them all in at once.
    """

    def __init__(self, path: str) -> None:
        self._paths = (f"{path}-next", f"{path}-writers")
        self._thread_gate = threading.Lock()

    @contextmanager
    def turn(self, longest_wait: float) -> Iterator[None]:
        """Wait for the turn, at most `longest_wait` seconds; raises `NoTurn`."""
        deadline = time.monotonic() + longest_wait
        try:
            lock = self._lock(_LONG_OVER)
        except NoTurn:
            # Others work meanwhile, until the turn is there: polling must not wait for them.
            with stepping_aside():
                lock = self._lock(deadline)
        try:
            yield
        finally:
            os.close(lock)
            self._thread_gate.release()

    def _lock(self, deadline: float) -> int:
        """The lock of who writes, with the gate; raises `NoTurn`, with neither, when others stay too long."""
        if not self._thread_gate.acquire(timeout=max(0, deadline - time.monotonic())):
            raise NoTurn
        lock = None
        try:
            first = _polled(self._paths[0], deadline)
            try:
                lock = _polled(self._paths[1], deadline)
            finally:
                os.close(first)
        finally:
            if lock is None:
                self._thread_gate.release()
        return lock


def _taken(path: str) -> int | None:
    """The lock of a file until this is closed; None when somebody has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NoTurn from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _polled(path: str, deadline: float) -> int:
    while (lock := _taken(path)) is None:
        if time.monotonic() > deadline:
            raise NoTurn
        time.sleep(0.001)
    return lock


def prepare(engine: Engine) -> None:
    """Set pragmas on each connection and begin transactions ourselves.

    The driver's own BEGIN comes too late for repeatable reads and knows no IMMEDIATE. Not by an event of the
    engine: with one, every statement asks four times whether somebody listens.
    """

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for name, value in PRAGMAS.items():
            connection.execute(f"pragma {name} = {value}")

    def begin(connection: PoolProxiedConnection) -> None:
        waits_for_disk = connection.info.pop(WRITES, None)
        if waits_for_disk is None:
            connection.driver_connection.execute("begin")  # type: ignore[union-attr]
        else:
            _choose_patience(connection, waits=waits_for_disk)
            connection.driver_connection.execute("begin immediate")  # type: ignore[union-attr]

    engine.dialect.do_begin = begin  # type: ignore[assignment]


def _choose_patience(connection: PoolProxiedConnection, *, waits: bool) -> None:
    """How a connection commits can only be changed before it begins, and stays so."""
    if waits is not connection.info.get(_WAITS_FOR_DISK, True):
        level = PRAGMAS["synchronous"] if waits else NORMAL
        connection.driver_connection.execute(f"pragma synchronous = {level}")  # type: ignore[union-attr]
        connection.info[_WAITS_FOR_DISK] = waits


def is_read_only(error: SQLAlchemyError) -> bool:
    """Whether SQLite did not write because it could only open the file for reading."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY

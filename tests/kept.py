"""The SQLite file that stays from test to test, and with it the connections that are open to it: opening one
anew, which learns all tables and guards again, took longer than many tests.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("ontmoet.db", "ontmoet.db-wal", "ontmoet.db-shm")
"""A file, and what SQLite keeps beside it while it is open."""


class KeptFile:
    """It lies in the folder of the test that has it, as any other would, and in one of its own in between. A
    test that changes more than rows, or puts something else in its place, ends it; the next has another.
    """

    def __init__(self, between: Path) -> None:
        self.number = 0
        """Of the file that is in the folder of a test now; of another file it is another."""
        self._between = between
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    @contextmanager
    def lent(self, folder: Path, template: Path) -> Iterator[None]:
        """It is in this folder meanwhile, and was a copy of the template. Templates differ in rows only."""
        if not self._is_filled_again(folder, template):
            self.give_way(folder, template)
            self._inode = (folder / NAMES[0]).stat().st_ino
            self._connection = sqlite3.connect(folder / NAMES[0], isolation_level=None, timeout=0)
            self._connection.execute("pragma synchronous = off")
            _fill(self._connection, template)
        yield
        if self._is_whole(folder, template):
            for name in NAMES:
                (folder / name).rename(self._between / name)
        else:
            self._throw_away(folder)

    def give_way(self, folder: Path, template: Path) -> None:
        """To a copy in this folder that is of one test alone."""
        self._throw_away(folder)
        shutil.copy(template, folder / NAMES[0])
        self.number += 1

    def _is_filled_again(self, folder: Path, template: Path) -> bool:
        if self._connection is None:
            return False
        for name in NAMES:
            (self._between / name).rename(folder / name)
        with suppress(sqlite3.OperationalError):  # somebody who was forgotten still writes
            _fill(self._connection, template)
            return True
        return False

    def _is_whole(self, folder: Path, template: Path) -> bool:
        assert self._connection is not None
        files = [folder / name for name in NAMES]
        with suppress(sqlite3.Error):
            return (
                all(file.exists() for file in files)
                and files[0].stat().st_ino == self._inode
                and _schema_of(self._connection) == _opened(template)[1]
            )
        return False

    def _throw_away(self, folder: Path) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for name in NAMES:
            for place in (folder, self._between):
                (place / name).unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, template: Path) -> None:
    source, schema = _opened(template)
    # It would wait for ever until who writes is done.
    connection.executescript("begin immediate; rollback")
    source.backup(connection)
    # Who has the file open still knows its tables.
    connection.execute(f"pragma schema_version = {schema}")


@cache
def _opened(template: Path) -> tuple[sqlite3.Connection, int]:
    """A connection to what does not change any more, and the number of its tables and guards."""
    connection = sqlite3.connect(f"file:{template}?immutable=1", uri=True)
    return connection, _schema_of(connection)


def _schema_of(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("pragma schema_version").fetchone()[0]
    return number

"""A copy of a SQLite file that others write to, and putting one in its place."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from ontmoet.db import db, migrations
from ontmoet.db.sqlite import WRITES, prepare

from .folder import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

LONGEST_WAIT = 5.0
_LOGS = ("-wal", "-shm", "-journal")


class InUse(Exception):
    """Somebody has the database open."""


def copy_to(path: Path) -> None:
    """Copy the database as it is at one moment; others go on reading and writing."""
    held = db.engine.raw_connection()
    try:
        with closing(sqlite3.connect(path)) as target:
            # All pages in one step: in smaller ones it would begin anew at each write of somebody else.
            held.driver_connection.backup(target)  # type: ignore[union-attr]
            target.execute("pragma journal_mode = delete")
    finally:
        held.close()
    path.chmod(0o600)


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection to a database that is not ours."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    prepare(engine)
    with engine.connect() as connection:
        yield connection


def bring_on(path: Path) -> None:
    """Give a copy the migrations it lacks, and make it one file again."""
    with opened(path) as connection:
        driver = connection.connection.driver_connection
        driver.execute("pragma foreign_keys = 0")  # type: ignore[union-attr]
        connection.info[WRITES] = True
        with connection.begin():
            migrations.upgrade(connection, current_app.extensions["migrate"].directory)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("pragma journal_mode = delete")


def put_in_place(copy: Path, *, is_damaged: bool = False) -> None:
    """Replace the database, which may be one that cannot be read, by a copy; a kill or a power cut leaves one
    of both. Raises `InUse`.
    """
    target, beside = database_file(), _beside()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(copy, beside)
        beside.chmod(0o600)
        db.engine.dispose()
        if is_damaged or not target.exists():
            # SQLite would take a log that stays behind for the log of the new file.
            for log in _logs_of(target):
                log.unlink()
            place(beside, target)
            return
        # Here SQLite itself has to remove it, and does so only when nobody else has the database open.
        with closing(sqlite3.connect(target, timeout=LONGEST_WAIT, isolation_level=None)) as old:
            try:
                # Else somebody may open it between these two, and go on in the file that is taken away.
                old.execute("pragma locking_mode = exclusive")
                old.execute("pragma journal_mode = delete")
                old.execute("begin exclusive")
            except sqlite3.OperationalError as problem:
                raise InUse from problem
            place(beside, target)
    finally:
        clear()


def clear() -> None:
    """Remove what one that was killed left beside the database: it may know who was erased since."""
    _beside().unlink(missing_ok=True)


def is_sound() -> bool:
    """Whether our database can be read at all."""
    try:
        with closing(sqlite3.connect(database_file())) as present:
            present.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def keep_aside(folder: Path, stem: str) -> None:
    """Copy a database that cannot be read to where back-ups are kept, with its log. It stays where it is
    until another takes its place: nobody may take it for a house that is not there yet.
    """
    db.engine.dispose()
    target = database_file()
    for part in (target, *_logs_of(target)):
        side = part.name.removeprefix(target.name)
        kept = folder / f"{stem}{side.replace('-', '.')}.damaged"
        shutil.copyfile(part, kept)
        kept.chmod(0o600)


def _logs_of(target: Path) -> list[Path]:
    logs = (Path(f"{target}{side}") for side in _LOGS)
    return [log for log in logs if log.exists()]


def _beside() -> Path:
    """The same folder as the database, so that it can take its place at once."""
    target = database_file()
    return target.with_name(f".{target.name}-restoring")


def database_file() -> Path:
    """Where our database is."""
    return Path(str(db.engine.url.database))

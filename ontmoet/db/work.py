"""The only way to write."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .base import db
from .sqlite import NoTurn, WriterQueue, is_read_only
from .statements import begin_writing, end_reading, execute, let_go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Table

LONGEST_WAIT = 1.0
"""Seconds a writer waits for its turn (SQLite) before people are asked to try again."""

# PostgreSQL: lock not available, deadlock, serialization failure, read-only transaction.
_PASSING_STATES = frozenset({"55P03", "40P01", "40001", "25006"})


class DatabaseBusy(Exception):
    """The database cannot write just now: locked, full, read-only or away. Nothing was stored."""


@contextmanager
def unit_of_work(*, waits_for_disk: bool = True) -> Iterator[None]:
    """One transaction that writes: everything in it happens, or nothing.

    One that does not wait for the disk outlives whoever is killed, but a power cut only when another that
    waits came after it. It is for what many do in a row and nobody is promised.

    Whatever was read before in this request is let go first, so rules judge what is true now. Keep
    slow work (hashing, rendering, mail) outside: on SQLite nobody else writes meanwhile.

    Raises `DatabaseBusy` when the turn does not come or the database cannot write.
    """
    end_reading()
    try:
        with _turn():
            try:
                writing = begin_writing(waits_for_disk=waits_for_disk)
                yield
                writing.commit()
            finally:
                let_go()
    except NoTurn as error:
        raise DatabaseBusy("no turn to write") from error
    except (OperationalError, PoolTimeout) as error:
        if is_read_only(error):
            # What was opened while the disk was read-only stays so. As long as one such connection is
            # open, SQLite lets the next one share its view: all of them go, and the next writer can.
            db.engine.dispose()
        raise DatabaseBusy(type(error).__name__) from error
    except IntegrityError:
        raise
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _PASSING_STATES:
            raise DatabaseBusy("another writer was first") from error
        raise


def _turn() -> AbstractContextManager[None]:
    queue: WriterQueue | None = current_app.extensions["ontmoet_writer_queue"]
    return nullcontext() if queue is None else queue.turn(LONGEST_WAIT)


def lock_row(table: Table, row_id: int) -> None:
    """Wait until nobody else holds this row, and hold it until the unit of work ends.

    On SQLite the unit of work is alone already.
    """
    if db.engine.dialect.name == "postgresql":
        # Foreign keys to the row may still be checked meanwhile.
        execute(select(table.c.id).where(table.c.id == row_id).with_for_update(key_share=True))


def lock_all(table: Table) -> None:
    """The same for every row of a table that others lock one by one; in one order, so that no two wait for
    each other.
    """
    if db.engine.dialect.name == "postgresql":
        execute(select(table.c.id).order_by(table.c.id).with_for_update(key_share=True))


def violated(error: IntegrityError, name: str) -> bool:
    """Whether the integrity error comes from the constraint or trigger called `name`.

    PostgreSQL names the constraint; SQLite names triggers and checks by their message, and unique
    constraints by their columns, for which `name` is then `table.column`.
    """
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return diagnostics.constraint_name == name or name in (diagnostics.message_primary or "")
    return name in str(error.orig)

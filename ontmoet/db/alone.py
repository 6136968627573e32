"""What two processes would break for one another is done by one at a time.

On PostgreSQL, that is: on SQLite all that write stand in line anyway.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from .base import db
from .postgresql import with_transactions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


class Alone(IntEnum):
    """What is done by one at a time; the numbers are of locks that nothing else in the database takes."""

    MIGRATING = 7_266_668
    MAKING_THE_QUEUE = 7_266_669
    BEGINNING = 7_266_670


def wait_for(what: Alone, connection: Connection) -> None:
    """Be the only one at this until the transaction ends, and let its statements take as long as they take:
    the ten seconds of a page are not for this.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(what)))


@contextmanager
def alone(what: Alone) -> Iterator[None]:
    """The only one at this, whatever connections it takes."""
    if db.engine.dialect.name == "sqlite":
        yield
        return
    with with_transactions(db.engine).begin() as connection:
        wait_for(what, connection)
        yield

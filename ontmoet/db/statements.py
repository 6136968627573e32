"""Running statements without building objects."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from .base import db
from .sqlite import WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, CursorResult, Executable

AnyRow = Row[*tuple[Any, ...]]
"""A row of which the query that made it knows the columns."""


def execute(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement in the transaction that is open, or begin one to read in.

    Statements that pages use are built once, at import, with `bindparam`s: building one costs more
    than running it. Going by the connection leaves out the session and its mapper, which pages have no
    use for.
    """
    return current_connection().execute(statement, values)


def current_connection() -> Connection:
    """The connection of this request (or command) until `let_go`; it reads, unless a unit of work is open.

    On SQLite all it reads is one state. PostgreSQL shows each statement what is committed by then, in a
    transaction or not: so there is none.
    """
    held: Connection | None = g.get("connection")
    if held is None:
        held = g.connection = db.engine.connect()
    return held


@contextmanager
def reading_from(connection: Connection) -> Iterator[None]:
    """Let what is read inside come from this connection: another database, or one state of ours."""
    let_go()
    g.connection = connection
    try:
        yield
    finally:
        g.pop("connection", None)


def begin_writing(*, waits_for_disk: bool) -> Connection:
    """Begin the transaction of a unit of work, after `end_reading`. On SQLite nobody else writes from now
    on.
    """
    held = current_connection()
    held.info[WRITES] = waits_for_disk
    g.is_writing = True
    held.begin()
    return held


def is_writing() -> bool:
    """Whether a unit of work is open."""
    return bool(g.get("is_writing"))


def end_reading() -> None:
    """Let go of what was read, so that the next statement sees what is true then. A connection that can write
    as well is kept for that. Not in a command: much may have happened to the server since it was read from,
    and only another connection is tried out first.
    """
    held: Connection | None = g.get("connection")
    if held is None:
        return
    if held.engine is db.engine and (held.dialect.name == "sqlite" or has_request_context()):
        with suppress(DBAPIError):
            held.rollback()
            return
    let_go()


def let_go() -> None:
    """End the transaction that is open, without what it did; the next statement sees what is true then."""
    held: Connection | None = g.pop("connection", None)
    if held is None:
        return
    g.pop("is_writing", None)
    try:
        held.close()
    except DBAPIError:
        # It broke while its transaction was ended: it is not to be used again.
        held.invalidate()
        held.close()

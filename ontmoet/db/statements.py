"""Running statements without building objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from .base import db

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Executable

AnyRow = Row[*tuple[Any, ...]]
"""A row of which the query that made it knows the columns."""


def execute(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement in the session's own transaction.

    Statements that pages use are built once, at import, with `bindparam`s: building one costs more
    than running it. Going by the connection leaves out the mapper, which pages have no use for.
    """
    session = db.session()
    connection: Connection | None = session.info.get("connection")
    # Asking the session for its connection takes as long as a small statement, so it is kept while open.
    if connection is None or connection.closed:
        connection = session.info["connection"] = session.connection()
    return connection.execute(statement, values)

"""A copy of a PostgreSQL database, a file per table, and filling a database with one.

By COPY and not by pg_dump: that refuses a server newer than itself, and so back-ups end on the day somebody
updates the server. Our migrations make the tables, so only rows have to be kept.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import inspect, text

from ontmoet.db import db, migrations
from ontmoet.db.postgresql import with_transactions

from .parcel import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

LONGEST_WAIT = 2.0

_QUEUE = "huey_"
_VERSION = "alembic_version"
_PIECE = 1024 * 1024
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_OTHERS = text(
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and pid <> pg_backend_pid() and backend_type = 'client backend'"
)


@contextmanager
def one_state() -> Iterator[Connection]:
    """A connection that sees the database as it is now, for as long as it lasts."""
    with db.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            connection.exec_driver_sql("set transaction read only")
            connection.exec_driver_sql("set local statement_timeout = 0")
            yield connection


def tables_of(connection: Connection) -> list[Table]:
    """Our tables, whatever the version of the database: each only points at those before it."""
    seen = inspect(connection)
    ordered = [name for name, _ in seen.get_sorted_table_and_fkc_names() if name is not None]
    return [
        Table(name, [column["name"] for column in seen.get_columns(name)])
        for name in ordered
        if name != _VERSION and not name.startswith(_QUEUE)
    ]


def copy_to(folder: Path, connection: Connection, tables: Sequence[Table]) -> None:
    """Write the rows of each table to a file."""
    with _driver(connection).cursor() as cursor:
        for table in tables:
            with (
                (folder / table.name).open("wb") as file,
                cursor.copy(f"copy {_named(table)} to stdout") as rows,
            ):
                for piece in rows:
                    file.write(piece)


def is_in_use() -> bool:
    """Whether others have this database open. Those who just left take a moment to be gone."""
    db.engine.dispose()
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        with db.engine.connect() as connection:
            if not connection.execute(_OTHERS).scalar_one():
                return False
        if time.monotonic() > deadline:
            return True
        time.sleep(0.1)


@contextmanager
def filled(folder: Path, tables: Sequence[Table], revision: str) -> Iterator[Connection]:
    """The database with these rows instead of its own, brought on to the newest version: for everybody once
    this ends, for nobody when it fails or is killed.
    """
    directory = current_app.extensions["migrate"].directory
    with with_transactions(db.engine).connect() as connection, connection.begin():
        connection.exec_driver_sql("set local statement_timeout = 0")
        connection.exec_driver_sql("set local lock_timeout = '10s'")
        for name in [*(table.name for table in tables_of(connection)), _VERSION]:
            connection.exec_driver_sql(f'drop table if exists "{name}" cascade')
        migrations.upgrade(connection, directory, revision)
        _fill(connection, folder, tables)
        migrations.upgrade(connection, directory)
        yield connection


def _fill(connection: Connection, folder: Path, tables: Sequence[Table]) -> None:
    names = ", ".join(f'"{table.name}"' for table in tables)
    # What a migration wrote into an empty database is in the back-up too.
    connection.exec_driver_sql(f"truncate {names}")
    for table in tables:
        # History is put back, it does not happen: nothing counts, nothing refuses.
        connection.exec_driver_sql(f'alter table "{table.name}" disable trigger user')
        with (
            _driver(connection).cursor() as cursor,
            (folder / table.name).open("rb") as file,
            cursor.copy(f"copy {_named(table)} from stdin") as rows,
        ):
            while piece := file.read(_PIECE):
                rows.write(piece)
    for table in tables:
        connection.exec_driver_sql(f'alter table "{table.name}" enable trigger user')
        if "id" in table.columns:
            connection.exec_driver_sql(
                f"select setval(pg_get_serial_sequence('\"{table.name}\"', 'id'),"  # noqa: S608 - our own names
                f' coalesce(max(id), 1), max(id) is not null) from "{table.name}"'
            )


def _driver(connection: Connection) -> Any:
    """psycopg's own connection, for what SQLAlchemy knows nothing of."""
    return connection.connection.driver_connection


def _named(table: Table) -> str:
    """The table and its columns; they come out of a file, though a sealed one."""
    if not all(_PLAIN.fullmatch(name) for name in (table.name, *table.columns)):
        raise ValueError("names of tables and columns are plain")
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return f'"{table.name}" ({columns})'

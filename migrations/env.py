"""Runs migrations, with what SQLite needs around them, and puts the guards back at the end."""

from __future__ import annotations

from contextlib import nullcontext

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from ontmoet.db import Base, db, guards, types
from ontmoet.db.alone import Alone, wait_for
from ontmoet.db.postgresql import with_transactions
from ontmoet.db.sqlite import WRITES


def as_written(kind: str, item: object, generated: object) -> str | bool:
    """How our own column types are written in a migration."""
    if kind == "type" and isinstance(item, types.Instant | types.LocalDate | types.Flag):
        generated.imports.add("from ontmoet.db import types")
        return f"types.{type(item).__name__}()"
    return False


def run() -> None:
    """All migrations of this command in one transaction: the database is as before, or all done."""
    given = context.config.attributes.get("connection")
    if given is not None:
        # The transaction, and what goes around it, is of whoever opened it (`db.migrations.upgrade`).
        bring_on(given)
        return
    engine = db.engine
    on_sqlite = engine.dialect.name == "sqlite"
    if not on_sqlite:
        engine = with_transactions(engine)
    queue = current_app.extensions["ontmoet_writer_queue"]
    with nullcontext() if queue is None else queue.turn(60), engine.connect() as connection:
        if on_sqlite:
            # Rebuilding a table drops it: with foreign keys on, rows that point at it would go too.
            # The pragma does nothing inside a transaction, so it stands before it.
            connection.connection.driver_connection.execute("pragma foreign_keys = 0")
            connection.info[WRITES] = True
        with connection.begin():
            wait_for(Alone.MIGRATING, connection)
            bring_on(connection)
        if on_sqlite:
            connection.connection.driver_connection.execute("pragma foreign_keys = 1")


def bring_on(connection: Connection) -> None:
    """Run the migrations in the transaction that is open."""
    on_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        compare_type=True,
        render_item=as_written,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    guards.stand_aside(connection)
    context.run_migrations()
    guards.install(connection)
    if on_sqlite:
        broken = connection.execute(text("pragma foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"rows that point at nothing: {broken[:5]}")


run()

"""An update that is killed with -9 leaves the database as it was or all done, and goes on next time."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import flask_migrate
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, event

from ontmoet.db import db, migrations
from tests.db.test_migrations import _empty, schema_of
from tests.watching import row_counts

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood

GROWTH = 3
"""How many times as many statements each next update may send before it is killed."""

Rows = dict[str, list[dict[str, object]]]


def all_rows() -> Rows:
    seen = MetaData()
    with db.engine.connect() as connection:
        seen.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in seen.sorted_tables
            if table.name != "alembic_version"
        }


def make_older(directory: str) -> str:
    """Bring the same people and bookings into a database of the version before; its revision."""
    (older,) = [
        script.down_revision
        for script in ScriptDirectory(directory).walk_revisions()
        if script.revision == migrations.head(directory)
    ]
    kept = all_rows()
    _empty()
    flask_migrate.upgrade(directory=directory, revision=older)
    seen = MetaData()
    with db.engine.begin() as connection:
        seen.reflect(connection)
        for table in seen.sorted_tables:
            columns = set(table.columns.keys())
            there = [
                {name: value for name, value in row.items() if name in columns}
                for row in kept.get(table.name, [])
            ]
            if there:
                connection.execute(table.insert(), there)
    db.engine.dispose()
    return older


def upgrade_killed_before(number: int, app: Flask, directory: str) -> bool:
    """Run the update in a process of its own that is killed as it sends this statement, counted from 1, or
    commits as that one; whether it was done before.
    """
    child = os.fork()
    if not child:
        try:
            left = iter(range(number - 1))

            def count_down(*_args: object) -> None:
                if next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(Engine, "before_cursor_execute", count_down)
            event.listen(Engine, "commit", count_down)
            with app.app_context():
                flask_migrate.upgrade(directory=directory)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or not os.WEXITSTATUS(status), "the update itself failed"
    return not os.WIFSIGNALED(status)


def test_killed_at_any_moment_it_is_old_or_new_with_every_row(hood_on_both: Neighbourhood) -> None:
    hood_on_both.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="")
    app = hood_on_both.app
    directory = app.extensions["migrate"].directory
    with app.app_context():
        with db.engine.connect() as connection:
            new = schema_of(connection)
        older = make_older(directory)
        before = all_rows()
        with db.engine.connect() as connection:
            old = schema_of(connection)
        db.engine.dispose()
    count = {name: len(found) for name, found in before.items()}
    assert count["booking"] == 1
    kills, number = 0, 1
    while not upgrade_killed_before(number, app, directory):
        kills, number = kills + 1, number * GROWTH
        with app.app_context():
            with db.engine.connect() as connection:
                is_new = migrations.is_current(connection, directory)
                assert schema_of(connection) == (new if is_new else old)
                assert is_new or migrations.revision(connection) == older
            assert row_counts(app, *count) == count
            db.engine.dispose()
        assert ready(app) == (200 if is_new else 503)
    assert kills >= 3, "these fell before its end"
    with app.app_context():
        with db.engine.connect() as connection:
            assert schema_of(connection) == new
        assert row_counts(app, *count) == count
    assert ready(app) == 200


def ready(app: Flask) -> int:
    """What `/readyz` of the new software says."""
    status = app.test_client().get("/readyz").status_code
    with app.app_context():
        db.engine.dispose()
    return status

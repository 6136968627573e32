"""Migrated and made fresh are the same database, on both products; guards outlive a rebuilt table."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from ontmoet import factory
from ontmoet.db import Base, db, execute, guards, let_go, migrations, unit_of_work
from ontmoet.db.alone import Alone, wait_for
from ontmoet.db.sqlite import prepare
from tests.databases import fresh_postgresql, nothing
from tests.fixtures import config_for
from tests.real.server import wait_until
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection, Engine

    from tests.cast import Neighbourhood

REBUILD = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None

def upgrade():
    rebuild = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    for table in ("occupancy", "booking", "audit"):
        with op.batch_alter_table(table, recreate=rebuild) as batch:
            batch.add_column(sa.Column("scratch", sa.Text(), nullable=True))
"""


def schema_of(connection: Connection) -> set[tuple[str, ...]]:
    """Everything in a database that could differ: tables, columns, constraints, indexes, triggers."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("select type, name, tbl_name, coalesce(sql, '') from sqlite_master")
        ).all()
        return {
            (kind, name, table, *sorted(re.split(r",\s*\n?\s*|\n\s*", re.sub(r'["\t]', "", sql))))
            for kind, name, table, sql in found
            if not table.startswith(("alembic_version", "sqlite_"))
        }
    parts = (
        "select 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')"
        " from information_schema.columns where table_schema = 'public'",
        "select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " from pg_constraint where connamespace = 'public'::regnamespace",
        "select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
        "select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)"
        " from pg_trigger where not tgisinternal",
    )
    found = [tuple(map(str, row)) for part in parts for row in connection.execute(text(part))]
    return {row for row in found if row[1] != "alembic_version"}


def test_migrated_database_is_the_one_the_models_describe(app_on_both: Flask, tmp_path: Path) -> None:
    app = app_on_both
    with app.app_context():
        with db.engine.connect() as connection:
            migrated = schema_of(connection)
        if db.engine.dialect.name == "sqlite":
            fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
            prepare(fresh)
        else:
            fresh = create_engine(db.engine.url)
            _empty()
    with fresh.begin() as connection:
        Base.metadata.create_all(connection)
        guards.install(connection)
        described = schema_of(connection)
    fresh.dispose()
    assert migrated - described == set()
    assert described - migrated == set()
    assert [row for row in described if row[0] == "trigger"] != []


def test_alembic_finds_nothing_left_to_do(app_on_both: Flask) -> None:
    app = app_on_both
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
        assert migrations.is_current(connection, app.extensions["migrate"].directory)
    # The exclusion constraint lives in guards.py; its index is not the models' business.
    assert [d for d in differences if guards.OVERLAP not in str(d)] == []


def test_rebuilding_guarded_tables_keeps_guards_rows_and_what_points_at_them(
    hood_on_both: Neighbourhood, tmp_path: Path
) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="")
    before = row_counts(hood.app, "booking", "occupancy", "audit", "home", "zone")
    directory = tmp_path / "migrations"
    shutil.copytree(hood.app.extensions["migrate"].directory, directory)
    head = migrations.head(hood.app.extensions["migrate"].directory)
    (directory / "versions" / "9999_scratch.py").write_text(REBUILD.format(head=head))
    with hood.app.app_context():
        flask_migrate.upgrade(directory=str(directory))
        with db.engine.connect() as connection:
            assert guards.missing(connection) == []
            assert migrations.is_current(connection, str(directory))
            assert not migrations.is_current(connection, hood.app.extensions["migrate"].directory)
        if db.engine.dialect.name == "sqlite":
            assert execute(text("pragma foreign_keys")).scalar() == 1
            let_go()
    assert row_counts(hood.app, "booking", "occupancy", "audit", "home", "zone") == before
    assert rows(hood.app, "select scratch from occupancy") == [(None,), (None,)]
    assert hood.app.test_client().get("/readyz").get_json() == {"ready": False, "reason": "migrations"}


def test_every_version_is_brought_to_the_next_by_a_command_of_its_own(
    app_on_both: Flask,
) -> None:
    """As those who run it do: guards stand in between, and name tables that the next version rebuilds."""
    app = app_on_both
    directory = app.extensions["migrate"].directory
    with app.app_context():
        with db.engine.connect() as connection:
            at_once = schema_of(connection)
        _empty()
        for revision in reversed(list(ScriptDirectory(directory).walk_revisions())):
            flask_migrate.upgrade(directory=directory, revision=revision.revision)
        with db.engine.connect() as connection:
            assert schema_of(connection) == at_once


def _empty() -> None:
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        Path(db.engine.url.database).unlink()
    else:
        with db.engine.begin() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))


def test_database_without_migrations_is_not_ready(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        execute(text("delete from alembic_version"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"ready": False, "reason": "migrations"})


def test_no_guard_lets_a_row_stay_longer_than_the_search_for_overlaps_looks_back() -> None:
    assert timedelta(days=guards.LONGEST_HOLD_DAYS) >= timedelta(hours=25 + 4)
    (overlap,) = [guard for guard in guards.GUARDS if guard.name == guards.OVERLAP]
    assert f"new.held_from - {guards.LONGEST_HOLD_DAYS * 86_400}" in overlap.sqlite


@pytest.mark.postgres
def test_update_waits_longer_than_a_page_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = factory._engine_options
    monkeypatch.setattr(factory, "_engine_options", lambda config: _of_a_moment(impatient(config)))
    with fresh_postgresql(nothing) as url, ThreadPoolExecutor(1) as pool:
        app = factory.create_app(config_for(url, tmp_path))
        outside = create_engine(url, poolclass=NullPool)
        with outside.begin() as first:
            wait_for(Alone.MIGRATING, first)
            second = pool.submit(_upgrade, app)
            wait_until(lambda: _waits(outside), "the second waits")
            time.sleep(3 * A_MOMENT)
        second.result()


A_MOMENT = 0.2
WAITING = """
select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
where datname = current_database() and not granted
"""


def _of_a_moment(options: dict[str, Any]) -> dict[str, Any]:
    given = {**options["connect_args"], "options": f"-c statement_timeout={round(1000 * A_MOMENT)}"}
    return {**options, "connect_args": given}


def _upgrade(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        db.engine.dispose()


def _waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.execute(text(WAITING)).first() is not None

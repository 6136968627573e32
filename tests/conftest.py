"""An application per test on a fresh copy of a migrated database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest

from ontmoet.config import Config
from ontmoet.db import db
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.seed.demo import fill_demo
from tests import databases
from tests.cast import Neighbourhood, move_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from flask import Flask
    from flask.testing import FlaskClient

TUESDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
"""The moment of all tests: Tuesday 24 November 2026, 14:05 in the rooms."""


def config_for(database_url: str, data: Path) -> Config:
    """The surroundings of a test."""
    return Config(
        database_url=database_url,
        data=data,
        secret_key="a secret that only tests use, and only here",
        base_url="http://127.0.0.1:8000",
        testing=True,
    )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every migration; copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "ontmoet.db"
    app = create_app(config_for(f"sqlite:///{path}", folder))
    with app.app_context():
        flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        db.engine.dispose()
    return path


@pytest.fixture
def moment() -> Iterator[Callable[[timedelta], None]]:
    """The clock stands still at `TUESDAY`; the fixture's value moves it on."""
    with clock.frozen(TUESDAY) as move:
        yield move


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path) -> Iterator[str]:
    """A fresh migrated database: each test that asks for it runs on both products."""
    if request.param == "sqlite":
        path = tmp_path / "ontmoet.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite:///{path}"
    else:
        with databases.fresh_postgresql(_migrate) as url:
            yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A fresh migrated SQLite database, for what does not depend on the product."""
    path = tmp_path / "ontmoet.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


def _running(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(config_for(url, folder))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path, moment: object) -> Iterator[Flask]:
    """The application on SQLite, at `TUESDAY`. Not in a context: each request has its own."""
    yield from _running(sqlite_url, tmp_path)


@pytest.fixture
def app_on_both(database_url: str, tmp_path: Path, moment: object) -> Iterator[Flask]:
    """The application on SQLite and on PostgreSQL, at `TUESDAY`."""
    yield from _running(database_url, tmp_path)


@pytest.fixture
def hood(app: Flask) -> Neighbourhood:
    """The neighbourhood of the cast, on SQLite."""
    return move_in(app)


@pytest.fixture
def hood_on_both(app_on_both: Flask) -> Neighbourhood:
    """The neighbourhood of the cast, on SQLite and on PostgreSQL."""
    return move_in(app_on_both)


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Flask]:
    """The demo as it is filled at `TUESDAY`; shared, so tests clean up what they change."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_sqlite, folder / "ontmoet.db")
    app = create_app(config_for(f"sqlite:///{folder / 'ontmoet.db'}", folder))
    with clock.frozen(TUESDAY), app.app_context():
        fill_demo(TUESDAY)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser, without script, not signed in."""
    return app.test_client()


def _migrate(url: str, folder: Path) -> None:
    app = create_app(config_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        db.engine.dispose()

"""An application per test on a migrated database that is as new, on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import io
import logging
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import event

from ontmoet.config import Config
from ontmoet.db import db
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.people import passwords
from ontmoet.seed.demo import fill_demo
from tests import databases
from tests.browser.machine import chromium
from tests.cast import Neighbourhood, move_in, neighbourhood_of
from tests.compiled import compile_once
from tests.kept import KeptFile
from tests.once import made_once

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Playwright
    from sqlalchemy import Engine


gc.disable()
"""Until all tests are collected: until then nothing is garbage."""
compile_once()
# A password is hashed as cheaply as argon2 can: hundreds of tests sign in.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

TUESDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
"""The moment of all tests: Tuesday 24 November 2026, 14:05 in the rooms."""


def config_for(database_url: str, data: Path) -> Config:
    """The surroundings of a test."""
    return Config(
        database_url=database_url,
        data=data,
        secret_key="a secret that only tests use, and only here",
        token_key="another secret that only tests use, only here",
        base_url="http://127.0.0.1:8000",
        testing=True,
    )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every migration; copied for each test."""

    def make(folder: Path) -> None:
        _migrate(f"sqlite:///{folder / 'ontmoet.db'}", folder)

    return made_once(tmp_path_factory, "migrated", make) / "ontmoet.db"


@pytest.fixture(scope="session")
def inhabited_sqlite(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The same, with the neighbourhood of the cast in it."""

    def make(folder: Path) -> None:
        path = shutil.copy(migrated_sqlite, folder / "ontmoet.db")
        _move_in(f"sqlite:///{path}", folder)

    return made_once(tmp_path_factory, "inhabited", make) / "ontmoet.db"


@pytest.fixture
def moment() -> Iterator[Callable[[timedelta], None]]:
    """The clock stands still at `TUESDAY`; the fixture's value moves it on."""
    with clock.frozen(TUESDAY) as move:
        yield move


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that is as new: each test that asks for it runs on both products. A test that asks
    for the neighbourhood too finds it there.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        with (
            databases.kept_postgresql(_inhabit)
            if _asks_for_hood(request)
            else databases.fresh_postgresql(_migrate, name=databases.ALWAYS)
        ) as url:
            yield url


@pytest.fixture
def sqlite_url(
    request: pytest.FixtureRequest, house: Path, tmp_path: Path, kept_file: KeptFile
) -> Iterator[str]:
    """A migrated SQLite database that is as new, for what does not depend on the product."""
    name = "inhabited_sqlite" if _asks_for_hood(request) else "migrated_sqlite"
    template: Path = request.getfixturevalue(name)
    url = f"sqlite:///{house / 'ontmoet.db'}"
    if "file_of_its_own" in request.fixturenames:
        kept_file.give_way(tmp_path, template)
        yield url
    else:
        with kept_file.lent(tmp_path, template):
            yield url


@pytest.fixture
def house(standing: Path, tmp_path: Path) -> Path:
    """The data folder of the application that stands: another name for the folder of this test."""
    standing.unlink(missing_ok=True)
    standing.symlink_to(tmp_path, target_is_directory=True)
    return standing


@pytest.fixture(scope="session")
def kept_file(tmp_path_factory: pytest.TempPathFactory) -> KeptFile:
    """What lies in the folder of each test that asks for SQLite."""
    return KeptFile(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def file_of_its_own() -> None:
    """For a test of files themselves, such as one that puts a copy in the place of the database: there is no
    connection to it but what the test opens.
    """


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `house` stands during all tests of a process."""
    return tmp_path_factory.mktemp("standing") / "house"


def _asks_for_hood(request: pytest.FixtureRequest) -> bool:
    return not {"hood", "hood_on_both"}.isdisjoint(request.fixturenames)


_LAST_FILE: dict[Engine, int] = {}
"""The number of the file that the connections of an engine are open to."""


@cache
def _standing(url: str, folder: Path) -> tuple[Flask, Engine]:
    """One application for all tests on a product, and its engine. Making an application, and compiling its
    templates and statements again, took more than what most tests do.
    """
    app = create_app(config_for(url, folder))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _never_wait_for_the_disk)
        return app, db.engine


def _never_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """As with PostgreSQL, no test waits for the disk: no power cut is tested, and it took long."""
    connection.execute("PRAGMA synchronous=OFF")


def _running(url: str, folder: Path, kept_file: KeptFile) -> Iterator[Flask]:
    app, engine = _standing(url, folder)
    if engine.dialect.name == "sqlite" and _LAST_FILE.get(engine) != kept_file.number:
        engine.dispose()
        _LAST_FILE[engine] = kept_file.number
    with app.app_context():
        # Another engine on the same pool: what a process remembers, it remembers by engine.
        db.engines[None] = engine.execution_options()
    before = dict(app.extensions)
    yield app
    app.extensions.update(before)
    if engine.url.database == databases.ALWAYS:
        engine.dispose()


@pytest.fixture
def app(sqlite_url: str, house: Path, kept_file: KeptFile, moment: object) -> Iterator[Flask]:
    """The application on SQLite, at `TUESDAY`. Not in a context: each request has its own."""
    yield from _running(sqlite_url, house, kept_file)


@pytest.fixture
def app_of_its_own(sqlite_url: str, house: Path, moment: object) -> Iterator[Flask]:
    """The application on SQLite, at `TUESDAY`, made for a test that adds a page to it."""
    app = create_app(config_for(sqlite_url, house))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app_on_both(database_url: str, house: Path, kept_file: KeptFile, moment: object) -> Iterator[Flask]:
    """The application on SQLite and on PostgreSQL, at `TUESDAY`."""
    yield from _running(database_url, house, kept_file)


@pytest.fixture
def hood(app: Flask) -> Neighbourhood:
    """The neighbourhood of the cast, on SQLite."""
    return neighbourhood_of(app)


@pytest.fixture
def hood_on_both(app_on_both: Flask) -> Neighbourhood:
    """The neighbourhood of the cast, on SQLite and on PostgreSQL."""
    return neighbourhood_of(app_on_both)


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The data folder of the demo as it is filled at `TUESDAY`; copied for each application."""

    def make(folder: Path) -> None:
        app = demo_filled(migrated_sqlite, folder, TUESDAY)
        with app.app_context():
            db.engine.dispose()

    return made_once(tmp_path_factory, "demo", make)


def demo_filled(migrated: Path, folder: Path, now: datetime) -> Flask:
    """An application of its own, filled with the demo as it is at `now`."""
    path = shutil.copy(migrated, folder / "ontmoet.db")
    app = create_app(config_for(f"sqlite:///{path}", folder))
    with clock.frozen(now), app.app_context():
        fill_demo(now)
    return app


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory, demo_house: Path) -> Iterator[Flask]:
    """The demo as it is filled at `TUESDAY`; shared, so tests clean up what they change."""
    yield from demo_copied(demo_house, tmp_path_factory)


def demo_copied(demo_house: Path, factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a copy of its own."""
    folder = factory.mktemp("demo")
    shutil.copytree(demo_house, folder, dirs_exist_ok=True)
    app = create_app(config_for(f"sqlite:///{folder / 'ontmoet.db'}", folder))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of a run."""
    with chromium(playwright) as running:
        yield running


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser, without script, not signed in."""
    return app.test_client()


def _migrate(url: str, folder: Path) -> None:
    app = create_app(config_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        db.engine.dispose()


def _inhabit(url: str, folder: Path) -> None:
    _migrate(url, folder)
    _move_in(url, folder)


def _move_in(url: str, folder: Path) -> None:
    app = create_app(config_for(url, folder))
    with clock.frozen(TUESDAY), app.app_context():
        move_in()
        db.engine.dispose()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is written down, as outside of tests."""
    before, lines = structlog.get_config(), io.StringIO()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(lines),
    )
    yield lines
    structlog.configure(**before)

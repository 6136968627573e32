"""An application per test on a fresh copy of a migrated database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest
from flask import Flask
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from ontmoet.config import Config
from ontmoet.db import db
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.seed.demo import fill_demo
from tests import databases
from tests.cast import Neighbourhood, move_in, neighbourhood_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from flask.testing import FlaskClient
    from jinja2.bccache import Bucket

    MakeBuilder = Callable[[Rule, bool], Callable[..., tuple[str, str]]]


class CompiledBefore(BytecodeCache):
    """Templates as an application of this process compiled them before: most of a test's time went there."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of the same source."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def with_builders_made_before(make_builder: MakeBuilder) -> MakeBuilder:
    """Addresses are put together as an application of this process did before: nine tenths of making an
    application went into compiling that again.
    """
    known: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def builder_of(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.host, rule.subdomain, rule.rule, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = make_builder(rule, append_unknown)
        return known[key]

    return builder_of


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledBefore()}
Rule._compile_builder = with_builders_made_before(Rule._compile_builder)

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
    return _template(tmp_path_factory, _migrate)


@pytest.fixture(scope="session")
def inhabited_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the neighbourhood of the cast in it."""
    return _template(tmp_path_factory, _inhabit)


def _template(tmp_path_factory: pytest.TempPathFactory, fill: databases.Fill) -> Path:
    folder = tmp_path_factory.mktemp("template")
    path = folder / "ontmoet.db"
    fill(f"sqlite:///{path}", folder)
    return path


@pytest.fixture
def moment() -> Iterator[Callable[[timedelta], None]]:
    """The clock stands still at `TUESDAY`; the fixture's value moves it on."""
    with clock.frozen(TUESDAY) as move:
        yield move


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated database: each test that asks for it runs on both products. A test that asks for
    the neighbourhood too finds it there.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        with databases.fresh_postgresql(_inhabit if _asks_for_hood(request) else _migrate) as url:
            yield url


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh migrated SQLite database, for what does not depend on the product."""
    path = tmp_path / "ontmoet.db"
    template = "inhabited_sqlite" if _asks_for_hood(request) else "migrated_sqlite"
    shutil.copy(request.getfixturevalue(template), path)
    return f"sqlite:///{path}"


def _asks_for_hood(request: pytest.FixtureRequest) -> bool:
    return not {"hood", "hood_on_both"}.isdisjoint(request.fixturenames)


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
    return neighbourhood_of(app)


@pytest.fixture
def hood_on_both(app_on_both: Flask) -> Neighbourhood:
    """The neighbourhood of the cast, on SQLite and on PostgreSQL."""
    return neighbourhood_of(app_on_both)


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


def _inhabit(url: str, folder: Path) -> None:
    _migrate(url, folder)
    app = create_app(config_for(url, folder))
    with clock.frozen(TUESDAY), app.app_context():
        move_in()
        db.engine.dispose()

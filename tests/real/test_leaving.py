"""Somebody leaves the real house, while another process reads; then every byte is searched.

Name, nickname, address, phone and purpose are in no file: not in the database, its log, the mail folder, the
list of who left, or what the server wrote. And putting yesterday's copy back brings nobody back.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import db, execute, let_go, unit_of_work
from tests.builders import PASSWORD
from tests.my_data.leaving import EMAIL, NAME, PHONE, PURPOSE, TRACES, found_in, move_in_everywhere
from tests.real.browser import wish
from tests.real.nest import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real.world import World

pytestmark = pytest.mark.slow


def a_copy_of(world: World, to: Path) -> Path:
    """A sound copy of the database while it is in use."""
    with closing(sqlite3.connect(world.data / "ontmoet.db")) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
    return to


def test_nothing_stays_of_who_leaves_and_no_old_copy_brings_them_back(
    sqlite_world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world, elsewhere = sqlite_world, tmp_path_factory.mktemp("backup")
    move_in_everywhere(world.hood)
    with world.hood.app.app_context():
        let_go()
        db.engine.dispose()
    counted = "select room_id, count(*), sum(people) from booking group by room_id"
    with serving(world.url, world.data) as server:
        browser = server.browser().sign_in(EMAIL, PASSWORD)
        booked = browser.post(
            "/r/de-linde/reserveren",
            wish("2026-11-27", "18:00", "20:00") | {"purpose": PURPOSE},
        )
        assert booked.status == 303, booked.text
        jobs = world.run_command("jobs", "due")
        assert jobs.exit_code == 0, jobs.output
        before = world.rows(counted)
        old = a_copy_of(world, elsewhere / "old.db")
        page = browser.get("/mijn/gegevens").text
        assert [said for said in (NAME, EMAIL, PHONE) if said not in page] == []
        assert {"ontmoet.db", "outbox/message-1.eml"} <= set(found_in(world.data, *TRACES))

        with closing(sqlite3.connect(world.data / "ontmoet.db", isolation_level=None)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from person").fetchone()
            gone = browser.post("/mijn/gegevens/verwijderen", {"sure": "y"})
            assert (gone.status, gone.location) == (303, "/inloggen")
            jobs = world.run_command("jobs", "due")
            assert jobs.exit_code == 1
            assert "nog sporen" in jobs.stdout
            assert world.run_command("check").exit_code == 1
            reader.execute("commit")
        assert world.run_command("jobs", "due").exit_code == 0
        assert world.run_command("check").stdout == "In orde.\n"
        assert found_in(world.data, *TRACES) == {}
        assert world.rows(counted) == before
        assert browser.get("/mijn").status == 302

    for leftover in world.data.glob("ontmoet.db-*"):
        leftover.unlink()
    shutil.copy(old, world.data / "ontmoet.db")
    assert world.number("select count(*) from person where name = :name", name=NAME) == 1
    with serving(world.url, world.data) as server:
        # Before the first answer they are gone again, and the files are empty.
        assert (
            server.browser_with_token().post("/inloggen", {"email": EMAIL, "password": PASSWORD}).status
            == 422
        )
        assert found_in(world.data, *TRACES) == {}


def test_search_would_find_what_was_left_behind(sqlite_world: World) -> None:
    """Calibrated: without overwriting what is deleted, and without emptying the log, the bytes are found."""
    world = sqlite_world
    move_in_everywhere(world.hood)
    with world.hood.app.app_context():
        execute(text("pragma secure_delete = 0"))
        with unit_of_work():
            execute(text("update person set name = '', email = null where name = :name"), name=NAME)
        let_go()
    assert "ontmoet.db-wal" in found_in(world.data, NAME, EMAIL)

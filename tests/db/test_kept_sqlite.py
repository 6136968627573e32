"""The file that stays from test to test is for each as if it were new, with all that was open to it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.kept import NAMES, KeptFile

CHANGE = "update corporation set name = 'Anders'"
NAME = "select name from corporation"
TABLES = "select name, sql from sqlite_master order by name"


@pytest.fixture
def kept(tmp_path: Path) -> KeptFile:
    """One of its own, as a process of tests has."""
    (tmp_path / "between").mkdir()
    return KeptFile(tmp_path / "between")


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Those of two tests."""
    found = [tmp_path / "one", tmp_path / "other"]
    for folder in found:
        folder.mkdir()
    return found


def to(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / NAMES[0], isolation_level=None, timeout=0)


def test_rows_are_put_back_for_who_has_it_open_and_for_others(
    kept: KeptFile, folders: list[Path], inhabited_sqlite: Path, migrated_sqlite: Path
) -> None:
    with kept.lent(folders[0], inhabited_sqlite):
        stays = to(folders[0])
        before, tables = (stays.execute(each).fetchall() for each in (NAME, TABLES))
        stays.execute(CHANGE)
    assert not any((folders[0] / name).exists() for name in NAMES)
    number = kept.number
    with kept.lent(folders[1], inhabited_sqlite), closing(to(folders[1])) as new:
        assert [each.execute(NAME).fetchall() for each in (stays, new)] == [before] * 2
        new.execute(CHANGE)
        assert stays.execute(NAME).fetchall() == [("Anders",)]
    with kept.lent(folders[0], migrated_sqlite):
        assert stays.execute(NAME).fetchall() == []
        assert stays.execute(TABLES).fetchall() == tables
    assert kept.number == number
    stays.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: to(folder).execute("drop trigger room_version"),
        lambda folder: to(folder).execute("create table another (at integer)"),
        lambda folder: (folder / NAMES[0]).unlink(),
        lambda folder: (folder / NAMES[1]).unlink(),
        lambda folder: Path(shutil.copy(folder / NAMES[0], folder / "x")).rename(folder / NAMES[0]),
    ],
    ids=["a guard", "a table", "no file", "no log", "another file"],
)
def test_where_more_than_rows_was_changed_the_next_is_another(
    change, kept: KeptFile, folders: list[Path], inhabited_sqlite: Path
) -> None:
    with closing(sqlite3.connect(inhabited_sqlite)) as template:
        expected = [template.execute(each).fetchall() for each in (NAME, TABLES)]
    with kept.lent(folders[0], inhabited_sqlite):
        number = kept.number
        change(folders[0])
    with kept.lent(folders[1], inhabited_sqlite), closing(to(folders[1])) as new:
        assert kept.number != number
        assert [new.execute(each).fetchall() for each in (NAME, TABLES)] == expected


def test_who_still_writes_does_not_hold_up_the_next(
    kept: KeptFile, folders: list[Path], inhabited_sqlite: Path
) -> None:
    with kept.lent(folders[0], inhabited_sqlite):
        forgotten = to(folders[0])
        forgotten.execute("begin immediate")
        forgotten.execute(CHANGE)
    with kept.lent(folders[1], inhabited_sqlite), closing(to(folders[1])) as new:
        assert new.execute(NAME).fetchall() != [("Anders",)]
        new.execute(CHANGE)
    forgotten.close()


def test_who_has_a_file_of_their_own_leaves_the_next_another(
    kept: KeptFile, folders: list[Path], inhabited_sqlite: Path
) -> None:
    numbers = []
    for folder in folders:
        with kept.lent(folder, inhabited_sqlite):
            numbers.append(kept.number)
        kept.give_way(folder, inhabited_sqlite)
        numbers.append(kept.number)
        with closing(to(folder)) as own:
            own.execute("pragma journal_mode = delete")
            own.execute(CHANGE)
    assert len({*numbers}) == len(numbers)

"""The list beside the database: on the disk at once, of one house, and proof against a broken line."""

from __future__ import annotations

import resource
import stat
from typing import TYPE_CHECKING

import pytest

from ontmoet.my_data.erased import Erasure, ErasureList
from tests.fixtures import TUESDAY

if TYPE_CHECKING:
    from pathlib import Path

NOOR, ALI = Erasure("n" * 10, TUESDAY), Erasure("a" * 10, TUESDAY)


def test_list_gives_back_what_was_added_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    erasures = ErasureList(path, "house")
    assert erasures.all() == []
    erasures.add(NOOR)
    erasures.add(ALI)
    assert erasures.all() == [NOOR, ALI]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_line_that_broke_off_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    erasures = ErasureList(path, "house")
    erasures.add(NOOR)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"house": "house", "pers')
    erasures.add(ALI)
    assert erasures.all() == [NOOR, ALI]


def test_line_that_does_not_fit_is_not_taken_for_written(tmp_path: Path) -> None:
    """As on a disk that is full: part of the line is written."""
    path = tmp_path / "erased.jsonl"
    erasures = ErasureList(path, "house")
    erasures.add(NOOR)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            erasures.add(ALI)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert erasures.all() == [NOOR]
    erasures.add(ALI)
    assert erasures.all() == [NOOR, ALI]


def test_list_of_another_house_says_nothing_about_this_one(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    ErasureList(path, "demo of yesterday").add(NOOR)
    assert ErasureList(path, "demo of today").all() == []

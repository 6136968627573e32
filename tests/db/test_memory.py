"""What a process remembers is bounded, and filling it does not make it start all over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.db import Memory, unit_of_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


class Shelf:
    """A memory of twenty, and what was read for it."""

    def __init__(self) -> None:
        self._memory: Memory[int, str] = Memory(most=20)
        self.read: list[int] = []

    def recall(self, key: int, version: int = 1) -> str:
        def value() -> str:
            self.read.append(key)
            return f"{key} under {version}"

        return self._memory.recall(key, version, value)


@pytest.fixture
def shelf(app: Flask) -> Iterator[Shelf]:
    """A full one, in a process with a database."""
    with app.app_context():
        full = Shelf()
        for key in range(20):
            full.recall(key)
        full.read.clear()
        yield full


def test_what_is_known_is_not_read_again_until_its_version_is_another(shelf: Shelf) -> None:
    assert [shelf.recall(3), shelf.recall(3, 2), shelf.recall(3, 2)] == ["3 under 1", *["3 under 2"] * 2]
    assert shelf.read == [3]


def test_only_what_was_read_longest_ago_makes_room(shelf: Shelf) -> None:
    shelf.recall(0, 2)
    shelf.recall(20)
    shelf.read.clear()
    for key in (*range(3, 21), 0):
        shelf.recall(key, 2 if key == 0 else 1)
    assert shelf.read == []
    shelf.recall(1)
    shelf.recall(2)
    assert shelf.read == [1, 2]


def test_it_never_holds_more_than_it_may(shelf: Shelf) -> None:
    for key in range(1000):
        shelf.recall(key)
    shelf.read.clear()
    for key in range(999, -1, -1):
        shelf.recall(key)
    assert 18 <= 1000 - len(shelf.read) <= 20


def test_what_is_read_while_writing_is_not_remembered(shelf: Shelf) -> None:
    with unit_of_work():
        shelf.recall(50)
    shelf.recall(50)
    assert shelf.read == [50, 50]

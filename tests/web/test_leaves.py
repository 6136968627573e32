"""A long list in leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.web.leaves import leaf_of

if TYPE_CHECKING:
    from flask import Flask

SEVEN = list("abcdefg")


@pytest.mark.parametrize(
    ("asked", "number", "items"),
    [
        ("1", 1, "abc"),
        ("2", 2, "def"),
        ("3", 3, "g"),
        ("4", 3, "g"),
        ("", 1, "abc"),
        ("0", 1, "abc"),
        ("-1", 1, "abc"),
        ("een", 1, "abc"),
        ("9" * 30, 1, "abc"),
    ],
)
def test_leaf_is_the_one_that_was_asked_for_as_far_as_there_is_one(
    asked: str, number: int, items: str
) -> None:
    leaf = leaf_of(SEVEN, asked, size=3)
    assert (leaf.number, leaf.last, "".join(leaf.items)) == (number, 3, items)


@pytest.mark.parametrize(("length", "last"), [(0, 1), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_leaves_are_as_many_as_are_needed(length: int, last: int) -> None:
    leaf = leaf_of(SEVEN[:length], "1", size=3)
    assert (leaf.last, leaf.is_all) == (last, last == 1)


def test_way_back_and_on_is_where_there_is_one(app: Flask) -> None:
    with app.test_request_context():
        first, middle, last = (leaf_of(SEVEN, asked, size=3) for asked in "123")
        assert (first.before(), first.after("?pagina=%s#lijst")) == (None, ("?pagina=2#lijst", "Volgende"))
        assert (middle.before(), middle.after()) == (("1", "Vorige"), ("3", "Volgende"))
        assert (last.before(), last.after()) == (("2", "Vorige"), None)
        assert middle.title == "Pagina 2 van 3"

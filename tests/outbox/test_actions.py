"""Posting: with its cause or not at all, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.outbox.actions import post
from tests.conftest import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

KEY = "hello:7:1"


def _post(kind: str = "hello", *, person_id: int = 3) -> None:
    later = TUESDAY + timedelta(hours=1)
    post(kind, person_id=person_id, object_id=7, dedupe_key=KEY, due_at=later, now=TUESDAY)


def _people_told(app: Flask) -> list[int]:
    return [row.person_id for row in rows(app, "select person_id from message order by id")]


def test_posted_message_waits(app_on_both: Flask) -> None:
    with app_on_both.app_context(), unit_of_work():
        _post()
    (row,) = rows(app_on_both, "select * from message")
    assert (row.kind, row.person_id, row.object_id, row.dedupe_key) == ("hello", 3, 7, KEY)
    assert (row.status, row.attempts) == ("waiting", 0)
    assert row.due_at != row.made_at


def test_same_key_again_changes_nothing(app_on_both: Flask) -> None:
    with app_on_both.app_context():
        with unit_of_work():
            _post()
            _post(person_id=4)
        with unit_of_work():
            _post(person_id=5)
    assert _people_told(app_on_both) == [3]


def test_same_key_from_many_at_once_is_one_message(app_on_both: Flask) -> None:
    def one(person_id: int) -> None:
        with app_on_both.app_context(), unit_of_work():
            _post(person_id=person_id)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    assert len(_people_told(app_on_both)) == 1


def test_message_goes_down_with_its_cause(app_on_both: Flask) -> None:
    def fail_half_way() -> None:
        with app_on_both.app_context(), unit_of_work():
            _post()
            raise RuntimeError("the cause failed")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert _people_told(app_on_both) == []

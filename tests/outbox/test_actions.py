"""Posting: with its cause or not at all, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from ontmoet.db import current_connection, execute, unit_of_work
from ontmoet.outbox.actions import MOST_FORGOTTEN, Notice, forget_old_messages, post, post_all
from ontmoet.outbox.models import Message, MessageStatus
from ontmoet.outbox.queries import count_old_messages
from tests.fixtures import TUESDAY
from tests.watching import rows, statements

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

KEY = "hello:7:1"


def _post(kind: str = "hello", *, person_id: int = 3) -> None:
    later = TUESDAY + timedelta(hours=1)
    post(kind, person_id=person_id, object_id=7, dedupe_key=KEY, due_at=later, now=TUESDAY, room_id=None)


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


def test_several_are_one_statement_and_what_was_posted_stays(app_on_both: Flask) -> None:
    notices = [Notice("hello", who, 7, f"hello:7:{who}", TUESDAY, TUESDAY, None) for who in (4, 3, 5)]
    with app_on_both.app_context(), unit_of_work():
        post_all(notices[1:2])
    with statements(app_on_both) as seen, app_on_both.app_context(), unit_of_work():
        post_all([])
        post_all(notices)
    assert (_people_told(app_on_both), len(seen)) == ([3, 4, 5], 1)


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


def _message(number: int, status: str, due_at: datetime) -> dict[str, object]:
    return {
        "dedupe_key": f"hello:{number}:1",
        "kind": "hello",
        "person_id": 3,
        "object_id": number,
        "made_at": TUESDAY - timedelta(days=400),
        "due_at": due_at,
        "status": status,
        "attempts": 1,
    }


def test_only_what_was_done_long_ago_is_forgotten(app_on_both: Flask) -> None:
    border = TUESDAY - timedelta(days=90)
    old = border - timedelta(seconds=1)
    messages = [
        _message(number, status, due_at)
        for number, (status, due_at) in enumerate(product(MessageStatus, (border, old)))
    ]
    with app_on_both.app_context():
        with unit_of_work():
            execute(insert(Message.__table__).values(messages))
            assert [count_old_messages(border), forget_old_messages(border)] == [4, 4]
        with unit_of_work():
            assert [count_old_messages(border), forget_old_messages(border)] == [0, 0]
    left = rows(app_on_both, "select status from message order by id")
    assert [status for (status,) in left] == [
        "waiting",
        "waiting",
        "sent",
        "by_hand",
        "told",
        "told",
        "not_needed",
        "failed",
    ]


def test_messages_are_forgotten_some_at_a_time(app_on_both: Flask) -> None:
    long_ago = TUESDAY - timedelta(days=200)
    messages = [_message(number, MessageStatus.SENT, long_ago) for number in range(MOST_FORGOTTEN + 2)]
    with app_on_both.app_context():
        with unit_of_work():
            current_connection().execute(insert(Message.__table__), messages)
        for forgotten in (MOST_FORGOTTEN, 2, 0):
            with unit_of_work():
                assert forget_old_messages(TUESDAY) == forgotten

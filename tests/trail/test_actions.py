"""The trail: one row per change, one answer per form, every try counted."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.correlation import request_id
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.trail.actions import (
    FormPost,
    FormReused,
    count_try,
    earlier_answer,
    earlier_or_refused,
    forget_old_answers,
    forget_old_tries,
    record,
    record_all,
    remember_answer,
    take_back_try,
)
from ontmoet.trail.models import Installation, InstallationKind
from ontmoet.trail.queries import count_old_answers, count_old_tries, installation_kind
from tests.samples import NOW, span
from tests.watching import row_counts, rows, statements

if TYPE_CHECKING:
    from flask import Flask

QUARTER = timedelta(minutes=15)
POST = FormPost(
    7,
    "/r/de-linde/reserveren",
    "a" * 16,
    {"day": "2026-11-25", "slot": span("2026-11-25 14:00", "2026-11-25 15:00")},
)


def answers(app: Flask, *posts: FormPost) -> list[str | None]:
    with app.app_context():
        return [earlier_answer(post) for post in posts]


def remember(app: Flask, post: FormPost, location: str = "/reserveringen/x", now: datetime = NOW) -> None:
    with app.app_context(), unit_of_work():
        remember_answer(post, location, now=now)


def other(**changed: object) -> FormPost:
    values = {"actor_id": 7, "route": POST.route, "key": POST.key, "fields": POST.fields, **changed}
    return FormPost(**values)


def test_record_writes_who_what_where_and_which_request(app_on_both: Flask) -> None:
    app = app_on_both
    token = request_id.set("verzoek-1")
    with app.app_context(), unit_of_work():
        record(
            "key_given",
            object_kind="key",
            object_id=3,
            now=NOW,
            actor_id=7,
            room_id=2,
            on_behalf_of_id=8,
            changes={"é": NOW, "aantal": 2},
        )
    request_id.reset(token)
    columns = "at, actor_id, on_behalf_of_id, request_id, action, object_kind, object_id, room_id, changes"
    (row,) = rows(app, f"select {columns} from audit")  # noqa: S608
    assert tuple(row)[1:8] == (7, 8, "verzoek-1", "key_given", "key", 3, 2)
    assert row.at in (NOW, int(NOW.timestamp()))
    assert json.loads(row.changes) == {"aantal": 2, "é": "2026-11-24 13:05:00+00:00"}


def test_actor_does_nothing_on_behalf_of_themselves(app_on_both: Flask) -> None:
    with app_on_both.app_context(), unit_of_work():
        for actor_id, whose in ((7, 7), (7, 8), (7, None), (None, 7)):
            record(
                "key_given", object_kind="key", object_id=3, now=NOW, actor_id=actor_id, on_behalf_of_id=whose
            )
    found = rows(app_on_both, "select actor_id, on_behalf_of_id from audit order by id")
    assert [tuple(row) for row in found] == [(7, None), (7, 8), (7, None), (None, 7)]


def test_record_of_many_is_one_statement_with_a_row_for_each_and_whose_it_is(app_on_both: Flask) -> None:
    with statements(app_on_both) as run, app_on_both.app_context(), unit_of_work():
        record_all("left", object_kind="key", object_ids=[], now=NOW, actor_id=7)
        record_all(
            "left",
            object_kind="key",
            object_ids=[5, 3, 4, 6],
            now=NOW,
            actor_id=7,
            on_behalf_of={3: 7, 4: 8, 5: None},
        )
    found = rows(app_on_both, "select object_id, actor_id, on_behalf_of_id from audit order by id")
    assert [tuple(row) for row in found] == [(5, 7, None), (3, 7, None), (4, 7, 8), (6, 7, None)]
    assert len(run) == 1


def test_answer_is_kept_per_person_route_and_key(app_on_both: Flask) -> None:
    app = app_on_both
    assert answers(app, POST) == [None]
    remember(app, POST)
    found = answers(app, POST, other(actor_id=8), other(route="/elders"), other(key="b" * 16))
    assert found == ["/reserveringen/x", None, None, None]
    with app.app_context(), pytest.raises(FormReused):
        earlier_answer(other(fields={"day": "2026-11-26"}))


class Why(StrEnum):
    FORM_REUSED = "form_reused"


def test_key_of_another_form_is_refused_with_the_reason_of_who_asks(app_on_both: Flask) -> None:
    remember(app_on_both, POST)
    with app_on_both.app_context():
        assert earlier_or_refused(POST, Why.FORM_REUSED) == "/reserveringen/x"
        assert earlier_or_refused(other(key="b" * 16), Why.FORM_REUSED) is None
        with pytest.raises(Refused) as refused:
            earlier_or_refused(other(fields={"day": "2026-11-26"}), Why.FORM_REUSED)
    assert refused.value.objections == (Objection(Why.FORM_REUSED),)


def test_digest_depends_on_fields_and_not_on_their_order() -> None:
    one = other(fields={"a": 1, "b": 2})
    assert one.digest == other(fields={"b": 2, "a": 1}).digest
    assert len({one.digest, other(fields={"a": 1}).digest, other(fields={"a": 2, "b": 1}).digest}) == 3


def test_answers_and_tries_are_forgotten_when_nobody_asks_any_more(app_on_both: Flask) -> None:
    app = app_on_both
    remember(app, POST, now=NOW - timedelta(days=7, seconds=1))
    remember(app, other(key="b" * 16), now=NOW - timedelta(days=7))
    with app.app_context(), unit_of_work():
        count_try("x", window=QUARTER, now=NOW - timedelta(days=1, minutes=30))
        count_try("x", window=QUARTER, now=NOW)
        week_ago, day_ago = NOW - timedelta(days=7), NOW - timedelta(days=1)
        assert [count_old_answers(week_ago), forget_old_answers(week_ago), count_old_answers(week_ago)] == [
            1,
            1,
            0,
        ]
        assert [count_old_tries(day_ago), forget_old_tries(day_ago), count_old_tries(day_ago)] == [1, 1, 0]
    assert row_counts(app, "idempotency", "throttle") == {"idempotency": 1, "throttle": 1}


def test_tries_count_up_per_bucket_and_window(app_on_both: Flask) -> None:
    app = app_on_both
    quarter = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    with app.app_context(), unit_of_work():
        found = [
            count_try(bucket, window=QUARTER, now=now)
            for bucket, now in (
                ("a", quarter),
                ("a", quarter + QUARTER - timedelta(seconds=1)),
                ("b", quarter),
                ("a", quarter + QUARTER),
                ("a", quarter),
            )
        ]
    assert found == [1, 2, 1, 1, 3]


def test_try_taken_back_never_goes_below_nothing(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        count_try("a", window=QUARTER, now=NOW)
        for _ in range(3):
            take_back_try("a", window=QUARTER, now=NOW)
        take_back_try("onbekend", window=QUARTER, now=NOW)
        assert count_try("a", window=QUARTER, now=NOW) == 1
    assert row_counts(app, "throttle") == {"throttle": 1}


def test_many_at_once_are_each_counted(app_on_both: Flask) -> None:
    app = app_on_both
    found = []

    def attempt() -> None:
        with app.app_context(), unit_of_work():
            found.append(count_try("a", window=QUARTER, now=NOW))

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 9))


def test_installation_says_what_it_is_once_it_is_filled(app: Flask) -> None:
    with app.app_context():
        assert installation_kind() is None
        with unit_of_work():
            execute(Installation.__table__.insert(), id=1, kind="demo", made_at=NOW)
        assert installation_kind() is InstallationKind.DEMO


def test_list_that_does_not_fit_is_told_by_its_number(app: Flask) -> None:
    days = [NOW.date() + timedelta(days=number) for number in range(300)]
    with app.app_context(), unit_of_work():
        for changes in ({"booked": days, "struck": days[:3]}, {"booked": days[:100], "struck": days[:90]}):
            record("made", object_kind="series", object_id=1, actor_id=None, now=NOW, changes=changes)
    first, second = (json.loads(row.changes) for row in rows(app, "select changes from audit order by id"))
    assert first == {"booked": {"number": 300}, "struck": [str(day) for day in days[:3]]}
    assert (second["booked"], len(second["struck"])) == ({"number": 100}, 90)

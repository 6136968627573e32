"""What the demo shows of bookings that are behind us: believable, and within the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.use_queries import bookings_without_trace, closings_of
from ontmoet.bookings.use_rules import TIME_TO_ANSWER, TIME_TO_CLOSE
from ontmoet.kernel import clock
from ontmoet.rooms.queries import room_by_slug
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

TRACES = (
    "select t.kind, t.at, t.was_there, b.starts_at, b.ends_at, b.status, b.use_kind, b.id, r.key_plan,"
    " l.id as list from use_trace t join booking b on b.id = t.booking_id join room r on r.id = b.room_id"
    " left join closing_list l on l.use_trace_id = t.id"
)


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[Flask]:
    with clock.frozen(TUESDAY):
        yield demo_app


def test_every_trace_is_of_its_time_and_of_what_went_on(demo: Flask) -> None:
    now = int(TUESDAY.timestamp())
    found = rows(demo, TRACES)
    assert len(found) > 9_000
    for row in found:
        assert row.status == "confirmed"
        assert row.at <= now
        assert (row.list is not None) == (row.kind == "closing")
        match row.kind:
            case "check_in":
                assert row.starts_at - 30 * 60 <= row.at < row.ends_at
            case "closing":
                assert row.starts_at <= row.at < row.ends_at + TIME_TO_CLOSE.total_seconds()
            case "key":
                assert row.starts_at - 60 * 60 <= row.at < row.starts_at
                assert row.key_plan in {"handed_out", "code_box"}
            case "headcount":
                assert row.ends_at <= row.at
            case _:
                assert row.kind == "answer"
                assert row.ends_at <= row.at < row.ends_at + TIME_TO_ANSWER.total_seconds()
                assert (row.key_plan, row.use_kind) in {("handed_out", "own"), ("code_box", "own")}


def test_nobody_who_left_a_trace_has_an_answer_and_answers_differ(demo: Flask) -> None:
    kinds = rows(demo, "select booking_id from use_trace group by booking_id having count(*) > 1")
    answers = rows(demo, "select booking_id, was_there from use_trace where kind = 'answer'")
    assert not {row.booking_id for row in kinds} & {row.booking_id for row in answers}
    assert {bool(row.was_there) for row in answers} == {True, False}


def test_room_with_two_tired_volunteers_is_closed_less_faithfully(demo: Flask) -> None:
    with demo.app_context():
        counted = {}
        for slug in ("de-linde", "het-plein"):
            room = room_by_slug(slug)
            assert room is not None
            counted[slug] = closings_of(room.room_id, now=TUESDAY)
    missing = {slug: closings.missing / closings.used for slug, closings in counted.items()}
    assert 0.05 < missing["de-linde"] < 0.4 < missing["het-plein"] < 0.9


def test_first_day_of_the_demo_asks_only_a_few(demo: Flask) -> None:
    with demo.app_context():
        asked = [len(bookings_without_trace(TUESDAY - timedelta(days=days))) for days in range(28)]
    assert max(asked) <= 6

"""The figures of the demo: believable, of days that are over, and different from room to room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

WEEKLY = (
    "select sum(a.people) from attendance a join room r on r.id = a.room_id"
    " where r.slug = :slug and a.day >= :since and a.day < :until"
)


def test_figures_are_of_days_that_are_over_and_fit_in_the_room(demo_app: Flask) -> None:
    found = rows(
        demo_app,
        "select a.*, r.capacity, b.starts_at, b.ends_at, b.status,"
        " (select count(*) from use_trace t where t.booking_id = b.id and t.kind = 'headcount') as traces"
        " from attendance a join room r on r.id = a.room_id left join booking b on b.id = a.booking_id",
    )
    assert len(found) > 1_000
    assert {row.kind for row in found} == {"booking", "walk_in"}
    for row in found:
        assert row.day < "2026-11-24"
        assert row.entered_at <= int(TUESDAY.timestamp())
        assert row.people <= row.capacity * 3
        if row.kind == "booking":
            assert row.status == "confirmed"
            assert row.ends_at <= row.entered_at
            assert row.traces == min(row.people, 1)


def test_room_that_is_loved_stays_so_and_one_that_is_left_empties(demo_app: Flask) -> None:
    def sums(slug: str) -> tuple[int, int]:
        spans = (("2026-06-01", "2026-07-01"), ("2026-10-24", "2026-11-24"))
        first, last = (
            rows(demo_app, WEEKLY, slug=slug, since=since, until=until)[0][0] for since, until in spans
        )
        return first, last

    then, now = sums("de-linde")
    assert now > then * 0.75
    then, now = sums("de-ark")
    assert now < then * 0.75

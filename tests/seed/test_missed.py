"""The wishes of the demo that fell outside opening hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.arranging.hours_wording import missed_lines
from ontmoet.bookings.missed import Missed
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask


def test_demo_tells_of_friday_evening(demo_app: Flask) -> None:
    with demo_app.test_request_context():
        found = rows(demo_app, "select weekday, hour, times from missed_hour order by id")
        assert missed_lines([Missed(*row) for row in found]) == [
            "8 keer wilde iemand buiten de openingstijden, meestal vrijdagavond.",
            "Vrijdagavond: 6",
        ]

"""The wishes of the demo that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.arranging.hours_wording import missed_lines
from ontmoet.bookings.missed import Missed
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask


def test_demo_tells_of_friday_evening_and_of_tuesday(demo_app: Flask) -> None:
    with demo_app.test_request_context():
        found = rows(demo_app, "select weekday, hour, times, was_taken from missed_hour order by id")
        missed = [Missed(*row) for row in found]
        assert missed_lines(missed) == [
            "8 keer wilde iemand komen buiten de openingstijden, meestal vrijdagavond.",
            "Vrijdagavond: 6",
        ]
        assert missed_lines(missed, was_taken=True) == [
            "7 keer wilde iemand komen toen het bezet was, meestal dinsdagavond.",
            "Dinsdagavond: 7",
        ]

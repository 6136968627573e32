"""What is forgotten about people, and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.membership.retention import RETENTIONS
from tests.watching import row_counts

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

TODAY = date(2026, 11, 24)
BY_NAME = {row.name: row for row in RETENTIONS}


def forget(hood: Neighbourhood, name: str) -> tuple[int, int]:
    """How many were counted, and how many forgotten."""
    row = BY_NAME[name]
    before = clock.now() - row.term
    with hood.app.app_context():
        counted = row.count(before)
        with unit_of_work():
            return counted, row.forget(before)


def leave(hood: Neighbourhood, name: str, *, days_ago: int) -> None:
    until = (TODAY - timedelta(days=days_ago)).isoformat()
    with hood.app.app_context(), unit_of_work():
        for table in ("residency", "role"):
            execute(
                text(f"update {table} set since = '2020-01-01', until = '{until}' where person_id = :it"),  # noqa: S608
                it=hood.people[name],
            )


def test_old_functions_and_homes_go_after_two_years(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    before = row_counts(hood.app, "role", "residency")
    leave(hood, "bram", days_ago=729)
    assert forget(hood, "forget_functions") == forget(hood, "forget_residencies") == (0, 0)
    leave(hood, "bram", days_ago=731)
    assert forget(hood, "forget_functions") == forget(hood, "forget_residencies") == (1, 1)
    after = row_counts(hood.app, "role", "residency")
    assert after == {table: count - 1 for table, count in before.items()}
    assert forget(hood, "forget_admissions") == (0, 0)

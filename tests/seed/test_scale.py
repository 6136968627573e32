"""The installation for measuring: as large as was asked, even, and with the people of the demo."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ontmoet.bookings.models import Booking
from ontmoet.db import Base, execute
from ontmoet.kernel.walltime import day_of
from ontmoet.people.personas import PERSONAS
from ontmoet.people.queries import credentials_of
from ontmoet.portal.checking import faults
from ontmoet.rooms.queries import live_rooms
from ontmoet.seed.scale import fill_scale
from ontmoet.seed.writing import CannotFill
from tests.fixtures import TUESDAY
from tests.watching import row_counts

if TYPE_CHECKING:
    from flask import Flask

_booking = Booking.__table__


def per_room() -> dict[int, int]:
    counted = select(_booking.c.room_id, func.count()).group_by(_booking.c.room_id)
    return {room_id: number for room_id, number in execute(counted)}


def test_scale_spreads_what_was_asked_over_rooms_and_time(app_on_both: Flask) -> None:
    with app_on_both.app_context():
        said = fill_scale(rooms=9, bookings=3_000, years=1, now=TUESDAY)
        assert said == "Gevuld: 9 ruimtes, 2000 mensen, 3.000 reserveringen."
        assert faults() == []
        slugs = {room.slug for room in live_rooms(TUESDAY)}
        assert len(slugs) == 9
        assert {"de-linde", "t-hoekje", "de-ark", "ruimte-1", "ruimte-2", "ruimte-3"} <= slugs
        assert sorted(per_room().values()) == [333] * 6 + [334] * 3
        days = [day_of(starts) for (starts,) in execute(select(_booking.c.starts_at))]
        today = day_of(TUESDAY)
        assert today - timedelta(days=366) < min(days) < today - timedelta(days=350)
        assert today + timedelta(days=50) < max(days) < today + timedelta(days=57)
        quarters = Counter((today - day).days // 91 for day in days if day < today)
        assert all(550 < quarters[quarter] < 800 for quarter in range(4))
        assert execute(select(func.count()).select_from(Base.metadata.tables["person"])).scalar() == 2_000
        assert all(credentials_of(persona.email) for persona in PERSONAS)


@pytest.mark.parametrize(
    ("bookings", "shortest"),
    [(1_000, 120), (4_500, 120), (10_000, 60)],
    ids=["each its own time", "zone by zone", "as short as it must be"],
)
def test_dense_room_gets_shorter_bookings_and_no_overlap(app: Flask, bookings: int, shortest: int) -> None:
    with app.app_context():
        fill_scale(rooms=1, bookings=bookings, years=1, now=TUESDAY)
        assert faults() == []
        assert per_room() == {1: bookings}
        times = execute(select(_booking.c.starts_at, _booking.c.ends_at))
        assert {ends - starts for starts, ends in times} == {timedelta(minutes=shortest)}


def test_scale_refuses_more_than_fits_and_leaves_nothing_behind(app: Flask) -> None:
    before = row_counts(app, *Base.metadata.tables)
    with app.app_context(), pytest.raises(CannotFill, match="passen er niet in"):
        fill_scale(rooms=1, bookings=2_000_000, years=1, now=TUESDAY)
    assert row_counts(app, *Base.metadata.tables) == before


def test_scale_refuses_a_database_that_is_filled(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = app.test_cli_runner()
    asked = ["seed", "scale", "--rooms", "6", "--bookings", "60", "--years", "1"]
    first = runner.invoke(args=asked)
    assert (first.exit_code, first.stdout) == (
        0,
        "Gevuld: 6 ruimtes, 2000 mensen, 60 reserveringen.\n",
    )
    before = row_counts(app, *Base.metadata.tables)
    # It asks before it thinks up anything.
    monkeypatch.delattr("ontmoet.seed.scale.settle")
    second = runner.invoke(args=asked)
    assert (second.exit_code, second.stdout) == (1, "")
    assert second.stderr.startswith("Deze database is al van Woonstichting De Brink.")
    assert row_counts(app, *Base.metadata.tables) == before

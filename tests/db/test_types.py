"""Column types mean the same on both products."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from ontmoet.db import db, execute, unit_of_work
from ontmoet.people.models import Residency, Role
from ontmoet.rooms.models import OpeningException, Room
from tests import builders as make
from tests.watching import rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

INSTANT = datetime(2026, 10, 25, 0, 30, 15, tzinfo=UTC)


def test_instants_days_and_flags_come_back_as_they_went_in(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    amsterdam = INSTANT.astimezone(timezone(timedelta(hours=2)))
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=date(2026, 12, 25))
        with unit_of_work():
            execute(Room.__table__.update().values(live_at=amsterdam, closed_at=None))
        live, closed = execute(select(Room.__table__.c.live_at, Room.__table__.c.closed_at)).first()
        day, opens = execute(
            select(OpeningException.__table__.c.day, OpeningException.__table__.c.opens)
        ).one()
        flags = set(execute(select(Role.__table__.c.is_contact)).scalars())
    assert (live, live.tzinfo, closed) == (INSTANT, UTC, None)
    assert (day, type(day), opens) == (date(2026, 12, 25), date, None)
    assert sorted(flags, key=str) == [False, True]
    assert {type(flag) for flag in flags} == {bool}


def test_naive_instant_is_refused(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    naive = INSTANT.replace(tzinfo=None)
    with hood.app.app_context(), pytest.raises(StatementError, match="stored with its zone"), unit_of_work():
        execute(Room.__table__.update().values(live_at=naive))


NONSENSE = (
    "update room set typology = 'villa'",
    "update room set door = 'x'",
    "update room set capacity = 0",
    "update room set longest_minutes = 1441",
    f"update room set welcome = '{'x' * 201}'",  # noqa: S608
    f"update person set name = '{'x' * 81}'",  # noqa: S608
    "update role set function = 'boss'",
    "update residency set home_id = 999999",
    "insert into corporation (id, name, phone) values (2, 'x', 'y')",
    "update person set email = 'noor@proef.example'",
)


def test_database_itself_refuses_nonsense(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    for statement in NONSENSE:
        with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
            execute(text(statement))


def test_sqlite_keeps_numbers_and_texts_apart(hood: Neighbourhood) -> None:
    with hood.app.app_context(), pytest.raises(IntegrityError, match="cannot store TEXT"), unit_of_work():
        execute(text("update room set capacity = 'veel'"))


def test_every_table_of_sqlite_is_strict(hood: Neighbourhood) -> None:
    listed = rows(hood.app, "select name, strict from pragma_table_list where schema = 'main'")
    ours = {row.name: row.strict for row in listed if not row.name.startswith(("sqlite_", "alembic_"))}
    assert set(ours) == {table.name for table in db.metadata.sorted_tables}
    assert set(ours.values()) == {1}


def test_second_residency_in_the_same_home_is_refused_while_the_first_runs(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    noor = {"person_id": hood.people["noor"], "home_id": 1}
    with hood.app.app_context():
        with pytest.raises(IntegrityError):
            make.make_residency(**noor)
        with unit_of_work():
            execute(Residency.__table__.update().values(until=date(2026, 11, 24)))
        make.make_residency(**noor)

"""The database that stays from test to test is for each as if it were new."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests import databases
from tests.fixtures import _inhabit

pytestmark = pytest.mark.postgres

ADD = "insert into complex (public_id, name) values ('abcdefghjk', 'Nieuw') returning id"
GUARDED = """
insert into audit (at, action, object_kind, changes) values (now(), 'booking_made', 'booking', '')
returning id
"""
NAMES = "select name from corporation union all select name from complex order by name"
GUARDS = """
select md5(string_agg(pg_get_triggerdef(oid), '')) from pg_trigger
union all select md5(string_agg(prosrc, '')) from pg_proc where pronamespace = 'public'::regnamespace
union all select count(*)::text from pg_attrdef
"""


def after(*statements: str) -> list[object]:
    """What each statement gives in a database that was put back, where it is committed."""
    with databases.kept_postgresql(_inhabit) as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            return [connection.execute(text(each)).scalars().all() for each in statements]


def test_rows_and_numbers_are_put_back_whatever_guards_them() -> None:
    before = after(NAMES, ADD)
    after("update corporation set name = 'Anders' returning id", GUARDED)
    assert after(NAMES, ADD) == before
    assert after("select count(*) from audit where action = 'booking_made'") == [[0]]


@pytest.mark.parametrize(
    "change",
    [
        "drop trigger room_version on room",
        "create or replace function room_version() returns trigger language plpgsql as 'begin end'",
        "alter table missed_hour rename to not_there",
        "alter table missed_hour alter column times set default 7",
    ],
)
def test_where_a_guard_or_table_was_changed_the_next_is_another(change: str) -> None:
    before = after(NAMES, GUARDS)
    with databases.kept_postgresql(_inhabit) as url, create_engine(url, poolclass=NullPool).begin() as inside:
        inside.execute(text(change))
    assert after(NAMES, GUARDS) == before


def test_who_still_holds_a_table_does_not_hold_up_the_next() -> None:
    before = after(NAMES)
    with databases.kept_postgresql(_inhabit) as url:
        forgotten = create_engine(url, poolclass=NullPool).connect()
        forgotten.execute(text("update complex set name = 'Vergeten'"))
    assert after(NAMES) == before
    forgotten.invalidate()

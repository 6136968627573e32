"""A neighbourhood with many residents in a database, and looking into that database from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from click.testing import Result
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.pool import NullPool

from ontmoet.db import db, execute, let_go, unit_of_work
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.people.models import Person
from ontmoet.people.passwords import hash_password
from ontmoet.rooms.models import Room
from ontmoet.trail.models import Installation
from tests import builders as make
from tests.cast import Neighbourhood, move_in, neighbourhood_of
from tests.fixtures import TUESDAY, config_for


@dataclass
class World:
    """A filled database on its own, without an app that runs."""

    url: str
    data: Path
    hood: Neighbourhood
    residents: list[str]
    """E-mail addresses of residents of De Linde, each of a home of their own."""
    audited_before: int = 0
    """The last audit row of an earlier test; they cannot be deleted."""

    @cached_property
    def _outside(self) -> Engine:
        """A way into the database that keeps no connection."""
        return create_engine(self.url, poolclass=NullPool)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Ask the database itself, in a connection of its own."""
        with self._outside.connect() as connection:
            return list(connection.execute(text(statement), values))

    def number(self, statement: str, **values: Any) -> int:
        """The one number a statement gives."""
        found: int = self.rows(statement, **values)[0][0]
        return found

    def run(self, statement: str, **values: Any) -> None:
        """Change the database from outside."""
        with self._outside.begin() as connection:
            connection.execute(text(statement), values)

    def empty(self) -> None:
        """Take away what a test made, so that the next can use the same world."""
        with self._outside.begin() as connection:
            for table in (
                "custody",
                "key_copy",
                "key",
                "occupancy",
                "booking",
                "idempotency",
                "throttle",
                "use_rule",
                "invitation_use",
                "invitation",
            ):
                connection.execute(text(f"delete from {table}"))  # noqa: S608 - our own tables
        self.audited_before = self.number("select coalesce(max(id), 0) from audit")

    def limit_fair_use(self, quota: int) -> None:
        """Let a home book De Linde so often in a month."""
        self.run(
            "insert into use_rule (room_id, kind, needs_approval, quota, quota_from) "
            "values (:room, 'own', :approval, :quota, 0)",
            room=self.hood.linde,
            approval=0 if self.url.startswith("sqlite") else False,
            quota=quota,
        )

    def assert_nothing_is_half(self) -> None:
        """Each standing booking holds its room, is in the audit and has its form's key; and the reverse."""
        assert self.number(HELD_WITHOUT_ROOM) == 0, "bookings without occupancy"
        assert self.number("select count(*) from occupancy where booking_id is null") == 0
        made = self.number("select count(*) from booking")
        audited = "select count(*) from audit where action = 'booking_made' and id > :before"
        assert self.number(audited, before=self.audited_before) == made
        assert self.number("select count(*) from idempotency where route like '/r/%'") == made
        assert self.number(OVERLAPS) == 0, "overlapping occupancies"
        if self.url.startswith("sqlite"):
            assert self.rows("pragma integrity_check") == [("ok",)]
            assert self.rows("pragma foreign_key_check") == []

    def run_command(self, *words: str) -> Result:
        """A command of the house, in this process: another than the server's. Some minutes after `NOW`,
        for the clock of the server runs on.
        """
        with clock.frozen(TUESDAY + timedelta(minutes=10)):
            done = self.hood.app.test_cli_runner().invoke(args=words)
        # As a process that ends lets go of its files.
        with self.hood.app.app_context():
            db.engine.dispose()
        return done

    def assert_check_is_clean(self) -> None:
        """What `flask check` says of it."""
        done = self.run_command("check")
        assert done.exit_code == 0, done.output


HELD_WITHOUT_ROOM = """
select count(*) from booking where status in ('confirmed', 'requested')
and not exists (select 1 from occupancy where occupancy.booking_id = booking.id)
"""
OVERLAPS = """
select count(*) from occupancy a join occupancy b
on a.zone_id = b.zone_id and a.id < b.id and a.held_from < b.held_until and b.held_from < a.held_until
"""


@contextmanager
def opened(url: str, data: Path, *, residents: int = 8) -> Iterator[World]:
    """Fill an empty migrated database."""
    app = create_app(config_for(url, data))
    try:
        with app.app_context():
            move_in()
            _declare_demo()
            hood = neighbourhood_of(app)
            emails = _residents(hood, residents)
            let_go()
        yield World(url, data, hood, emails)
    finally:
        with app.app_context():
            let_go()
            db.engine.dispose()


def _declare_demo() -> None:
    """Only a demo may have its clock set."""
    if execute(select(Installation.__table__.c.id)).first() is None:
        with unit_of_work():
            execute(insert(Installation.__table__), id=1, kind="demo", made_at=clock.now())


def _residents(hood: Neighbourhood, number: int) -> list[str]:
    room = Room.__table__
    complex_id = execute(select(room.c.complex_id).where(room.c.id == hood.linde)).scalar_one()
    password_hash = hash_password(make.PASSWORD)
    emails = []
    for n in range(number):
        email = f"resident{n}@proef.example"
        home_id = make.make_home(complex_id=complex_id, address_name=f"linde-1{n:02d}")
        with unit_of_work():
            person_id = execute(
                insert(Person.__table__).returning(Person.__table__.c.id),
                name=f"Bewoner {n}",
                email=email,
                password_hash=password_hash,
            ).scalar_one()
        make.make_residency(person_id=person_id, home_id=home_id)
        emails.append(email)
    return emails

"""Reading people: who is the contact of a room."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import db
from ontmoet.kernel.actor import Function
from ontmoet.people.queries import contact_of
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.watching import statements

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


TODAY = date(2026, 11, 24)


def contact(hood: Neighbourhood, day: date = TODAY) -> str | None:
    with hood.app.app_context():
        return contact_of(room_by_id(hood.linde), today=day)


def change(hood: Neighbourhood, statement: str) -> None:
    with hood.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_contact_is_remembered_and_a_change_is_seen_at_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    assert contact(hood) == "Sanne de Proef"
    with statements(hood.app) as seen:
        assert contact(hood) == "Sanne de Proef"
    assert len(seen) == 1
    change(hood, "update person set name = 'Sanne Anders' where name = 'Sanne de Proef'")
    assert contact(hood) == "Sanne Anders"
    change(hood, "update role set until = '2026-11-01' where is_contact")
    assert contact(hood) is None


def test_contact_who_stops_on_a_later_day_stands_there_until_then(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    change(hood, "update role set until = '2026-11-27' where is_contact")
    days = [date(2026, 11, day) for day in (24, 26, 27)]
    assert [contact(hood, day) for day in days] == ["Sanne de Proef", "Sanne de Proef", None]
    with hood.app.app_context():
        make.make_role(
            person_id=hood.people["mo"],
            function=Function.STAFF,
            room_id=hood.linde,
            is_contact=True,
            since=date(2026, 11, 26),
        )
    assert [contact(hood, day) for day in days] == ["Sanne de Proef", "Mo de Proef", "Mo de Proef"]


def test_room_without_a_contact_has_none(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        assert contact_of(room_by_id(hood.plein), today=TODAY) is None

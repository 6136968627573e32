"""Two statements give a whole room, whatever hangs on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import NoResultFound

from ontmoet.db import db, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Place
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import corporation_name, live_rooms, place_of, room_by_id, room_by_slug
from ontmoet.rooms.rules import Stretch, UseKind, UseRuleView
from tests import builders as make
from tests.watching import rows, statements

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood

TODAY = date(2026, 11, 24)


def test_room_comes_whole_and_is_asked_for_its_version_only_when_it_is_known(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=TODAY, opens=600, closes=720)
        make.make_opening_exception(room_id=hood.linde, day=TODAY, opens=480, closes=540)
        make.make_opening_exception(room_id=hood.linde, day=TODAY + timedelta(days=1))
        make.make_opening_exception(room_id=hood.linde, day=TODAY - timedelta(days=1))
        make.make_opening_exception(room_id=hood.plein, day=TODAY + timedelta(days=2))
        make.make_use_rule(room_id=hood.linde, needs_approval=True, quota=4, quota_from=1080)
        make.make_use_rule(room_id=hood.plein, kind=UseKind.LETTING)
        other_complex = make.make_complex(name="Eikhof")
        home = make.make_home(complex_id=None, address_name="elders-1")
        make.make_right_of_use(room_id=hood.linde, complex_id=other_complex)
        make.make_right_of_use(room_id=hood.linde, home_id=home)
        own_complex = rows(hood.app, "select complex_id from room where slug = 'de-linde'")[0].complex_id
        with statements(hood.app) as first:
            room = room_by_slug("de-linde")
        with statements(hood.app) as again:
            by_id = room_by_id(hood.linde)
    assert (len(first), len(again)) == (3, 1)
    assert room == by_id
    assert room is not None
    assert [(z.slug, z.name, z.capacity) for z in room.zones] == [
        ("grote-zaal", "Grote zaal", 40),
        ("keuken", "Keuken", 8),
    ]
    assert dict(room.hours.weekly) == {day: (Stretch(480, 1320),) for day in range(7)}
    assert dict(room.hours.exceptions) == {
        TODAY: (Stretch(480, 540), Stretch(600, 720)),
        TODAY + timedelta(days=1): (),
        TODAY - timedelta(days=1): (),
    }
    assert dict(room.use_rules) == {UseKind.OWN: UseRuleView(True, 4, 1080)}
    assert room.used_by_complexes == {own_complex, other_complex}
    assert room.used_by_homes == {home}
    assert (room.name, room.capacity, room.corporation_name) == ("De Linde", 45, "Woonstichting De Proef")
    assert place_of(room) == Place(hood.linde, "de-linde", "De Linde", "linde")


CHANGES = {
    "update room set name = 'De Nieuwe Linde'": lambda room: room.name == "De Nieuwe Linde",
    "update corporation set phone = '0800 1'": lambda room: room.corporation_phone == "0800 1",
    "update zone set capacity = 7 where slug = 'keuken'": lambda room: room.zones[1].capacity == 7,
    "update opening set closes = 600 where weekday = 2": lambda room: (
        room.hours.weekly[2] == (Stretch(480, 600),)
    ),
    "delete from opening where weekday = 3": lambda room: 3 not in room.hours.weekly,
    "insert into opening (id, room_id, weekday, opens, closes) select 900 + id, id, 2, 0, 60 from room": (
        lambda room: room.hours.weekly[2][0] == Stretch(0, 60)
    ),
    "insert into right_of_use (id, room_id, complex_id) select 900, min(id), max(complex_id) from room": (
        lambda room: len(room.used_by_complexes) == 2
    ),
}


@pytest.mark.parametrize("statement", CHANGES)
def test_change_to_a_room_is_seen_at_once_however_it_is_made(
    hood_on_both: Neighbourhood, statement: str
) -> None:
    hood, changed = hood_on_both, CHANGES[statement]
    with hood.app.app_context():
        assert not changed(room_by_slug("de-linde"))
    with hood.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))
    with hood.app.app_context():
        assert changed(room_by_slug("de-linde"))


def test_right_of_use_lets_a_neighbouring_complex_book(hood: Neighbourhood) -> None:
    pleinhof = rows(hood.app, "select complex_id from room where slug = 'het-plein'")[0].complex_id
    with hood.app.app_context():
        make.make_right_of_use(room_id=hood.linde, complex_id=pleinhof)
    assert len(hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00")) == 10


def test_room_that_is_not_there_is_none_by_slug_and_a_bug_by_id(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        assert room_by_slug("het-kasteel") is None
        assert room_by_slug("De-Linde") is None
        with pytest.raises(NoResultFound):
            room_by_id(999)


def test_live_rooms_are_those_people_can_use_now_by_name(hood_on_both: Neighbourhood) -> None:
    hood, now = hood_on_both, clock.now()
    states = {
        "a-nieuw": {"live_at": now + timedelta(seconds=1)},
        "b-net-open": {"live_at": now},
        "c-niet-klaar": {"live_at": None},
        "d-dicht": {"closed_at": now},
        "e-sluit-straks": {"closed_at": now + timedelta(seconds=1)},
    }
    with hood.app.app_context():
        for slug, state in states.items():
            make.make_room(complex_id=1, slug=slug, **state)
        found = [row.slug for row in live_rooms(now)]
    assert found == ["b-net-open", "de-linde", "e-sluit-straks", "het-plein"]


def test_corporation_has_no_name_before_there_is_one(app: Flask) -> None:
    with app.app_context():
        assert corporation_name() is None
        make.make_corporation(name="Woongoed Elders")
        assert corporation_name() == "Woongoed Elders"


def test_room_without_anything_on_it_is_a_room_that_is_never_open(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        with unit_of_work():
            execute(Room.__table__.update().values(slug=Room.__table__.c.slug + "-oud"))
        make.make_room(complex_id=1, slug="leeg", zones=(), capacity=1)
        with unit_of_work():
            execute(Room.metadata.tables["opening"].delete())
        room = room_by_slug("leeg")
    assert room is not None
    assert (room.zones, dict(room.hours.weekly), room.hours.on(TODAY)) == ((), {}, ())

"""Rooms out of a list: what is stored, what opens, what stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.arranging.queries import sheet_of
from ontmoet.db import unit_of_work
from ontmoet.importing.actions import judge, store
from ontmoet.importing.columns import Kind
from ontmoet.importing.reading import read
from ontmoet.importing.rules import State, rows_under
from ontmoet.importing.wording import line_of
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import room_by_slug
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.watching import rows

if TYPE_CHECKING:
    from ontmoet.importing.actions import Report
    from tests.cast import Neighbourhood

WHOLE = (
    "complex;ruimte;korte naam;mensen;adres;plaats;soort;m²;delen;maandag;ook voor;opruimtijd;"
    "eerst vragen;keer per maand;telt vanaf;open\r\n"
    'Lindehof;De Serre;serre;30;Lindestraat 4;Proefwijk;kh;40;"Voor: 10; Achter: 20";9-17;Pleinhof;15;'
    "ja;4;18:00;ja\r\n"
)


def take_in(hood: Neighbourhood, content: str, *, applies: bool = True) -> Report:
    listed = rows_under(Kind.ROOMS, read(content.encode()))
    with hood.app.app_context():
        report = judge(Kind.ROOMS, listed, now=clock.now())
        if applies:
            with unit_of_work():
                store(Kind.ROOMS, listed, report, report.seal, actor_id=None, now=clock.now())
    return report


def test_whole_room_opens_with_its_parts_hours_and_rules(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    take_in(hood, WHOLE)
    with hood.app.app_context():
        room = room_by_slug("serre")
        assert room is not None
        assert room.is_open_to_bookings(clock.now())
        assert [(zone.slug, zone.name, zone.capacity) for zone in room.zones] == [
            ("voor", "Voor", 10),
            ("achter", "Achter", 20),
        ]
        assert [(one.opens, one.closes) for one in room.hours.weekly[0]] == [(540, 1020)]
        assert len(room.used_by_complexes) == 2
        own = room.use_rule(UseKind.OWN)
        assert (own.needs_approval, own.quota, own.quota_from, room.buffer_minutes) == (True, 4, 1080, 15)
    assert take_in(hood, WHOLE).number(State.ALREADY) == 1


def test_room_that_misses_something_is_stored_and_stays_shut(hood: Neighbourhood) -> None:
    report = take_in(hood, "complex;ruimte;mensen;plaats;open\r\nNieuwhof;De Tuin;20;Proefwijk;ja\r\n")
    assert [line_of(row) for row in report.rows] == [
        "Rij 2, kolom open: Deze ruimte wordt bewaard, maar gaat nog niet open. Dit mist nog: het adres, wat"
        " voor ruimte het is, hoe groot de ruimte is, adressen die de ruimte mogen gebruiken, openingstijden."
    ]
    with hood.app.app_context():
        room = room_by_slug("de-tuin")
        assert room is not None
        assert room.live_at is None
        sheet = sheet_of(room.room_id, today=day_of(clock.now()))
        assert len(sheet.missing) == 5


def test_room_that_is_there_stays_as_it_is_and_names_in_addresses_are_one_room_s(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        for _twice in range(2):
            make.make_complex(name="Dubbelhof")
    before = rows(hood.app, "select * from room order by id")
    report = take_in(hood, "complex;ruimte;mensen;deur\r\nlindehof;DE  LINDE;3;rood\r\n")
    assert report.number(State.ALREADY) == 1
    assert rows(hood.app, "select * from room order by id") == before
    report = take_in(
        hood,
        "complex;ruimte;korte naam;mensen\r\nLindehof;De Linde;linde;3\r\nLindehof;De Hal;de-linde;9\r\n"
        "Lindehof;De Hal;;9\r\n;De Zolder;;9\r\nLindehof;???;;9\r\ndubbelhof;De Hal;;9\r\n",
        applies=False,
    )
    assert [(row.objection.reason, row.objection.field) for row in report.rows if row.objection] == [
        ("has_other_short_name", "korte naam"),
        ("short_name_taken", "korte naam"),
        ("twice", "ruimte"),
        ("misses", "complex"),
        ("no_short_name", "ruimte"),
        ("complex_name_twice", "complex"),
    ]


def test_room_with_only_a_name_is_filled_in_until_somebody_books_it(hood: Neighbourhood) -> None:
    take_in(hood, "complex;ruimte;mensen\r\nLindehof;De Serre;9\r\n")
    take_in(hood, WHOLE)
    assert rows(hood.app, "select slug, capacity from room where name = 'De Serre'") == [("serre", 30)]
    assert rows(hood.app, "select name from zone where room_id = (select max(id) from room) order by id") == [
        ("Voor",),
        ("Achter",),
    ]

"""Finding somebody by name: few results, only of this room, and written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.walltime import day_of
from ontmoet.people.neighbours import MOST_SHOWN, Found, look_up
from ontmoet.people.rules import letters_in, name_matches
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def found_by(hood: Neighbourhood, name: str, *, who: str = "bram") -> Found:
    with hood.app.app_context(), unit_of_work():
        room, now = room_by_id(hood.linde), clock.now()
        return look_up(room, name, actor_id=hood.people[who], now=now, today=day_of(now))


def names(found: Found) -> list[str]:
    return [neighbour.name for neighbour in found.neighbours]


@pytest.mark.parametrize(
    ("name", "typed", "matches"),
    [
        ("Henk Mulder", "hen", True),
        ("Henk Mulder", "MUL henk", True),
        ("Henk Mulder", "enk", False),
        ("Henk Mulder", "henk smit", False),
        ("José Çelik-Öz", "jose celik", True),
        ("Jose Celik", "josé öz", False),
        ("Noor van den Berg", "van den", True),
        ("Henk Mulder", "%", False),
    ],
)
def test_words_typed_begin_words_of_the_name(name: str, typed: str, matches: bool) -> None:
    assert name_matches(name, typed) is matches


def test_signs_and_spaces_are_no_letters() -> None:
    assert [letters_in(typed) for typed in ("", " . ", "a b", "Bo 2", "Élé")] == [0, 0, 2, 3, 3]


def test_residents_and_partners_of_this_room_are_found(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    assert names(found_by(hood, "noor")) == ["Noor de Proef"]
    assert names(found_by(hood, "proef")) == ["Ali de Proef", "Noor de Proef", "Riet de Proef"]
    with hood.app.app_context():
        home = make.make_home(complex_id=None, address_name="elders-1")
        make.make_right_of_use(room_id=hood.linde, home_id=home)
        make.make_residency(person_id=make.make_person(name="Buurman Elders"), home_id=home)
    assert names(found_by(hood, "elders")) == ["Buurman Elders"]


@pytest.mark.parametrize("name", ["bram", "fatma", "sanne", "mo d"])
def test_oneself_another_room_and_the_corporation_are_not_found(hood: Neighbourhood, name: str) -> None:
    assert found_by(hood, name) == Found((), has_more=False)


def test_who_left_or_was_erased_is_not_found(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context(), unit_of_work():
        execute(text("update residency set until = since where person_id = :id"), id=hood.people["ali"])
        execute(text("update person set merged_into_id = 1 where id = :id"), id=hood.people["riet"])
    assert names(found_by(hood, "proef")) == ["Noor de Proef"]


def test_only_namesakes_are_told_apart_by_their_address(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        home = make.make_home(complex_id=1, address_name="linde-30")
        make.make_residency(person_id=make.make_person(name="Noor de Proef"), home_id=home)
    found = found_by(hood, "proef")
    assert [(one.name, one.where) for one in found.neighbours] == [
        ("Ali de Proef", ""),
        ("Noor de Proef", "linde-14b"),
        ("Noor de Proef", "linde-30"),
        ("Riet de Proef", ""),
    ]


def test_few_are_shown_and_that_there_are_more(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        for number in range(MOST_SHOWN + 1):
            home = make.make_home(complex_id=1, address_name=f"linde-{100 + number}")
            make.make_residency(person_id=make.make_person(name=f"Truus {number}"), home_id=home)
    found = found_by(hood, "truus")
    assert (len(found.neighbours), found.has_more) == (MOST_SHOWN, True)


def test_who_looked_and_whom_they_saw_is_written_down_without_a_name(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    found_by(hood, "noor", who="sanne")
    [(actor_id, action, changes)] = rows(hood.app, "select actor_id, action, changes from audit")
    assert (actor_id, action) == (hood.people["sanne"], "people_looked_up")
    assert json.loads(changes) == {"found": [hood.people["noor"]]}
    found_by(hood, "niemand")
    assert row_counts(hood.app, "audit") == {"audit": 2}


def test_partner_of_another_room_is_not_found(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        els = make.make_person(name="Els Elders")
        make.make_role(
            person_id=els,
            function=Function.PARTNER,
            room_id=hood.plein,
            organisation_id=make.make_organisation(name="Zorg"),
        )
    assert names(found_by(hood, "els")) == []

"""Finding somebody by name: few results, only of this room, and written down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.finding import MOST_FOUND, Finding, Scope, find
from ontmoet.people.rules import Reason, finds, letters_in
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.watching import rows, statements

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


def found_by(
    hood: Neighbourhood, name: str, scope: Scope = Scope.HELPED, *, who: str = "bram", besides: str = "bram"
) -> Finding:
    with hood.app.app_context(), unit_of_work():
        return find(
            room_by_id(hood.linde),
            scope,
            name,
            actor_id=hood.people[who],
            besides=hood.people[besides],
            now=clock.now(),
        )


def names(found: Finding) -> list[str]:
    return [person.name for person in found.people]


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
        ("Henk Mulder", "", False),
        ("Henk Mulder", " - ", False),
        ("Henk Mulder", "h", False),
        ("Henk Mulder", "he", False),
        ("Henk Mulder", "h mu", True),
        ("Élise Ångström", "ELISE ang", True),
        ("Bo", "bo", True),
        ("Bo", "b", False),
        ("Bo Li", "bo", False),
        ("Bo Li", "bo l", True),
    ],
)
def test_words_typed_begin_words_of_the_name(name: str, typed: str, matches: bool) -> None:
    assert finds(typed, name) is matches


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
    assert found_by(hood, name) == Finding((), has_more=False)


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
    assert [(one.name, one.where) for one in found.people] == [
        ("Ali de Proef", ""),
        ("Noor de Proef", "linde-14b"),
        ("Noor de Proef", "linde-30"),
        ("Riet de Proef", ""),
    ]


def test_who_gives_functions_sees_where_everybody_belongs(hood: Neighbourhood) -> None:
    found = found_by(hood, "proef", Scope.KNOWN)
    assert [(one.name, one.where) for one in found.people] == [
        ("Ali de Proef", "linde-16"),
        ("Noor de Proef", "linde-14b"),
        ("Riet de Proef", "Welzijn Proefwijk"),
        ("Sanne de Proef", ""),
    ]


def test_each_scope_has_its_own_people(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        for since, until in ((TOMORROW, None), (date(2020, 1, 1), TODAY)):
            person = make.make_person(name=f"Zus {since.year}")
            make.make_residency(person_id=person, home_id=1, since=since, until=until)
            person = make.make_person(name=f"Zuster {since.year}")
            make.make_role(
                person_id=person, function=Function.HOST, room_id=hood.linde, since=since, until=until
            )
        here = make.make_person(name="Zus nu")
        make.make_residency(person_id=here, home_id=1)
        host = make.make_person(name="Zuster nu")
        make.make_role(person_id=host, function=Function.HOST, room_id=hood.linde)
    assert {scope: names(found_by(hood, "zus", scope)) for scope in Scope} == {
        Scope.HELPED: ["Zus nu"],
        Scope.PRESENT: ["Zus nu", "Zuster nu"],
        Scope.KNOWN: ["Zus 2026", "Zus nu", "Zuster 2026", "Zuster nu"],
    }
    proef = {scope: names(found_by(hood, "proef", scope, besides="ali")) for scope in Scope}
    assert proef == {
        Scope.HELPED: ["Bram de Proef", "Noor de Proef", "Riet de Proef"],
        Scope.PRESENT: [f"{name} de Proef" for name in ("Bram", "Noor", "Riet", "Sanne")],
        Scope.KNOWN: [f"{name} de Proef" for name in ("Bram", "Noor", "Riet", "Sanne")],
    }


def test_few_are_shown_and_that_there_are_more(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        for number in range(MOST_FOUND + 1):
            home = make.make_home(complex_id=1, address_name=f"linde-{100 + number}")
            make.make_residency(person_id=make.make_person(name=f"Truus {number}"), home_id=home)
    found = found_by(hood, "truus")
    assert (len(found.people), found.has_more) == (MOST_FOUND, True)


def test_who_looked_and_whom_they_saw_is_written_down_without_a_name(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    found_by(hood, "proef", who="noor")
    found_by(hood, "niemand")
    noor, ali, riet = (hood.people[name] for name in ("noor", "ali", "riet"))
    looks = rows(hood.app, "select actor_id, action, object_kind, object_id, room_id, changes from audit")
    assert {tuple(look) for look in looks} == {
        (noor, "person_found", "person", seen, hood.linde, "{}") for seen in (ali, riet)
    }
    assert len(looks) == 2


def test_too_little_finds_only_who_is_called_so_and_says_what_is_missing(hood: Neighbourhood) -> None:
    with pytest.raises(Refused) as refused:
        found_by(hood, "bo")
    assert refused.value.objections == (Objection(Reason.TOO_FEW_LETTERS, "name"),)
    with hood.app.app_context():
        make.make_residency(person_id=make.make_person(name="Bo"), home_id=1)
    assert names(found_by(hood, "bo")) == ["Bo"]


def test_finding_takes_one_statement_and_one_for_the_audit(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        room, sanne, now = room_by_id(hood.linde), hood.people["sanne"], clock.now()
        with statements(hood.app) as run, unit_of_work():
            find(room, Scope.KNOWN, "proef", actor_id=sanne, now=now)
    assert [line.split()[0] for line in run] == ["SELECT", "INSERT"]


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

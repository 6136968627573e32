"""Neighbours who are let in, and those who are not (SB-14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.membership.admitting import Guest, admit, admitted_in, end_admission
from ontmoet.membership.rules import Reason
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.cast import sign_in
from tests.membership.test_actions import TODAY
from tests.membership.test_membership_views import page_of, post
from tests.watching import errors, row_counts, rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

VERA = Guest("Vera Buur", "06 1234 5678", "Marktplein 5")


def open_to_neighbours(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set access_policy = 'neighbours'"))


def let_in(
    hood: Neighbourhood, guest: Guest = VERA, *, by: str = "bram", reason: str = "", room: str = "linde"
) -> None:
    with hood.app.app_context(), unit_of_work():
        room_id = hood.linde if room == "linde" else hood.plein
        admit(room_id, guest, reason=reason, actor_id=hood.people[by], now=clock.now())


def may_book(hood: Neighbourhood, name: str) -> bool:
    person_id = rows(hood.app, "select id from person where name = :name", name=name)[0][0]
    with hood.app.app_context():
        actor = actor_of(person_id, today=TODAY)
        return allows(actor, Permission.BOOKING_MAKE, room_by_id(hood.linde))


def refusal(hood: Neighbourhood, guest: Guest = VERA, **how: str) -> list[object]:
    with pytest.raises(Refused) as refused:
        let_in(hood, guest, **how)
    return [objection.reason for objection in refused.value.objections]


def test_host_lets_a_neighbour_in_and_that_ends_again(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    open_to_neighbours(hood)
    let_in(hood)
    assert may_book(hood, "Vera Buur")
    with hood.app.app_context():
        (found,) = admitted_in(hood.linde, today=TODAY)
    assert (found.address, found.reason, found.admitted_by) == ("Marktplein 5", "", "Bram de Proef")
    for expected in (True, False):
        with hood.app.app_context(), unit_of_work():
            ended = end_admission(
                hood.linde, found.address_name, actor_id=hood.people["bram"], now=clock.now()
            )
        assert ended is expected
    assert not may_book(hood, "Vera Buur")
    assert row_counts(hood.app, "right_of_use") == {"right_of_use": 0}
    actions = rows(hood.app, "select action from audit order by id")
    assert actions == [("guest_admitted",), ("admission_ended",)]


def test_room_for_tenants_lets_in_by_exception_only(hood: Neighbourhood) -> None:
    assert refusal(hood) == [Reason.NOT_FOR_NEIGHBOURS]
    assert refusal(hood, reason="Ze helpt in de keuken") == [Reason.NOT_FOR_NEIGHBOURS]
    assert refusal(hood, by="sanne") == [Reason.NEEDS_REASON]
    assert row_counts(hood.app, "admission", "right_of_use") == {"admission": 0, "right_of_use": 0}
    let_in(hood, by="sanne", reason="Ze helpt in de keuken")
    assert may_book(hood, "Vera Buur")
    assert rows(hood.app, "select reason from admission") == [("Ze helpt in de keuken",)]


def test_address_that_belongs_to_the_room_is_no_neighbour_from_outside(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    open_to_neighbours(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text("update home set address = 'Lindestraat 2' where address_name = 'linde-2'"))
        execute(text("update home set address = 'Plein 1' where address_name = 'plein-1'"))
    there = Guest("Vera Buur", "06 1234 5678", "lindestraat 2")
    assert refusal(hood, there) == [Reason.ADDRESS_OF_THE_ROOM]
    assert row_counts(hood.app, "admission") == {"admission": 0}
    # Another complex is outside.
    let_in(hood, Guest("Vera Buur", "06 1234 5678", "Plein 1"))


def test_address_with_an_accent_is_known_again(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    open_to_neighbours(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text("update home set address = 'Émilehof 2' where address_name = 'linde-2'"))
    for written in ("Émilehof 2", "émilehof 2"):
        assert refusal(hood, Guest("Vera Buur", "06 1234 5678", written)) == [Reason.ADDRESS_OF_THE_ROOM]
    let_in(hood, Guest("Vera Buur", "06 1234 5678", "Österhof 5"))
    let_in(hood, Guest("Wim Buur", "06 1234 5679", "österhof 5"))
    assert rows(hood.app, "select count(*) from home where complex_id is null") == [(1,)]


def test_two_of_one_address_share_it_and_one_twice_is_once(hood: Neighbourhood) -> None:
    open_to_neighbours(hood)
    let_in(hood)
    let_in(hood, Guest("Wim Buur", "06 1234 5679", "marktplein 5"))
    assert refusal(hood) == [Reason.LET_IN_ALREADY]
    counts = row_counts(hood.app, "admission", "right_of_use")
    assert counts == {"admission": 1, "right_of_use": 1}
    assert rows(hood.app, "select count(*) from home where complex_id is null") == [(1,)]
    assert may_book(hood, "Wim Buur")


def test_host_who_guesses_an_address_learns_nothing_of_a_neighbour_of_another_room(
    hood_on_both: Neighbourhood,
) -> None:
    hood, guessed = hood_on_both, Guest("Jan Nep", "06 1234 5679", "marktplein 5")
    open_to_neighbours(hood)
    let_in(hood, by="fatma", room="plein")
    let_in(hood, guessed)
    client = hood.app.test_client()
    sign_in(client, "bram")
    page = page_of(client, "/r/de-linde/buren")
    assert ("Jan Nep" in page, "Vera" in page) == (True, False)
    found = post(client, "/r/de-linde/briefje", name="Vera Buur")
    assert "Vera" not in page_of(client, found.location or "/r/de-linde/briefje")
    vera = rows(hood.app, "select public_id from person where name = 'Vera Buur'")[0].public_id
    assert post(client, "/r/de-linde/briefje/maken", person=vera).status_code == 404
    # Also when the guess is ended and made again.
    with hood.app.app_context(), unit_of_work():
        (mine,) = admitted_in(hood.linde, today=TODAY)
        end_admission(hood.linde, mine.address_name, actor_id=hood.people["bram"], now=clock.now())
    let_in(hood, guessed)
    with hood.app.app_context():
        (mine,) = admitted_in(hood.linde, today=TODAY)
        assert [name for _, name in mine.people] == ["Jan Nep"]
        (hers,) = admitted_in(hood.plein, today=TODAY)
        assert [name for _, name in hers.people] == ["Vera Buur"]


def test_home_that_another_room_let_in_since_is_not_taken_up_again(hood: Neighbourhood) -> None:
    open_to_neighbours(hood)
    let_in(hood)
    with hood.app.app_context(), unit_of_work():
        (mine,) = admitted_in(hood.linde, today=TODAY)
        end_admission(hood.linde, mine.address_name, actor_id=hood.people["bram"], now=clock.now())
        home_id = execute(text("select id from home where complex_id is null")).scalar_one()
    with hood.app.app_context():
        make.make_right_of_use(room_id=hood.plein, home_id=home_id)
    let_in(hood)
    assert rows(hood.app, "select count(*) from home where complex_id is null") == [(2,)]


def test_let_in_twice_at_once_is_one_neighbour(hood_on_both: Neighbourhood) -> None:
    open_to_neighbours(hood_on_both)

    def attempt(_: int) -> bool:
        try:
            let_in(hood_on_both)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    assert rows(hood_on_both.app, "select count(*) from person where name = 'Vera Buur'") == [(1,)]


def test_page_lets_in_and_says_who_is_an_exception(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    path = "/r/de-linde/buren"
    assert "Alleen bewoners kunnen hier reserveren." in page_of(client, path)
    fields = {"name": VERA.name, "phone": VERA.phone, "address": VERA.address}
    unexplained = post(client, path, **fields, reason="")
    assert errors(unexplained.get_data(as_text=True)) == {
        "reason": "Schrijf op waarom dit adres een uitzondering is."
    }
    assert errors(post(client, path, name="", phone="12", address="").get_data(as_text=True)) == {
        "name": "Vul dit in.",
        "phone": "Dit is geen telefoonnummer. Vul er een in zoals 06 12345678.",
        "address": "Vul dit in.",
    }
    assert post(client, path, **fields, reason="Ze kookt mee").status_code == 303
    page = page_of(client, path)
    assert "Ze kookt mee" in page
    assert "Vera Buur" in page
    address_name = page.split('name="address_name" value="', 1)[1].split('"', 1)[0]
    assert post(client, f"{path}/stoppen", address_name=address_name).status_code == 303
    assert "Nog niemand van buiten." in page_of(client, path)


def test_host_of_a_room_for_tenants_is_told_whom_to_ask(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    page = page_of(client, "/r/de-linde/buren")
    assert "Vraag de beheergroep of een medewerker om een uitzondering." in page
    assert 'name="phone"' not in page


def test_whoever_may_not_book_is_told_whom_the_room_is_for(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    answer = client.get("/r/het-plein/reserveren")
    assert answer.status_code == 403
    assert "Alleen bewoners kunnen hier reserveren." in answer.get_data(as_text=True)
    assert "Alleen bewoners kunnen hier reserveren." in page_of(client, "/r/het-plein")

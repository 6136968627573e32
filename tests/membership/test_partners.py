"""Organisations and who comes for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from tests.cast import sign_in
from tests.membership.test_membership_views import LINDE, PLEIN, page_of, post
from tests.watching import errors, rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_organisation_is_added_gets_a_contact_and_another_name(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "sanne")
    added = post(client, f"{LINDE}/organisaties", organisation="Zorg Om De Hoek", kind="p4")
    assert added.status_code == 303
    path = added.location
    contact = {"name": "Els Zorg", "phone": "0800 555 11", "email": "Els@zorg.example"}
    term = {"since": "2026-11-24", "until": "2027-06-01"}
    assert post(client, path, **contact, **term).status_code == 303
    page = page_of(client, path)
    assert "Els Zorg" in page
    assert "van 24 november 2026 tot 1 juni 2027" in page
    assert "0800 555 11" in page
    found = rows(
        hood.app,
        "select role.function, room_id, person.email from role join person on person.id = person_id"
        " order by role.id desc limit 1",
    )
    assert found == [(Function.PARTNER, hood.linde, "els@zorg.example")]
    assert post(client, f"{path}/wijzigen", organisation="Zorg Dichtbij", kind="p6").status_code == 303
    assert "Sociale onderneming, Els Zorg" in page_of(client, f"{LINDE}/organisaties")


def test_same_name_and_known_address_are_refused(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    same = post(client, f"{LINDE}/organisaties", organisation="welzijn proefwijk", kind="p5")
    assert errors(same.get_data(as_text=True)) == {
        "organisation": "Er is al een organisatie met deze naam. Gebruik die, of kies een andere naam."
    }
    for name in ("Één", "één"):
        answer = post(client, f"{LINDE}/organisaties", organisation=name, kind="p5")
    assert set(errors(answer.get_data(as_text=True))) == {"organisation"}
    none = post(client, f"{LINDE}/organisaties", organisation="", kind="p7")
    assert set(errors(none.get_data(as_text=True))) == {"organisation", "kind"}
    path = post(client, f"{LINDE}/organisaties", organisation="Ander", kind="p2").location
    fields = {"name": "Wie", "phone": "0612345678", "email": "noor@proef.example", "since": "2026-11-24"}
    known = post(client, path, **fields)
    assert set(errors(known.get_data(as_text=True))) == {"email"}
    assert rows(hood.app, "select count(*) from person where name = 'Wie'") == [(0,)]


def test_contact_that_is_sent_twice_is_there_once(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    path = post(client, f"{LINDE}/organisaties", organisation="Ander", kind="p2").location
    fields = {"name": "Els Zorg", "phone": "0612345678", "since": "2026-11-24", "until": "2027-06-01"}
    assert post(client, path, **fields).status_code == 303
    again = post(client, path, **{**fields, "name": "els zorg"})
    assert errors(again.get_data(as_text=True)) == {
        "name": "Dit doet deze persoon al. Er is niets veranderd."
    }
    assert rows(hood.app, "select count(*) from person where name like '%Zorg'") == [(1,)]


def test_administrator_brings_a_known_organisation_to_another_room(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "mo")
    page = page_of(client, f"{PLEIN}/organisaties")
    assert "Werkt in andere ruimtes" in page
    assert "Riet de Proef" not in page
    assert "Welzijn Proefwijk" in page

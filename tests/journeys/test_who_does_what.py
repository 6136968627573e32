"""Functions and neighbours as people meet them: the rows GE-02 and SB-14, by links and forms only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.journeys.test_a_resident_books import follow, sent
from tests.watching import public_id_of, rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_ge_02_chair_makes_a_neighbour_host_and_ends_it_again(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    """Fatma asks Pim of her own room; what Pim may changes at once, also in the tab that is open."""
    with hood.app.app_context():
        pim = make.make_person(name="Pim Zonder", email="pim@proef.example", password=make.PASSWORD)
        make.make_residency(person_id=pim, home_id=4)
    pims = hood.app.test_client()
    sign_in(pims, "pim")
    assert "Beheer" not in pims.get("/r/het-plein").get_data(as_text=True)

    sign_in(client, "fatma")
    work = follow(client, client.get("/mijn").get_data(as_text=True), "Beheer van Het Plein")
    people = follow(client, work, "Wie doet wat")
    found = sent(client, "/r/het-plein/mensen", csrf_token=token_in(people), name="pim")
    person = follow(client, found, "Pim Zonder")
    form = follow(client, person, "Geef een functie")
    assert 'value="host"' in form
    assert 'value="chair"' not in form
    path = f"/r/het-plein/mensen/{public_id_of(hood.app, 'person', pim)}"
    fields = {"csrf_token": token_in(form), "function": "host", "since": "2026-11-24", "until": ""}
    assert "Gelukt. Pim Zonder krijgt bericht." in sent(client, f"{path}/functie", **fields)

    assert "Beheer" in pims.get("/r/het-plein").get_data(as_text=True)
    assert pims.get("/r/het-plein/mensen").status_code == 200
    assert pims.get(path).status_code == 404
    assert pims.get("/r/de-linde/mensen").status_code == 403

    stop = follow(client, client.get(path).get_data(as_text=True), "Laat stoppen als gastheer of gastvrouw")
    sent(client, f"{path}/stoppen", csrf_token=token_in(stop), functie="host", until="2026-11-24")
    assert pims.get("/r/het-plein/mensen").status_code == 403

    actions = [action for (action,) in rows(hood.app, "select action from audit order by id")]
    looks = [action for action in actions if action.startswith("person_")]
    assert looks == ["person_found", *["person_looked_up"] * 4]
    assert actions.count("function_given") == actions.count("function_ended") == 1


def test_sb_14_neighbour_is_let_in_where_the_room_is_for_neighbours(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    """At De Linde, for tenants only, the host may not; the corporation may, and says why."""
    sign_in(client, "bram")
    work = client.get("/r/de-linde/beheer").get_data(as_text=True)
    page = follow(client, work, "Buren toelaten")
    assert "Alleen bewoners kunnen hier reserveren." in page
    neighbour = {"name": "Vera Buur", "phone": "06 1234 5678", "address": "Marktplein 5"}
    token = token_in(client.get("/mijn").get_data(as_text=True))
    refused = sent(client, "/r/de-linde/buren", csrf_token=token, **neighbour)
    assert "Vraag de beheergroep of een medewerker om een uitzondering." in refused
    sannes = hood.app.test_client()
    sign_in(sannes, "sanne")
    page = sannes.get("/r/de-linde/buren").get_data(as_text=True)
    let_in = sent(
        sannes, "/r/de-linde/buren", csrf_token=token_in(page), **neighbour, reason="Ze helpt in de keuken."
    )
    assert "Vera Buur mag hier vanaf nu reserveren." in let_in
    assert "Ze helpt in de keuken." in client.get("/r/de-linde/buren").get_data(as_text=True)

    with hood.app.app_context(), unit_of_work():
        execute(text("update room set access_policy = 'neighbours' where slug = 'de-linde'"))
    page = client.get("/r/de-linde/buren").get_data(as_text=True)
    other = {"name": "Wim Buur", "phone": "06 1234 5679", "address": "Marktplein 7"}
    assert "Wim Buur mag hier" in sent(client, "/r/de-linde/buren", csrf_token=token_in(page), **other)

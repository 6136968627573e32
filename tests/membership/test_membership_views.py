"""The pages about who does what: what they show to whom, and what they write down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.watching import errors, public_id_of, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PLEIN, LINDE = "/r/het-plein", "/r/de-linde"


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = token_in(client.get("/mijn").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def person(hood: Neighbourhood, name: str) -> str:
    return public_id_of(hood.app, "person", hood.people[name])


def test_work_of_each_stands_on_one_page(client: FlaskClient, hood: Neighbourhood) -> None:
    found = {}
    for name in ("bram", "sanne"):
        sign_in(client, name)
        page = page_of(client, f"{LINDE}/beheer")
        words = ("Agenda", "Wie doet wat", "Buren toelaten", "Organisaties")
        found[name] = [word for word in words if f"<span>{word}" in page]
        post(client, "/uitloggen")
    assert found == {
        "bram": ["Agenda", "Wie doet wat", "Buren toelaten"],
        "sanne": ["Agenda", "Wie doet wat", "Buren toelaten", "Organisaties"],
    }


def test_work_stands_under_what_it_is_about(client: FlaskClient, hood: Neighbourhood) -> None:
    found = {}
    for name in ("bram", "mo"):
        sign_in(client, name)
        page = page_of(client, f"{LINDE}/beheer")
        parts = re.findall(r'aria-labelledby="werk-\d"><h2[^>]*>([^<]*)</h2>(.*?)</section>', page, re.DOTALL)
        found[name] = [heading for heading, rows in parts if "om-row-link" in rows]
        assert len(found[name]) == len(parts)
        post(client, "/uitloggen")
    assert found == {
        "bram": ["De agenda", "Voor een buur", "Wie erbij hoort", "De ruimte"],
        "mo": ["De agenda", "Wie erbij hoort", "De ruimte"],
    }


def test_who_does_what_is_a_list_for_who_cannot_look_further(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "bram")
    page = page_of(client, f"{LINDE}/mensen")
    people = re.findall(r'<li><div class="om-person">.*?<b>([^<]*)</b>', page)
    assert people == ["Bram de Proef", "Sanne de Proef", "Riet de Proef"]


def test_door_and_own_page_lead_to_it_and_cost_nothing_more(client: FlaskClient, hood: Neighbourhood) -> None:
    for name, leads in (("noor", False), ("bram", True)):
        sign_in(client, name)
        for path in (LINDE, "/mijn"):
            page_of(client, path)
            with statements(hood.app) as run:
                page = page_of(client, path)
            assert (f"{LINDE}/beheer" in page) is leads, (name, path)
            assert len(run) <= {LINDE: 3, "/mijn": 8}[path]
        post(client, "/uitloggen")


def test_list_names_who_has_a_function_and_no_resident(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    page = page_of(client, f"{LINDE}/mensen")
    assert "Gastheer of gastvrouw, sinds" in page
    assert "Partner, Welzijn Proefwijk" in page
    assert "Noor de Proef" not in page
    assert "Zoek iemand" not in page
    assert "Stop als gastheer of gastvrouw" in visible(page)


def test_search_needs_three_letters_finds_few_and_is_written_down(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        for number in range(12):
            someone = make.make_person(name=f"Zoë Talrijk {number}")
            make.make_residency(person_id=someone, home_id=1)
    sign_in(client, "sanne")
    short = post(client, f"{LINDE}/mensen", name="zo")
    assert short.status_code == 422
    assert errors(short.get_data(as_text=True)) == {"name": "Typ minstens 3 letters van de naam."}
    found = post(client, f"{LINDE}/mensen", name="ZOE talrijk")
    assert (found.status_code, found.location) == (303, f"{LINDE}/mensen?gevonden")
    for _again in range(2):
        page = page_of(client, found.location)
        assert page.count("Zoë Talrijk") == 8
        assert "Er zijn er meer." in page
    looks = rows(hood.app, "select count(*), min(actor_id) from audit where action = 'person_found'")
    assert looks == [(8, hood.people["sanne"])]


def test_search_stays_within_the_room(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    page = page_of(client, post(client, f"{LINDE}/mensen", name="fatma").location)
    assert "Niemand van deze ruimte heet zo" in page


def test_page_of_somebody_is_for_their_room_and_each_look_is_written_down(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    assert "linde-14b, sinds" in page_of(client, noor)
    with statements(hood.app) as run:
        page_of(client, noor)
    assert len(run) == 5
    assert client.get(f"{LINDE}/mensen/{person(hood, 'fatma')}").status_code == 404
    assert client.get(f"{PLEIN}/mensen/{person(hood, 'fatma')}").status_code == 404
    assert client.get(f"{LINDE}/mensen/0000000000").status_code == 404
    looks = rows(hood.app, "select object_id, actor_id, room_id from audit where action = 'person_looked_up'")
    assert looks == [(hood.people["noor"], hood.people["sanne"], hood.linde)] * 2


def test_function_is_given_and_ended_by_forms(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    form = page_of(client, f"{noor}/functie")
    assert 'value="2026-11-24"' in form
    assert 'value="administrator"' not in form
    assert 'value="partner"' not in form
    answer = post(client, f"{noor}/functie", function="chair", since="2026-11-24", until="")
    assert (answer.status_code, answer.location) == (303, noor)
    again = post(client, f"{noor}/functie", function="chair", since="2026-11-24", until="")
    assert errors(again.get_data(as_text=True)) == {
        "function": "Dit doet deze persoon al. Er is niets veranderd."
    }
    unsure = post(client, f"{noor}/stoppen", functie="chair", until="2026-11-24")
    assert unsure.status_code == 422
    assert "Dan heeft deze ruimte geen voorzitter meer." in unsure.get_data(as_text=True)
    assert "Laat stoppen als voorzitter" in visible(page_of(client, noor))
    ended = post(client, f"{noor}/stoppen", functie="chair", until="2026-11-24", is_sure="y")
    assert ended.status_code == 303
    assert hood.actor("noor").functions == {}
    page = visible(page_of(client, noor))
    assert "Voorzitter, van 24 november 2026 tot 24 november 2026" in page
    assert "Laat stoppen" not in page, "what is over is not offered to be ended"


def test_page_of_who_left_offers_only_what_can_be_done(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    ali, riet = (f"{LINDE}/mensen/{person(hood, name)}" for name in ("ali", "riet"))
    assert f"{ali}/functie" in page_of(client, ali)
    assert post(client, f"{ali}/overleden", is_sure="y").status_code == 303
    page = page_of(client, ali)
    assert f"{ali}/functie" not in page
    assert f"{ali}/samenvoegen" in page
    assert "Laat stoppen als partner" in visible(page_of(client, riet))
    assert "Laat stoppen als partner," not in visible(page_of(client, riet)), "no name in small letters"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"function": "chair"},
        {"function": "administrator", "since": "2026-11-24"},
        {"function": "partner", "since": "2026-11-24"},
        {"function": "x" * 99, "since": "2026-11-24"},
        {"function": "host", "since": "morgen"},
        {"function": "host", "since": "2026-11-24", "until": "2026-11-24"},
    ],
)
def test_form_that_is_not_right_is_shown_again(
    client: FlaskClient, hood: Neighbourhood, fields: dict[str, str]
) -> None:
    sign_in(client, "sanne")
    before = row_counts(hood.app, "role")
    answer = post(client, f"{LINDE}/mensen/{person(hood, 'noor')}/functie", **fields)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count('role="alert"') == 1
    assert row_counts(hood.app, "role") == before


def test_change_of_function_works_at_the_next_request(client: FlaskClient, hood: Neighbourhood) -> None:
    noors = hood.app.test_client()
    sign_in(noors, "noor")
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    assert noors.get(f"{LINDE}/mensen").status_code == 403
    post(client, f"{noor}/functie", function="host", since="2026-11-24", until="")
    assert noors.get(f"{LINDE}/mensen").status_code == 200
    post(client, f"{noor}/stoppen", functie="host", until="2026-11-24")
    assert noors.get(f"{LINDE}/mensen").status_code == 403
    assert noors.get("/mijn").status_code == 200


def test_corporation_page_is_for_administrators_and_not_there_for_others(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    for name in ("sanne", "fatma", "noor"):
        others = hood.app.test_client()
        sign_in(others, name)
        assert others.get("/corporatie/mensen").status_code == 404
    sign_in(client, "mo")
    assert "Sanne de Proef" in page_of(client, "/corporatie/mensen")
    fields = {"name": "Iris Nieuw", "email": "Iris@proef.example", "where": "het-plein"}
    answer = post(client, "/corporatie/mensen", **fields, since="2026-11-24", until="")
    assert (answer.status_code, answer.location) == (303, "/corporatie/mensen")
    again = post(client, "/corporatie/mensen", **fields, since="2026-11-24", until="")
    assert "Dit doet deze persoon al." in again.get_data(as_text=True)
    found = rows(hood.app, "select email, name from person where email like 'iris%'")
    assert found == [("iris@proef.example", "Iris Nieuw")]
    assert rows(hood.app, "select function, room_id from role order by id desc limit 1") == [
        (Function.STAFF, hood.plein)
    ]


def test_address_of_somebody_of_another_name_is_told(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "mo")
    fields = {"name": "Ali Nieuw", "where": "alles", "since": "2026-11-24", "until": ""}
    post(client, "/corporatie/mensen", **fields, email="noor@proef.example")
    page = page_of(client, "/corporatie/mensen")
    assert "Gelukt. Noor de Proef krijgt bericht. Dit e-mailadres is van Noor de Proef." in page
    assert "Ali Nieuw" not in page
    post(client, "/corporatie/mensen", **fields, email="ali.nieuw@proef.example")
    page = page_of(client, "/corporatie/mensen")
    assert "Gelukt. Ali Nieuw krijgt bericht." in page
    assert "Dit e-mailadres is van" not in page


def test_last_administrator_is_told_why_not(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "mo")
    path = f"/corporatie/mensen/{person(hood, 'mo')}/stoppen"
    assert "Dit ben jij zelf. Vanaf die dag kun je niets meer beheren." in " ".join(
        visible(page_of(client, path)).split()
    )
    answer = post(client, path, until="2026-11-24")
    assert answer.status_code == 422
    assert "Er moet een beheerder blijven." in answer.get_data(as_text=True)

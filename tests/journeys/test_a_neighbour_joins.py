"""A neighbour without e-mail joins with the letter and books the room (GE-02, GE-03, GE-04)."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tests import builders as make
from tests.cast import sign_in, token_in
from tests.journeys.test_a_resident_books import follow, sent
from tests.watching import inputs

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_ge_03_from_the_letter_to_a_booking_and_back_in_by_pin(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    """Sanne prints a letter; Henk types its code, joins, books; Noor hears of it; Henk comes back."""
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    staff = hood.app.test_client()
    sign_in(staff, "sanne")
    page = follow(staff, staff.get("/r/de-linde").get_data(as_text=True), "Beheer")
    page = follow(staff, page, "Brieven voor bewoners")
    letter = staff.post("/r/de-linde/brieven", data={**inputs(page), "home": "linde-14b"})
    printed = letter.get_data(as_text=True)
    typed = " ".join(re.findall(r"<span>([0-9A-Z]{4})</span>", printed))

    welcome = client.get("/welkom").get_data(as_text=True)
    form = sent(client, "/welkom", csrf_token=token_in(welcome), code=typed.lower())
    assert "Na 22:00 uur is het stil." in form
    path = "/welkom/" + typed.replace(" ", "").lower()
    filled_in = {"name": "Henk Mulder", "pin": make.PIN, "device": "eigen", "accepts_rules": "y"}
    room = sent(client, path, **{**inputs(form), **filled_in})
    assert "Welkom, Henk." in html.unescape(room)

    wish = follow(client, room, "Reserveer deze tijd")
    assert "Lees eerst de huisregels." not in wish
    booked = sent(client, "/r/de-linde/reserveren", **inputs(wish))
    assert "Gelukt, Henk." in booked

    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert "Er is iemand bij gekomen op jouw adres" in noor.get("/mijn").get_data(as_text=True)

    later = hood.app.test_client()
    way = follow(later, later.get("/inloggen").get_data(as_text=True), "Log in met je adres")
    fields = {"address_name": "Linde 14B", "nickname": "HENK", "pin": "483 917"}
    mine = sent(later, "/inloggen/adres", csrf_token=token_in(way), **fields)
    assert "Je bent ingelogd als Henk Mulder." in mine
    assert "Morgen" in mine or "Vandaag" in mine


def test_ge_02_letters_are_made_by_the_rooms_own_people_only(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "fatma")
    assert client.get("/r/het-plein/brieven").status_code == 200
    assert client.get("/r/de-linde/brieven").status_code == 403

"""From an empty database to a resident's first booking, by the pages that the first hour leads to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests import builders as make
from tests.arranging.deeds import save
from tests.cast import booking_form, token_in
from tests.first_hour.test_init import SECRET, begin
from tests.journeys.test_a_resident_books import sent
from tests.watching import inputs, visible

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

START, ROOM = "/corporatie/beheer/start", "/r/t-hoekje"


def next_page(client: FlaskClient) -> str:
    """Where the button of the step that is to be done now leads."""
    page = client.get(START).get_data(as_text=True)
    found = re.findall(r'<a class="utrecht-button[^"]*" href="([^"]+)"', page)
    assert len(found) == 1, found
    return found[0]


def press(client: FlaskClient, path: str, **fields: str) -> str:
    """Send the form of a page; what the page after it shows."""
    page = client.get(path).get_data(as_text=True)
    answer = client.post(path, data={"csrf_token": token_in(page), **fields}, follow_redirects=True)
    assert answer.status_code == 200, visible(answer.get_data(as_text=True))
    return answer.get_data(as_text=True)


def test_step_by_step_from_nothing_to_the_first_booking(app: Flask) -> None:
    assert begin(app).exit_code == 0
    mo = app.test_client()
    page = mo.get(f"/inloggen?next={START}").get_data(as_text=True)
    asked = {"csrf_token": token_in(page), "email": "mo@proef.example", "password": SECRET}
    begun = mo.post(f"/inloggen?next={START}", data=asked, follow_redirects=True).get_data(as_text=True)
    assert "2 van de 11 stappen voor ’t Hoekje zijn klaar." in visible(begun)

    street = next_page(mo)
    press(mo, street, street="Lindestraat", first="2", last="8", side="even")
    assert next_page(mo) == f"{ROOM}/inrichting"
    about = {"address": "Lindestraat 1", "town": "Hofwijk", "typology": "kh", "area_m2": "40"}
    assert save(mo, f"{ROOM}/inrichting", **about).status_code == 303

    assert next_page(mo) == f"{ROOM}/inrichting#contact"
    colleague = {"name": "Sanne de Proef", "email": "sanne@proef.example", "where": "t-hoekje"}
    press(mo, "/corporatie/mensen", **colleague, since="2026-11-24", until="")
    sheet = mo.get(f"{ROOM}/inrichting").get_data(as_text=True)
    [contact] = re.findall(r'name="contact"[^>]*value="([a-z0-9]{10})"[^>]*>(?:(?!</).)*Sanne', sheet)
    assert save(mo, f"{ROOM}/inrichting", contact=contact).status_code == 303

    assert next_page(mo) == f"{ROOM}/openingstijden"
    week = mo.get(f"{ROOM}/openingstijden").get_data(as_text=True)
    days = {f"day_{day}_opens": "9:00" for day in range(7)} | {
        f"day_{day}_closes": "22:00" for day in range(7)
    }
    form = {"csrf_token": token_in(week), "seen": inputs(week)["seen"], **days}
    assert mo.post(f"{ROOM}/openingstijden", data=form).status_code == 303

    assert next_page(mo) == f"{ROOM}/huisregels/nieuw"
    write_rules(mo)
    assert next_page(mo) == f"{ROOM}/sleutels/nieuw"
    press(mo, f"{ROOM}/sleutels/nieuw", opens="Voordeur", how_many="2", idempotency_key=make.new_key())
    assert next_page(mo) == f"{ROOM}/inrichting"
    opened = {"csrf_token": token_in(mo.get(f"{ROOM}/inrichting").get_data(as_text=True))}
    assert "De ruimte is open." in sent(mo, f"{ROOM}/inrichting/openzetten", **opened)

    assert next_page(mo) == f"{ROOM}/brieven"
    letters = mo.get(f"{ROOM}/brieven").get_data(as_text=True)
    printed = mo.post(f"{ROOM}/brieven", data={**inputs(letters), "all": "y"}).get_data(as_text=True)
    codes = re.findall(r"<span>([0-9A-Z]{4})</span>", printed)
    assert next_page(mo) == ROOM

    resident = app.test_client()
    typed = "".join(codes[: len(codes) // 4]).lower()
    welcome = resident.get(f"/welkom/{typed}")
    joined = {"name": "Noor de Proef", "pin": make.PIN, "device": "eigen", "accepts_rules": "y"}
    shown = sent(resident, f"/welkom/{typed}", **{**inputs(welcome.get_data(as_text=True)), **joined})
    assert "Welkom, Noor." in visible(shown)
    wish = booking_form(resident, "t-hoekje", day="2026-11-25", starts="14:00", ends="16:00", zone="")
    assert resident.post(f"{ROOM}/reserveren", data=wish).status_code == 303
    assert "Alles staat. ’t Hoekje is klaar voor bewoners." in visible(mo.get(START).get_data(as_text=True))


def write_rules(client: FlaskClient) -> None:
    """Publish one house rule: write, look, publish."""
    path = f"{ROOM}/huisregels/nieuw"
    form = inputs(client.get(path).get_data(as_text=True))
    answer = client.post(path, data={**form, "step": "publish", "body": "Na 22:00 uur is het stil."})
    assert answer.status_code == 303, visible(answer.get_data(as_text=True))

"""The waiting list on the pages: from a time that is taken to one that is mine."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests import builders as make
from tests.bookings.deeds import cancel
from tests.bookings.request_deeds import ask, decline, let_ask
from tests.cast import booking_form, sign_in, token_in
from tests.watching import errors, rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

URL = "/r/de-linde/reserveren"
SATURDAY = {"day": "2026-11-28", "starts": "14:00", "ends": "16:00"}
BUTTON = "Zet mij op de wachtlijst"


def say_so(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(URL, data={**booking_form(client, **{**SATURDAY, **fields}), "wachten": "1"})


def press(client: FlaskClient, path: str, deed: str) -> TestResponse:
    token = token_in(client.get(path).get_data(as_text=True))
    return client.post(f"{path}/{deed}", data={"csrf_token": token}, follow_redirects=True)


def text_of(client: FlaskClient, path: str) -> str:
    return " ".join(visible(client.get(path).get_data(as_text=True)).split())


def test_who_is_second_waits_hears_of_it_and_takes_it(client: FlaskClient, hood: Neighbourhood) -> None:
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    refused = client.post(URL, data=booking_form(client, **SATURDAY)).get_data(as_text=True)
    assert BUTTON in refused
    where = say_so(client, people="7").location
    waiting = text_of(client, where)
    assert "Op de wachtlijst: De Linde, za 28 nov" in waiting
    assert "Je bent de eerste op de wachtlijst." in waiting
    assert "Verander de tijd" not in waiting
    assert "op de wachtlijst" in text_of(client, "/mijn")

    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert "Afgezegd." in press(noor, f"/reserveringen/{first}", "afzeggen").get_data(as_text=True)
    offered = text_of(client, where)
    assert "We houden hem voor je vast tot do 26 nov 12:05" in offered
    assert "voor jou vrijgehouden" in text_of(client, "/mijn")
    taken = press(client, where, "neem").get_data(as_text=True)
    assert "Gelukt. De tijd is van jou." in taken
    assert "De Linde is op za 28 nov van jou" in " ".join(visible(taken).split())
    # A second tap, of a page that was still open.
    assert press(client, where, "neem").status_code == 200


def test_yes_where_somebody_decides_is_said_to_be_asked_for(hood: Neighbourhood, client: FlaskClient) -> None:
    let_ask(hood)
    first = ask(hood)
    where = f"/reserveringen/{ask(hood, 'omar', or_wait=True)}"
    decline(hood, "kim", first)
    sign_in(client, "omar")
    said = " ".join(visible(press(client, where, "neem").get_data(as_text=True)).split())
    assert "Aangevraagd. Het is nog niet zeker." in said
    assert "van jou" not in said


def test_waiting_can_be_given_up(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where = say_so(client).location
    said = press(client, where, "afzeggen").get_data(as_text=True)
    assert "Van de wachtlijst gehaald." in said
    # It was never theirs: nothing was called off.
    assert "Niet meer op de wachtlijst: De Linde, za 28 nov" in said
    assert "fgezegd" not in said
    coming, gone = text_of(client, "/mijn").split("Voorbij", 1)
    assert "op de wachtlijst" not in coming
    assert "niet meer op de wachtlijst" in gone


def test_yes_to_what_is_over_is_refused_with_another_way(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where = say_so(client).location
    token = token_in(client.get(where).get_data(as_text=True))
    refused = client.post(f"{where}/neem", data={"csrf_token": token})
    assert refused.status_code == 422
    assert "We houden deze tijd niet meer voor je vast." in refused.get_data(as_text=True)


def test_there_is_no_waiting_for_what_is_free_or_shut(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "ali")
    query = "day=2026-11-28&starts=14:00&ends=16:00&zone=grote-zaal&people=4"
    assert BUTTON not in client.get(f"{URL}?{query}").get_data(as_text=True)
    outside = say_so(client, starts="03:00", ends="04:00")
    assert outside.status_code == 422
    assert errors(outside.get_data(as_text=True))


def test_second_wish_for_the_same_time_is_refused_in_words(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    assert say_so(client).status_code == 303
    again = say_so(client)
    assert again.status_code == 422
    assert "Je staat voor deze tijd al op de wachtlijst." in again.get_data(as_text=True)


def test_host_puts_a_neighbour_on_the_list(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "bram")
    fields = {**booking_form(client, **SATURDAY), "voor": hood.public_id("ali"), "wachten": "1"}
    where = client.post(URL, data=fields).location
    assert "Op de wachtlijst: De Linde, za 28 nov" in text_of(client, where)
    told = rows(hood.app, "select person_id from message where kind = 'booking_waits'")
    assert [row.person_id for row in told] == [hood.people["ali"]]


def test_who_waits_without_a_turn_reads_what_stands_in_the_way(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where = say_so(client).location
    assert "Je bent de eerste op de wachtlijst." in text_of(client, where)
    sunday = hood.book("ali", "2026-11-29 14:00", "2026-11-29 16:00")
    waiting = text_of(client, where)
    assert "Jouw adres heeft deze maand al 1 van de 1 keer." in waiting
    assert "Zolang dat zo is, kunnen we deze tijd niet vasthouden." in waiting
    assert "Je bent de eerste" not in waiting
    press(client, f"/reserveringen/{sunday}", "afzeggen")
    assert "Je bent de eerste op de wachtlijst." in text_of(client, where)


def test_page_that_was_open_while_it_became_a_booking_does_not_call_that_off(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where = say_so(client).location
    still_open = client.get(where).get_data(as_text=True)
    cancel(hood, "noor", first)
    press(client, where, "neem")
    [version] = re.findall(r'name="version" value="(\d+)"', still_open)
    sent = {"csrf_token": token_in(still_open), "version": version}
    refused = client.post(f"{where}/afzeggen", data=sent)
    assert refused.status_code == 422
    now = " ".join(visible(refused.get_data(as_text=True)).split())
    assert "Deze reservering is intussen veranderd. Hieronder staat hoe het nu is." in now
    assert "De Linde is op za 28 nov van jou" in now


def test_yes_after_new_house_rules_leads_to_them_and_back(client: FlaskClient, hood: Neighbourhood) -> None:
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where = say_so(client).location
    cancel(hood, "noor", first)
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    links = []
    for name in ("ali", "bram"):
        reader = hood.app.test_client()
        sign_in(reader, name)
        page = press(reader, where, "neem").get_data(as_text=True)
        links += [html.unescape(link) for link in re.findall(r'href="([^"]*huisregels[^"]*next[^"]*)"', page)]
    back = f"next={quote(where, safe='')}"
    voor = f"voor={hood.public_id('ali')}"
    assert links == [f"/r/de-linde/huisregels?{back}", f"/r/de-linde/huisregels/op-papier?{voor}&{back}"]
    page = client.get(links[0]).get_data(as_text=True)
    number = re.findall(r'name="number" value="(\d+)"', page)[0]
    sent = {"csrf_token": token_in(page), "number": number, "next": where}
    assert client.post("/r/de-linde/huisregels", data=sent).location == where
    assert "Gelukt. De tijd is van jou." in press(client, where, "neem").get_data(as_text=True)


def test_helper_reads_about_the_neighbour_and_not_about_themselves(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    public_id = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00", helper="bram", or_wait=True)
    sign_in(client, "bram")
    where = f"/reserveringen/{public_id}"
    assert "Ali is de eerste op de wachtlijst." in text_of(client, where)
    cancel(hood, "noor", first)
    assert "We houden hem vast voor Ali, tot do 26 nov 12:05" in text_of(client, where)
    assert "vrijgehouden voor Ali" in text_of(client, "/r/de-linde/namens")


def test_time_that_is_kept_counts_as_a_turn_and_the_form_says_so(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    sign_in(client, "ali")
    where, sunday = say_so(client).location, f"{URL}?day=2026-11-29&starts=10:00&ends=12:00"
    kept = "Een tijd die we nog vasthouden, telt mee. Wie nee zegt, houdt de beurt."
    assert kept not in text_of(client, sunday)
    cancel(hood, "noor", first)
    page = text_of(client, sunday)
    assert "1 van de 1 keer van jouw adres deze maand" in page
    assert kept in page
    press(client, where, "afzeggen")
    page = text_of(client, sunday)
    assert "0 van de 1 keer van jouw adres deze maand" in page
    assert kept not in page

"""The door: its page, its words, its code."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.bookings.deeds import close
from tests.cast import sign_in
from tests.samples import span
from tests.watching import errors, inputs, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from tests.cast import Neighbourhood


KEYS = "/r/de-linde/sleutels"


def door_of(client: FlaskClient, slug: str = "de-linde") -> str:
    answer = client.get(f"/r/{slug}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_free_room_says_until_when(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 16:00", "2026-11-24 18:00", zone="")
    page = door_of(client)
    assert "Nu vrij" in page
    assert "tot 16:00\u00a0uur" in page
    assert "Vandaag 14:15–16:00\u00a0uur, grote zaal" in page
    assert "/r/de-linde/reserveren?van=2026-11-24T14:15&amp;tot=2026-11-24T16:00" in page


def test_busy_room_says_when_it_is_free_again(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 14:05", "2026-11-24 15:00", zone="")
    hood.book("ali", "2026-11-24 15:00", "2026-11-24 15:30", zone="")
    page = door_of(client)
    assert ">Bezet<" in page
    assert "tot 15:30\u00a0uur" in page
    assert "Weer vrij: vandaag 15:30–17:30\u00a0uur, grote zaal" in page


def test_divisible_room_says_which_part_is_free(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 14:05", "2026-11-24 15:00", zone="grote-zaal")
    page = door_of(client)
    assert "Deels vrij" in page
    assert "keuken tot 22:00\u00a0uur" in page


@pytest.mark.parametrize("how", ["booked", "closed"])
def test_door_offers_another_part_when_the_first_has_nothing_and_the_form_opens_with_it(
    client: FlaskClient, hood: Neighbourhood, how: str
) -> None:
    if how == "closed":
        close(hood, span("2026-11-24 14:05", "2026-12-15 24:00"), "grote-zaal")
    else:
        for begin, end in ("24 14:05", "24 22:00"), ("25 08:00", "25 15:00"), ("25 15:00", "25 22:00"):
            hood.book("ali", f"2026-11-{begin}", f"2026-11-{end}")
    sign_in(client, "noor")
    page = door_of(client)
    assert "Vandaag 14:15–16:15\u00a0uur, keuken" in page
    link = re.search(r'href="(/r/de-linde/reserveren\?[^"]*)"', page)
    assert link is not None
    form = client.get(html.unescape(link[1])).get_data(as_text=True)
    chosen = {field: inputs(form)[field] for field in ("day", "starts", "ends", "zone", "people")}
    assert chosen == {
        "day": "2026-11-24",
        "starts": "14:15",
        "ends": "16:15",
        "zone": "keuken",
        "people": "1",
    }
    assert (errors(form), "Dit lukt nog niet" in form) == ({}, False)
    assert client.post("/r/de-linde/reserveren", data=inputs(form)).status_code == 303


def test_closed_room_says_when_it_opens(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=9))
    page = door_of(client)
    assert "Nu dicht" in page
    assert "open morgen om 8:00\u00a0uur" in page


@pytest.mark.parametrize("who", [None, "noor", "ali"])
def test_room_that_is_not_open_yet_says_so_at_its_door_and_all_pages_lead_there(
    client: FlaskClient, hood: Neighbourhood, who: str | None
) -> None:
    with hood.app.app_context():
        make.make_room(complex_id=1, slug="de-later", name="De Later", live_at=None)
    if who:
        sign_in(client, who)
    whole = door_of(client, "de-later")
    assert "/r/de-later/agenda" not in whole
    page = visible(whole)
    assert "De Later is nog niet open" in page
    assert "Bekijk de andere ruimtes" in page
    assert page.count("0800 555 00 00") == 2  # here, and below each page
    for path in ("agenda", "agenda/afdrukken", *(["reserveren"] if who == "noor" else [])):
        answer = client.get(f"/r/de-later/{path}")
        assert (answer.status_code, answer.location) == (303, "/r/de-later"), path


def test_door_and_screen_promise_no_day_that_is_closed_and_know_closures_of_two_weeks(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    close(hood, span("2026-11-25 00:00", "2026-11-28 24:00"))
    close(hood, span("2026-11-29 00:00", "2026-11-29 12:00"))
    moment(timedelta(hours=9))
    for address in ("/r/de-linde", "/r/de-linde/scherm"):
        assert "open zo 29 nov om 12:00\u00a0uur" in client.get(address).get_data(as_text=True)
    close(hood, span("2026-11-29 12:00", "2026-12-31 24:00"))
    for address in ("/r/de-linde", "/r/de-linde/scherm"):
        page = client.get(address).get_data(as_text=True)
        assert "Nu dicht" in page
        assert re.search(r"open \w+ (\d+ \w+ )?om", page) is None


def test_door_draws_no_free_time_on_a_holiday(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=date(2026, 11, 24))
    page = door_of(client)
    assert 'aria-label="De hele dag is de ruimte dicht."' in page
    assert "om-slotbar__closed" in page
    assert "om-swatch--free" not in page
    form = "/r/de-linde/reserveren?day=2026-11-24&starts=15:00&ends=16:00"
    sign_in(client, "noor")
    preview = client.get(form).get_data(as_text=True)
    assert 'aria-label="Jouw tijd is 15:00–16:00\u00a0uur. De hele dag is de ruimte dicht."' in preview


def test_room_of_which_a_part_is_closed_looks_free_and_says_which_part_is_not(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    close(hood, span("2026-11-24 14:05", "2026-12-15 24:00"), "grote-zaal")
    page = door_of(client)
    assert 'aria-label="De rest van de dag is vrij."' in page
    assert "Gesloten: grote zaal." in visible(page)
    assert "om-slotbar__busy" not in page
    for day, starts, ends in (("2026-11-24", "14:15", "16:15"), ("2026-11-25", "08:00", "10:00")):
        page = client.get(f"/r/de-linde/agenda?dag={day}").get_data(as_text=True)
        assert f"?day={day}&amp;starts={starts}&amp;ends={ends}&amp;zone=keuken" in page
        assert "tot 22:00 vrij Keuken Reserveer" in " ".join(visible(page).split())


def test_door_shows_neighbours_no_purpose(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 16:00", "2026-11-24 18:00", purpose="Geheim feest")
    assert "Geheim feest" not in door_of(client)
    sign_in(client, "ali")
    assert "Geheim feest" not in door_of(client)


def test_door_of_an_unknown_room_is_not_there(client: FlaskClient, hood: Neighbourhood) -> None:
    assert client.get("/r/bestaat-niet").status_code == 404
    assert client.get("/r/bestaat-niet/qr.svg").status_code == 404


def test_who_is_not_signed_in_finds_on_the_door_how_to_join(client: FlaskClient, hood: Neighbourhood) -> None:
    joining = "Ik woon hier Doe mee met de code uit je brief"
    assert joining in " ".join(visible(door_of(client)).split())
    sign_in(client, "noor")
    assert joining not in " ".join(visible(door_of(client)).split())


def test_who_may_not_book_here_reads_on_the_door_why_and_what_to_do(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    def top_of_door() -> str:
        return " ".join(visible(door_of(client, "het-plein").split("<h2", 1)[0]).split())

    line = "kunnen hier reserveren. Hoor je daarbij? Bel 0800 555 00 00"
    assert ("Reserveer deze tijd" in top_of_door(), line in top_of_door()) == (True, False)
    sign_in(client, "noor")  # who lives elsewhere
    assert ("Reserveer deze tijd" in top_of_door(), line in top_of_door()) == (False, True)


def test_who_hands_out_keys_goes_to_them_from_the_door(hood: Neighbourhood) -> None:
    """Who sees it after whom does not matter, though most of the page is drawn once for many."""
    given = {"ali": Function.KEY_KEEPER, "noor": Function.AGENDA_KEEPER}
    with hood.app.app_context():
        for name, function in given.items():
            make.make_role(person_id=hood.people[name], function=function, room_id=hood.linde)
    readers = {name: hood.app.test_client() for name in ("fatma", "noor", "bram", "ali", "sanne", "mo")}
    for name, reader in readers.items():
        sign_in(reader, name)
        door_of(reader)
    readers["nobody"] = hood.app.test_client()
    asked = {}
    for order in ([*readers], [*readers][::-1]):
        seen = set()
        for name in order:
            with statements(hood.app) as run:
                if f'href="{KEYS}"' in door_of(readers[name]):
                    seen.add(name)
            asked[name] = len(run)
        assert seen == {name for name in readers if readers[name].get(KEYS).status_code == 200}
        assert seen == {"bram", "ali", "sanne"}
    # Whether somebody may is known from who they are.
    assert asked["ali"] == asked["noor"]


def test_contact_stands_on_the_door(client: FlaskClient, hood: Neighbourhood) -> None:
    page = door_of(client)
    assert "Sanne de Proef" in page
    assert 'href="tel:08005550000"' in page


@pytest.mark.browser
def test_code_for_the_door_opens_the_door(client: FlaskClient, hood: Neighbourhood, browser: Browser) -> None:
    drawing = client.get("/r/de-linde/qr.svg")
    assert drawing.mimetype == "image/svg+xml"
    with browser.new_page(viewport={"width": 500, "height": 500}) as page:
        page.set_content(drawing.get_data(as_text=True))
        picture = Image.open(io.BytesIO(page.screenshot()))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["http://127.0.0.1:8000/r/de-linde"]


def test_public_page_is_compressed_and_a_personal_one_is_not(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    asks = {"Accept-Encoding": "gzip"}
    public = client.get("/r/de-linde", headers=asks)
    assert public.headers["Content-Encoding"] == "gzip"
    assert len(public.data) < 6_000
    sign_in(client, "noor")
    assert "Content-Encoding" not in client.get("/r/de-linde", headers=asks).headers

"""A resident at the door: the rows AG-01, AG-02, AG-03 and AG-11, by links and forms only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.cast import booking_form, sign_in, token_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def follow(client: FlaskClient, page: str, words: str) -> str:
    """Press the link that says these words and give the page it leads to, through a redirect."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*{re.escape(words)}', page, re.DOTALL)
    assert found, f"no link says {words!r}"
    answer = client.get(found[1].replace("&amp;", "&"), follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def sent(client: FlaskClient, path: str, **fields: str) -> str:
    answer = client.post(path, data=fields, follow_redirects=True)
    return answer.get_data(as_text=True)


def test_ag_02_from_the_door_to_a_booking_in_three_screens(client: FlaskClient, hood: Neighbourhood) -> None:
    """The QR at the door opens her room; she signs in on the way and lands where she was going."""
    door = client.get("/r/de-linde").get_data(as_text=True)
    sign_in_page = follow(client, door, "Reserveer deze tijd")
    next_path = "/inloggen?next=/r/de-linde/reserveren?van%3D2026-11-24T14:15%26tot%3D2026-11-24T16:15"
    form = sent(
        client,
        next_path,
        csrf_token=token_in(sign_in_page),
        email="noor@proef.example",
        password="een goed wachtwoord",
    )
    assert "Wanneer wil je komen?" in form
    assert "<option selected>14:15</option>" in form
    assert "<option selected>16:15</option>" in form
    booked = sent(
        client,
        "/r/de-linde/reserveren",
        **{**booking_form(client), "day": "2026-11-24", "starts": "14:15", "ends": "16:15"},
    )
    assert "Gelukt, Noor." in booked
    assert "De Linde is vandaag van jou" in booked


def test_ag_02_taken_time_is_refused_with_three_alternatives(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    sign_in(client, "noor")
    answer = client.post("/r/de-linde/reserveren", data=booking_form(client, starts="15:00", ends="17:00"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Van 14:00–16:00\u00a0uur is dit deel bezet." in page
    offers = re.findall(r'name="offered" value="([^"]+)"', page)
    assert len(offers) == 3
    for offer in offers:
        start, end, zone = offer.split("/")
        fields = booking_form(client, day=start[:10], starts=start[11:], ends=end, zone=zone)
        accepted = client.post("/r/de-linde/reserveren", data=fields)
        assert accepted.status_code == 303
        cancel(client, accepted.location)


def test_ag_01_neighbours_see_when_and_where_but_not_who(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00", zone="keuken", purpose="Verjaardag Ali")
    for name, knows in (("nobody", False), ("noor", False), ("bram", True), ("sanne", True), ("mo", False)):
        browser = client.application.test_client()
        if name != "nobody":
            sign_in(browser, name)
        for view in ("week=2026-W48", "dag=2026-11-25", "maand=2026-11", "lijst="):
            page = browser.get(f"/r/de-linde/agenda?{view}").get_data(as_text=True)
            assert 'data-starts="2026-11-25T13:00:00Z"' in page
            assert ("Ali de Proef" in page) is knows, (name, view)
            assert ("Verjaardag" in page) is knows, (name, view)


def test_ag_03_whole_room_takes_every_part_and_a_part_only_itself(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")

    def status(**fields: str) -> int:
        return client.post("/r/de-linde/reserveren", data=booking_form(client, **fields)).status_code

    assert status(zone="keuken") == 303
    assert status(zone="") == 422
    assert status(zone="grote-zaal") == 303
    assert status(zone="", day="2026-11-26") == 303
    assert status(zone="keuken", day="2026-11-26") == 422
    assert status(zone="grote-zaal", day="2026-11-26") == 422


def test_ag_11_own_booking_goes_with_one_tap_anothers_with_a_reason(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    own = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    other = hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    sign_in(client, "noor")
    assert "Afgezegd." in cancel(client, f"/reserveringen/{own}")
    assert f'data-booking="{own}"' not in client.get("/r/de-linde/agenda").get_data(as_text=True)

    staff = client.application.test_client()
    sign_in(staff, "sanne")
    assert "Kies eerst een reden." in cancel(staff, f"/reserveringen/{other}")
    told = cancel(staff, f"/reserveringen/{other}", reason="defect")
    assert "Afgezegd." in told
    assert "Er is iets kapot." in told
    assert client.get(f"/reserveringen/{other}").status_code == 404


def cancel(client: FlaskClient, path: str, **fields: str) -> str:
    page = client.get(path).get_data(as_text=True)
    return sent(client, f"{path}/afzeggen", csrf_token=token_in(page), **fields)

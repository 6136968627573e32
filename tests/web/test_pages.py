"""One door to HTML: pages, fragments, and leaving for another page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ontmoet.web.pages import go_to, is_from_htmx, slow_down, wants_fragment
from tests.cast import sign_in, token_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "from_htmx", "fragment"),
    [
        ({}, False, False),
        (HTMX, True, True),
        (HTMX | {"HX-Boosted": "true"}, True, False),
        (HTMX | {"HX-History-Restore-Request": "true"}, True, False),
        ({"HX-Boosted": "true"}, False, False),
    ],
)
def test_part_of_a_page_is_for_htmx_alone(app: Flask, headers, from_htmx: bool, fragment: bool) -> None:
    with app.test_request_context(headers=headers):
        assert (is_from_htmx(), wants_fragment()) == (from_htmx, fragment)


def test_leaving_is_a_303_or_a_header_for_htmx(app: Flask) -> None:
    with app.test_request_context():
        plain = go_to("/mijn")
    with app.test_request_context(headers=HTMX):
        script = go_to("/mijn")
    assert (plain.status_code, plain.headers["Location"], "HX-Redirect" in plain.headers) == (
        303,
        "/mijn",
        False,
    )
    assert (script.status_code, script.headers["HX-Redirect"], "Location" in script.headers) == (
        200,
        "/mijn",
        False,
    )


def test_who_did_it_too_often_gets_the_same_page_and_when_it_can_be_done_again(app: Flask) -> None:
    response = slow_down(app.response_class("het formulier", 422), seconds=900.0)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    assert response.get_data(as_text=True) == "het formulier"


def test_page_says_its_language_and_direction(client: FlaskClient, hood: Neighbourhood) -> None:
    assert '<html lang="nl" dir="ltr">' in client.get("/").get_data(as_text=True)


def test_page_for_somebody_unknown_brings_no_script_and_no_token(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    page = client.get("/r/de-linde").get_data(as_text=True)
    assert ("<script" in page, "csrf" in page) == (False, False)
    assert "Set-Cookie" not in client.get("/r/de-linde").headers


def test_title_begins_with_what_went_well_and_only_once(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    path = f"/reserveringen/{hood.book('noor', '2026-11-25 14:00', '2026-11-25 16:00')}"
    token = token_in(client.get(path).get_data(as_text=True))
    client.post(f"{path}/afzeggen", data={"csrf_token": token})
    titles = [client.get(path).get_data(as_text=True).split("<title>")[1] for _ in range(2)]
    assert [title.startswith("Afgezegd. De tijd is weer vrij voor anderen. – ") for title in titles] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "path", ["/inloggen", "/inloggen/adres", "/r/de-linde", "/r/de-linde/agenda", "/r/de-linde/reserveren"]
)
def test_number_to_call_stands_below_every_page_of_a_room_and_where_people_sign_in(
    client: FlaskClient, hood: Neighbourhood, path: str
) -> None:
    if path.endswith("reserveren"):
        sign_in(client, "noor")
    foot = client.get(path).get_data(as_text=True).split("<footer")[1].split("</footer>")[0]
    assert re.search(r'href="/toegankelijkheid".*href="tel:\d+">Hulp nodig\? Bel ', foot, re.DOTALL)

"""Forms are taken from our own pages only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import booking_form, sign_in
from tests.watching import row_counts

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

URL = "/r/de-linde/reserveren"


@pytest.fixture
def form(client: FlaskClient, hood: Neighbourhood) -> dict[str, str]:
    sign_in(client, "noor")
    return booking_form(client)


ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://kwaad.example"},
    {"Origin": "http://localhost.kwaad.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "null"},
    {"Origin": ""},
)
OUR_OWN = ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"})


def test_form_from_elsewhere_is_a_400_and_does_nothing(
    client: FlaskClient, hood: Neighbourhood, form: dict[str, str]
) -> None:
    found = [client.post(URL, data=form, headers=headers).status_code for headers in ELSEWHERE]
    assert found == [400] * len(ELSEWHERE)
    assert row_counts(hood.app, "booking") == {"booking": 0}


def test_form_from_an_origin_that_cannot_be_read_is_a_400(
    client: FlaskClient, hood: Neighbourhood, form: dict[str, str]
) -> None:
    assert client.post(URL, data=form, headers={"Origin": "http://["}).status_code == 400


def test_form_of_our_own_is_taken(client: FlaskClient, form: dict[str, str]) -> None:
    found = [client.post(URL, data=form, headers=headers).status_code for headers in OUR_OWN]
    assert found == [303] * len(OUR_OWN)


def test_form_without_its_token_or_with_that_of_somebody_else_is_a_400(
    client: FlaskClient, hood: Neighbourhood, form: dict[str, str]
) -> None:
    other = hood.app.test_client()
    sign_in(other, "ali")
    tokens = [None, "", "x", form["csrf_token"] + "x", booking_form(other)["csrf_token"]]
    found = [
        client.post(URL, data={**form, "csrf_token": t} if t is not None else {"day": "x"}).status_code
        for t in tokens
    ]
    assert found == [400] * 5
    assert client.post("/uitloggen").status_code == 400
    assert client.get("/mijn").status_code == 200


def test_token_in_a_header_will_do(client: FlaskClient, hood: Neighbourhood, form: dict[str, str]) -> None:
    token = form.pop("csrf_token")
    assert client.post(URL, data=form, headers={"X-CSRFToken": token}).status_code == 303


def test_token_is_right_for_its_own_session_only_and_stays_so(
    client: FlaskClient, hood: Neighbourhood, form: dict[str, str]
) -> None:
    other = hood.app.test_client()
    sign_in(other, "ali")
    theirs = booking_form(other)["csrf_token"]
    assert booking_form(client)["csrf_token"] == form["csrf_token"]

    def status_of(browser: FlaskClient, token: str) -> int:
        return browser.post(URL, data={**form, "csrf_token": token}).status_code

    for _ in range(2):
        assert status_of(client, form["csrf_token"]) != 400
        assert status_of(other, form["csrf_token"]) == 400
        assert status_of(client, theirs) == 400
        assert status_of(other, theirs) != 400

"""Signing in with address name, nickname and PIN, by browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests import builders as make
from tests.cast import token_in
from tests.watching import errors, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PAGE = "/inloggen/adres"
NO_MATCH = "Dit adres, deze bijnaam en deze pincode horen niet bij elkaar."


@pytest.fixture
def street(hood: Neighbourhood) -> Neighbourhood:
    """The neighbourhood; Noor has a nickname and a PIN."""
    home_id = hood.actor("noor").dwellings[0].home_id
    with hood.app.app_context():
        make.make_pin(person_id=hood.people["noor"], home_id=home_id, nickname="noortje")
    return hood


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def log_in(
    client: FlaskClient,
    address_name: str = "linde-14b",
    nickname: str = "noortje",
    pin: str = make.PIN,
    *,
    query: str = "",
    **fields: str,
) -> TestResponse:
    token = token_in(text_of(client.get(PAGE)))
    sent = {"csrf_token": token, "address_name": address_name, "nickname": nickname, "pin": pin}
    return client.post(f"{PAGE}{query}", data={**sent, **fields})


def test_two_ways_to_sign_in_lead_to_each_other_and_keep_where_one_goes(client: FlaskClient) -> None:
    by_email = text_of(client.get("/inloggen?next=/r/de-linde"))
    assert 'href="/inloggen/adres?next=/r/de-linde"' in by_email
    assert 'href="/inloggen?next=/r/de-linde"' in text_of(client.get(f"{PAGE}?next=/r/de-linde"))
    assert 'href="/inloggen/adres"' in text_of(client.get("/inloggen?next=//elders.example"))


@pytest.mark.parametrize(
    ("address_name", "nickname", "pin"),
    [("linde-14b", "noortje", make.PIN), ("  LINDE 14 B ", "Noortje ", "483 917")],
)
def test_who_has_no_email_gets_in_however_it_is_typed(
    street: Neighbourhood, client: FlaskClient, address_name: str, nickname: str, pin: str
) -> None:
    answer = log_in(client, address_name, nickname, pin, query="?next=/r/de-linde")
    assert (answer.status_code, answer.location) == (303, "/r/de-linde")
    assert "Je bent ingelogd als Noor de Proef." in visible(text_of(client.get("/mijn")))
    assert client.get(PAGE).location == "/mijn"


def test_wrong_address_nickname_and_pin_look_the_same(street: Neighbourhood, client: FlaskClient) -> None:
    tries = [
        ("linde-14b", "noortje", "590274"),
        ("linde-14b", "piet", make.PIN),
        ("linde-99", "noortje", make.PIN),
        ("nergens", "niemand", "123456"),
    ]
    seen = []
    for address_name, nickname, pin in tries:
        with statements(street.app) as asked:
            answer = log_in(client, address_name, nickname, pin)
        page = text_of(answer)
        bare = page.split("</head>", 1)[1].replace(token_in(page), "")
        bare = bare.replace(f'value="{address_name}"', "").replace(f'value="{nickname}"', "")
        seen.append((answer.status_code, bare, len(asked)))
        assert pin not in page
    assert seen == [seen[0]] * 4
    assert seen[0][0] == 422
    assert NO_MATCH in seen[0][1]
    assert row_counts(street.app, "session") == {"session": 0}


@pytest.mark.parametrize("where", [("linde-14b", "noortje"), ("nergens", "niemand")])
def test_eleventh_try_is_a_429_even_with_the_right_pin(
    street: Neighbourhood, client: FlaskClient, where: tuple[str, str]
) -> None:
    for _ in range(10):
        assert log_in(client, *where, "590274").status_code == 422
    answer = log_in(client, *where)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")
    assert "Er is te vaak geprobeerd. Morgen kan het weer." in visible(text_of(answer))


def test_browser_that_signed_in_before_gets_in_while_a_stranger_guesses(
    street: Neighbourhood, client: FlaskClient
) -> None:
    log_in(client)
    client.post("/uitloggen", data={"csrf_token": token_in(text_of(client.get("/mijn")))})
    stranger = street.app.test_client()
    assert [log_in(stranger, pin="590274").status_code for _ in range(11)] == [422] * 10 + [429]
    assert log_in(client).status_code == 303


@pytest.mark.parametrize(("fields", "life"), [({}, 0.5), ({"own_phone": "y"}, 180)])
def test_own_phone_stays_signed_in_longer(
    street: Neighbourhood, client: FlaskClient, fields: dict[str, str], life: float
) -> None:
    answer = log_in(client, **fields)
    (session,) = rows(street.app, "select expires_at - started_at from session")
    assert session[0] == timedelta(days=life).total_seconds()
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("ontmoet="))
    assert ("Expires=" in cookie) == bool(fields)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "4" * 5000, "\x00" * 6])
def test_what_cannot_be_a_pin_is_told_so_and_counts_for_nothing(
    street: Neighbourhood, client: FlaskClient, pin: str
) -> None:
    answer = log_in(client, pin=pin)
    assert answer.status_code == 422
    assert errors(text_of(answer))["pin"] == ("Vul 6 cijfers in." if pin else "Vul dit in.")
    assert row_counts(street.app, "throttle") == {"throttle": 0}


@pytest.mark.parametrize("typed", ["", " \u200d ", "x" * 61, "nul\x00", "\ud800", "‮linde", "ﷺ" * 40, "- -"])
def test_whatever_is_typed_as_address_and_nickname_is_a_422(
    street: Neighbourhood, client: FlaskClient, typed: str
) -> None:
    safe = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert log_in(client, safe, safe).status_code == 422

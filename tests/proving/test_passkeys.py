"""Passkeys: whose it is gets in with it, and nothing else does; and the page that lists what gets one in."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cast import sign_in
from tests.proving.authenticator import PRESENT, Authenticator
from tests.proving.deeds import ACCESS, come_in, sent, set_up, with_passkey
from tests.watching import row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

NOT_SO = "Dit lukte niet met een toegangssleutel"


@pytest.fixture(autouse=True)
def _at_a_name(hood: Neighbourhood) -> None:
    set_up(hood.app)


@pytest.fixture
def noor(hood: Neighbourhood) -> FlaskClient:
    client = hood.app.test_client()
    sign_in(client, "noor")
    return client


def says_no(client: FlaskClient) -> bool:
    page = visible(client.get("/inloggen").get_data(as_text=True))
    return NOT_SO in page


def test_who_made_a_passkey_gets_in_with_it_and_takes_it_away_again(
    hood: Neighbourhood, noor: FlaskClient
) -> None:
    device = with_passkey(noor)
    assert row_counts(hood.app, "passkey") == {"passkey": 1}
    assert [row.kind for row in rows(hood.app, "select kind from message")] == ["passkey_added"]
    again = sent(
        noor, f"{ACCESS}/sleutel", answer=device.make(noor.get(f"{ACCESS}/sleutel/vraag").get_json())
    )
    assert again.status_code == 303
    assert "al bekend" in visible(noor.get(ACCESS).get_data(as_text=True))

    phone = hood.app.test_client()
    assert come_in(phone, device, own_phone="y").location == "/mijn"
    assert "noor" in phone.get("/mijn").get_data(as_text=True).lower()
    kept = rows(hood.app, "select sign_count, used_at from passkey")[0]
    assert (kept.sign_count, kept.used_at is not None) == (1, True)
    assert rows(hood.app, "select own_phone, proven_at is not null as proven from session order by id desc")[
        0
    ] == (1, 1)

    public_id = rows(hood.app, "select public_id from passkey")[0][0]
    sent(noor, f"{ACCESS}/sleutel/weg", sleutel=public_id)
    assert row_counts(hood.app, "passkey") == {"passkey": 0}
    assert rows(hood.app, "select kind from message order by id")[-1].kind == "proof_removed"
    stranger = hood.app.test_client()
    assert come_in(stranger, device).location == "/inloggen?next=/mijn"
    assert says_no(stranger)


def test_passkey_of_another_is_not_taken_away(hood: Neighbourhood, noor: FlaskClient) -> None:
    with_passkey(noor)
    public_id = rows(hood.app, "select public_id from passkey")[0][0]
    ali = hood.app.test_client()
    sign_in(ali, "ali")
    sent(ali, f"{ACCESS}/sleutel/weg", sleutel=public_id)
    assert row_counts(hood.app, "passkey") == {"passkey": 1}


def test_answer_that_is_not_quite_right_lets_nobody_in(
    hood: Neighbourhood, noor: FlaskClient, moment: Move
) -> None:
    device = with_passkey(noor)
    client = hood.app.test_client()
    question = client.get("/inloggen/sleutel/vraag").get_json()
    good = device.show(question)
    for field, lie in (("origin", "https://elders.example"), ("rp_id", "elders.example"), ("flags", PRESENT)):
        truth = getattr(device, field)
        setattr(device, field, lie)
        assert come_in(client, device).location == "/inloggen?next=/mijn", field
        assert says_no(client), field
        setattr(device, field, truth)
    # Another question was asked since; one that nobody asked; no answer at all.
    for answer in (good, device.show({"challenge": "AAAA"}), "", "{}", "[]", '{"id": 3}', "x" * 9000):
        client.get("/inloggen/sleutel/vraag")
        sent(client, "/inloggen/sleutel", seen_on="/inloggen", answer=answer)
        assert says_no(client), answer
    # Too late.
    question = client.get("/inloggen/sleutel/vraag").get_json()
    moment(timedelta(minutes=6))
    sent(client, "/inloggen/sleutel", seen_on="/inloggen", answer=device.show(question))
    assert says_no(client)
    # A copy of the device, that counts back.
    device.count = 0
    assert come_in(client, device).location == "/mijn"
    device.count = 0
    other = hood.app.test_client()
    assert come_in(other, device).location == "/inloggen?next=/mijn"


def test_answer_is_taken_once_also_with_the_cookie_of_before(hood: Neighbourhood, noor: FlaskClient) -> None:
    device = with_passkey(noor, Authenticator(counts=False))
    first, second = hood.app.test_client(), hood.app.test_client()
    question = first.get("/inloggen/sleutel/vraag").get_json()
    cookie = first.get_cookie("ontmoet")
    answer = device.show(question)
    assert cookie is not None
    assert sent(first, "/inloggen/sleutel", seen_on="/inloggen", answer=answer).location == "/mijn"
    second.set_cookie("ontmoet", cookie.value)
    sent(second, "/inloggen/sleutel", seen_on="/inloggen", answer=answer)
    assert says_no(second)


def test_next_stays_on_the_site_and_password_alone_makes_no_passkey_long_after(
    hood: Neighbourhood, noor: FlaskClient, moment: Move
) -> None:
    device = with_passkey(noor)
    client = hood.app.test_client()
    question = client.get("/inloggen/sleutel/vraag").get_json()
    path = "/inloggen/sleutel?next=//kwaad.example"
    assert sent(client, path, seen_on="/inloggen", answer=device.show(question)).location == "/mijn"
    moment(timedelta(minutes=11))
    other = Authenticator()
    question = noor.get(f"{ACCESS}/sleutel/vraag").get_json()
    page = sent(noor, f"{ACCESS}/sleutel", answer=other.make(question)).get_data(as_text=True)
    assert "Ben jij het?" in page
    assert row_counts(hood.app, "passkey") == {"passkey": 1}
    # The answer goes along with the password.
    kept = html.unescape(page.split('name="answer" value="', 1)[1].split('"', 1)[0])
    done = sent(noor, f"{ACCESS}/sleutel", answer=kept, proof_secret="een goed wachtwoord")
    assert (done.status_code, done.location) == (303, ACCESS)
    assert row_counts(hood.app, "passkey") == {"passkey": 2}


def test_passkeys_are_not_offered_where_browsers_make_none(hood: Neighbourhood, noor: FlaskClient) -> None:
    set_up(hood.app, base_url="http://127.0.0.1:8000")
    assert "passkey.js" not in hood.app.test_client().get("/inloggen").get_data(as_text=True)
    assert "Op dit webadres kan dat niet" in noor.get(ACCESS).get_data(as_text=True)
    assert hood.app.test_client().get("/inloggen/sleutel/vraag").status_code == 400
    assert noor.get(f"{ACCESS}/sleutel/vraag").status_code == 400


def test_own_page_shows_devices_and_ends_them(hood: Neighbourhood, noor: FlaskClient, moment: Move) -> None:
    phone = hood.app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36"
    )
    sign_in(phone, "noor")
    noor.get("/r/de-linde")  # from here on the process remembers the room
    with statements(hood.app) as seen:
        page = visible(noor.get(ACCESS).get_data(as_text=True))
    assert len(seen) == 5
    assert "Chrome, Android" in page
    assert page.count("dit apparaat") == 1
    moment(timedelta(hours=1))
    ref = noor.get(ACCESS).get_data(as_text=True).split('name="toestel" value="', 1)[1].split('"', 1)[0]
    ali = hood.app.test_client()
    sign_in(ali, "ali")
    sent(ali, f"{ACCESS}/uitloggen", toestel=ref)
    assert phone.get("/mijn").status_code == 200
    sent(noor, f"{ACCESS}/uitloggen", toestel=ref)
    assert phone.get("/mijn").status_code == 302
    assert noor.get("/mijn").status_code == 200


def test_devices_that_are_called_the_same_are_told_apart_by_when_they_signed_in(
    hood: Neighbourhood, noor: FlaskClient, moment: Move
) -> None:
    for _again in range(2):
        moment(timedelta(hours=1))
        sign_in(hood.app.test_client(), "noor")
    page = " ".join(visible(noor.get(ACCESS).get_data(as_text=True)).split())
    said = re.findall(r"Log hier uit ([^.]*?, ingelogd vandaag [0-9:]+) ", page.replace("\u00a0", " "))
    assert len(said) == len(set(said)) == 2


def test_use_of_a_device_is_kept_to_the_day(hood: Neighbourhood, moment: Move) -> None:
    client = hood.app.test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    fields = {"csrf_token": token, "email": "noor@proef.example", "own_phone": "y"}
    client.post("/inloggen", data={**fields, "password": "een goed wachtwoord"})
    first = rows(hood.app, "select used_at from session")[0][0]
    moment(timedelta(hours=23))
    client.get("/mijn")
    assert rows(hood.app, "select used_at from session")[0][0] == first
    moment(timedelta(hours=2))
    client.get("/mijn")
    assert rows(hood.app, "select used_at from session")[0][0] == first + 25 * 3600

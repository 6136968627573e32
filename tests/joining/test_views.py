"""Joining by browser, with what people fill in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel.tokens import code_in
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.joining.deeds import a_letter, join, letter_rows, print_letters
from tests.my_data.test_new_address import mails
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

MADE = ("person", "residency", "credential", "invitation_use", "session")
DEAD = "Deze code werkt niet"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def fields(client: FlaskClient, code: str, **filled_in: str) -> dict[str, str]:
    """The form of a letter as the page gives it, filled in."""
    sent = inputs(text_of(client.get(f"/welkom/{code}")))
    return {
        **sent,
        "name": "Henk Mulder",
        "pin": make.PIN,
        "device": "eigen",
        "accepts_rules": "y",
        **filled_in,
    }


def send(client: FlaskClient, code: str, **filled_in: str) -> TestResponse:
    return client.post(f"/welkom/{code}", data=fields(client, code, **filled_in))


def type_in(client: FlaskClient, typed: str) -> TestResponse:
    token = token_in(text_of(client.get("/welkom")))
    return client.post("/welkom", data={"csrf_token": token, "code": typed})


def test_page_for_a_code_shows_one_and_tells_who_has_no_letter_whom_to_call(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    with statements(hood.app) as seen:
        page = text_of(client.get("/welkom"))
    assert len(seen) == 1  # the number
    words = visible(page)
    shape = re.search(r"Zo ziet hij eruit: ([^.]*)\.", words)
    assert shape is not None
    assert code_in(shape[1]) is not None
    assert "Geen brief? Vraag de gastheer of gastvrouw van je ruimte om een brief." in " ".join(words.split())
    assert 'href="tel:08005550000"' in page


def test_code_is_typed_over_forgivingly(hood: Neighbourhood, client: FlaskClient) -> None:
    code = a_letter(hood)
    in_groups = " ".join(code[n : n + 4].upper() for n in range(0, 28, 4))
    ways = [
        in_groups,
        in_groups.lower().replace(" ", "-"),
        f"  {code[:9]}\u00a0{code[9:]} ",
        in_groups.replace("0", "O").replace("1", "l"),
        code.replace("1", "I").replace("0", "o"),
        f"http://127.0.0.1:8000/welkom/{code}/",
    ]
    for typed in ways:
        answer = type_in(client, typed)
        assert (answer.status_code, answer.location) == (303, f"/welkom/{code}"), typed
    for way in (in_groups, in_groups.replace(" ", "-"), code.upper().replace("0", "O")):
        assert "Doe je mee?" in text_of(client.get(f"/welkom/{way}"))


@pytest.mark.parametrize(
    "typed", ["x", "0" * 27, "0" * 29, "u" * 28, "💥" * 28, "\u0660" * 28, "0" * 28, "../" * 9, "\u202e0000"]
)
def test_what_is_no_code_gets_the_kind_page_with_ways_on(
    hood: Neighbourhood, client: FlaskClient, typed: str
) -> None:
    answer = type_in(client, typed)
    if answer.status_code == 303:
        answer = client.get(answer.location)
    assert answer.status_code == 404
    assert DEAD in text_of(answer)
    assert 'href="tel:08005550000"' in text_of(answer)


@pytest.mark.parametrize("typed", ["", "  ", "nul\x00", "0" * 121])
def test_what_cannot_be_read_stays_in_the_form(hood: Neighbourhood, client: FlaskClient, typed: str) -> None:
    assert type_in(client, typed).status_code == 422


@pytest.mark.parametrize("path", ["%00", "a%00b", "%F0%9F%92%A5", "%C3%28", "x" * 100, "%2e%2e", "%E2%80%AE"])
def test_address_that_is_no_code_gets_the_kind_page(
    hood: Neighbourhood, client: FlaskClient, path: str
) -> None:
    assert client.get(f"/welkom/{path}").status_code == 404


def test_every_code_that_does_not_work_looks_the_same(
    hood: Neighbourhood, client: FlaskClient, moment: Callable[[timedelta], None]
) -> None:
    codes = print_letters(hood, "linde-2", "linde-14b", "linde-16")
    a_letter(hood, "linde-16")
    for number in range(6):
        join(hood, codes["linde-2"], device=f"d{number}", key=f"formulier {number}....", name=f"Naam{number}")
    assert send(client, codes["linde-14b"]).status_code == 303
    leave(client)
    seen = {
        "unknown": client.get(f"/welkom/{'0' * 28}"),
        "replaced": client.get(f"/welkom/{codes['linde-16']}"),
        "used up": client.get(f"/welkom/{codes['linde-2']}"),
        "used on this device": client.get(f"/welkom/{codes['linde-14b']}"),
    }
    moment(timedelta(days=90))
    seen["old"] = client.get(f"/welkom/{codes['linde-14b']}")
    stranger = hood.app.test_client()
    seen["old, elsewhere"] = stranger.get(f"/welkom/{codes['linde-14b']}")
    pages = {name: (answer.status_code, text_of(answer)) for name, answer in seen.items()}
    assert {status for status, _ in pages.values()} == {404}
    assert len({page for _, page in pages.values()}) == 1, pages.keys()


def leave(client: FlaskClient) -> None:
    token = token_in(text_of(client.get("/mijn")))
    assert client.post("/uitloggen", data={"csrf_token": token}).status_code == 303
    client.get("/inloggen")  # reads the message that it worked


def test_searching_for_codes_is_limited_and_a_real_letter_still_opens(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    code = a_letter(hood)
    statuses = [client.get(f"/welkom/{number:028d}").status_code for number in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    answer = client.get(f"/welkom/{'0' * 28}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert client.get(f"/welkom/{code}").status_code == 200


def test_page_of_a_letter_names_the_home_the_room_and_its_rules(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    with statements(hood.app) as seen:
        answer = client.get(f"/welkom/{code}")
    assert len(seen) <= 8
    page = text_of(answer)
    assert "linde-14b" in page
    assert "Huisregels van De Linde" in page
    assert "Na 22:00 uur is het stil." in page
    assert "Je bijnaam (hoeft niet)" in page
    assert "Noor" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_joins_is_signed_in_on_the_rooms_page_and_told_how_to_come_back(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    answer = send(client, a_letter(hood), nickname="Opa")
    assert (answer.status_code, answer.location) == (303, "/r/de-linde")
    page = visible(text_of(client.get("/r/de-linde")))
    assert "Welkom, Henk." in page
    assert "je adres linde-14b, je bijnaam Opa en je pincode" in page
    assert "Je bent ingelogd als Henk Mulder." in visible(text_of(client.get("/mijn")))
    leave(client)
    token = token_in(text_of(client.get("/inloggen/adres")))
    again = {"csrf_token": token, "address_name": "Linde 14b", "nickname": "OPA", "pin": make.PIN}
    assert client.post("/inloggen/adres", data=again).status_code == 303


def test_email_counts_after_the_code_and_a_taken_one_looks_the_same(
    hood: Neighbourhood, client: FlaskClient, tmp_path: Path
) -> None:
    code = a_letter(hood)
    send(client, code, email="Henk@Proef.example")
    other = hood.app.test_client()
    send(other, code, name="Ria", email="ali@proef.example")
    pages = [visible(text_of(browser.get("/r/de-linde"))) for browser in (client, other)]
    assert "We sturen een code naar Henk@Proef.example. Vul die in bij ‘Mijn gegevens’." in pages[0]
    assert "We sturen een code naar ali@proef.example." in pages[1]
    told = mails(hood, tmp_path)
    assert "al van jou" in told["ali@proef.example"]
    assert rows(hood.app, "select email from person where name = 'Henk Mulder'") == [(None,)]
    (digits,) = re.findall(r"^\d{6}$", told["henk@proef.example"], re.MULTILINE)
    with statements(hood.app) as seen:
        mine = text_of(client.get("/mijn/gegevens"))
    assert len(seen) <= 8
    where = "/mijn/gegevens/e-mailadres/code"
    assert f'href="{where}"' in mine
    form = inputs(text_of(client.get(where)))
    assert client.post(where, data={**form, "code": digits}).location == "/mijn/gegevens"
    assert rows(hood.app, "select email from person where name = 'Henk Mulder'") == [("henk@proef.example",)]


@pytest.mark.parametrize(("device", "hours"), [("eigen", 180 * 24), ("ander", 12)])
def test_whose_phone_it_is_decides_how_long_one_stays_signed_in(
    hood: Neighbourhood, client: FlaskClient, device: str, hours: int
) -> None:
    send(client, a_letter(hood), device=device)
    assert rows(hood.app, "select expires_at - started_at from session") == [(hours * 3600,)]


@pytest.mark.parametrize(
    ("filled_in", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "\u200d"}, "name"),
        ({"nickname": "x" * 41}, "nickname"),
        ({"nickname": "ﷺ" * 9}, "nickname"),
        ({"nickname": "\u200d"}, "nickname"),
        ({"pin": ""}, "pin"),
        ({"pin": "12345"}, "pin"),
        ({"pin": "123456"}, "pin"),
        ({"pin": "240548"}, "pin"),
        ({"device": ""}, "device"),
        ({"device": "x" * 5000}, "device"),
        ({"phone": "x"}, "phone"),
        ({"phone": "0" * 31}, "phone"),
        ({"email": "x"}, "email"),
        ({"email": "a\x00@x.nl"}, "email"),
        ({"accepts_rules": ""}, "accepts_rules"),
        ({"rules_seen": "de-linde:0"}, "accepts_rules"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_made(
    hood: Neighbourhood, client: FlaskClient, filled_in: dict[str, str], wrong: str
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    before = row_counts(hood.app, *MADE)
    sent = fields(client, code, **filled_in)
    if filled_in.get("accepts_rules") == "":
        del sent["accepts_rules"]
    answer = client.post(f"/welkom/{code}", data=sent)
    assert answer.status_code == 422
    assert list(errors(text_of(answer))) == [wrong]
    assert row_counts(hood.app, *MADE) == before
    assert letter_rows(hood) == [(6, False)]


def test_all_that_can_be_seen_at_once_is_told_at_once(hood: Neighbourhood, client: FlaskClient) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    sent = fields(client, code, name="", pin="123456", device="", phone="x", email="x")
    del sent["accepts_rules"]
    told = errors(text_of(client.post(f"/welkom/{code}", data=sent)))
    assert set(told) == {"name", "pin", "device", "phone", "email", "accepts_rules"}


def test_changed_rules_are_shown_and_agreed_with_the_next_time(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    sent = fields(client, code)
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde, number=2, body="Na 21:30 uur is het stil.")
    page = text_of(client.post(f"/welkom/{code}", data=sent))
    assert "Na 21:30 uur is het stil." in page
    again = {**inputs(page), "pin": make.PIN}
    assert client.post(f"/welkom/{code}", data=again).status_code == 303


def test_same_name_is_asked_ben_jij_dit_and_shows_nobodys_list(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    code = a_letter(hood)
    answer = send(client, code, name="noor DE proef")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Ben jij dit?" in page
    assert 'href="/inloggen/adres"' in page
    assert "Noor de Proef" not in page
    again = {**inputs(page), "pin": make.PIN, "is_somebody_else": "y"}
    assert client.post(f"/welkom/{code}", data=again).status_code == 303


def test_form_sent_twice_is_one_person(hood: Neighbourhood, client: FlaskClient) -> None:
    code = a_letter(hood)
    client.get(f"/welkom/{code}")
    other_tap = hood.app.test_client()
    sent = fields(client, code)
    for cookie in ("ontmoet", "ontmoet-device"):
        found = client.get_cookie(cookie)
        assert found is not None
        other_tap.set_cookie(cookie, found.value)
    answers = [browser.post(f"/welkom/{code}", data=sent) for browser in (client, other_tap)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/r/de-linde")] * 2
    assert row_counts(hood.app, "person", "invitation_use") == {"person": 8, "invitation_use": 1}


def test_housemate_reads_on_the_own_page_that_somebody_joined(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    send(client, a_letter(hood))
    housemate = hood.app.test_client()
    sign_in(housemate, "noor")
    with statements(hood.app) as seen:
        page = text_of(housemate.get("/mijn"))
    assert len(seen) <= 8
    assert "Er is iemand bij gekomen op jouw adres" in page
    assert "Henk" not in page


def test_names_are_kept_without_bidi_controls(hood: Neighbourhood, client: FlaskClient) -> None:
    send(client, a_letter(hood), name="\u202eHenk\u202c  Mulder", nickname="\u2066opa\u2069")
    assert rows(hood.app, "select name from person where name like 'Henk%'") == [("Henk Mulder",)]
    assert rows(hood.app, "select nickname from credential") == [("opa",)]


def test_page_sets_a_name_for_the_device_that_lasts(hood: Neighbourhood, client: FlaskClient) -> None:
    answer = client.get(f"/welkom/{a_letter(hood)}")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("ontmoet-device="))
    assert re.search(r"Max-Age=34560000; HttpOnly; Path=/; SameSite=Lax", cookie)

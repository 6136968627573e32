"""Somebody who takes part already uses the letter of another home: it is added to the own homes."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.joining.adding import add_home
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.joining.deeds import a_letter, join, letter_rows
from tests.joining.test_views import text_of
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

MADE = ("residency", "invitation_use", "acceptance", "message")


def add(
    hood: Neighbourhood, code: str, name: str = "fatma", *, device: str = "telefoon", rules: str = ""
) -> list[str]:
    """Add the home; why not, if it is refused."""
    with hood.app.app_context():
        try:
            with unit_of_work():
                add_home(
                    code,
                    hood.people[name],
                    accepts_rules=True,
                    rules_seen=rules,
                    form_key="een sleutel van een formulier",
                    device=device,
                    now=clock.now(),
                )
        except Refused as refusal:
            return [str(objection.reason) for objection in refusal.objections]
    return []


def homes_of(hood: Neighbourhood, name: str) -> int:
    return len(hood.actor(name).dwellings)


def test_home_is_added_once_and_those_who_live_there_are_told(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    assert add(hood, code, rules="de-linde:1") == []
    assert add(hood, code, rules="de-linde:1") == [], "a second tap"
    assert homes_of(hood, "fatma") == 2
    assert {place.slug for place in hood.actor("fatma").places} == {"de-linde", "het-plein"}
    (since,) = rows(hood.app, "select count(*) from residency where since = :today", today="2026-11-24")
    assert since == (1,)
    assert letter_rows(hood) == [(5, False)]
    assert rows(hood.app, "select person_id, rules_version_id from acceptance") == [
        (hood.people["fatma"], version)
    ]
    assert rows(hood.app, "select kind, person_id from message") == [
        ("housemate_joined", hood.people["noor"])
    ]
    assert rows(hood.app, "select actor_id from audit where action = 'home_added'") == [
        (hood.people["fatma"],)
    ]


def test_same_letter_rules_hold_as_for_joining(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    code = a_letter(hood)
    join(hood, code)
    assert add(hood, code) == ["no_letter"], "used on this device"
    for number in range(5):
        join(hood, code, device=f"d{number}", key=f"formulier nummer {number}", name=f"Naam{number}")
    assert add(hood, code, device="tablet") == ["no_letter"], "used up"
    old = a_letter(hood, "linde-2")
    moment(timedelta(days=90))
    assert add(hood, old, device="tablet") == ["no_letter"]
    assert add(hood, "0" * 28) == ["no_letter"]
    assert homes_of(hood, "fatma") == 1


def test_only_rules_that_were_on_the_screen_are_agreed_with(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    before = row_counts(hood.app, *MADE)
    assert add(hood, code) == ["rules_changed"]
    assert (row_counts(hood.app, *MADE), letter_rows(hood)) == (before, [(6, False)])
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["fatma"], rules_version_id=version)
    assert add(hood, code) == [], "agreed before"


def test_who_moved_out_comes_back(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update residency set until = '2026-11-24' where person_id = :id"), id=hood.people["ali"]
        )
    assert add(hood, a_letter(hood, "linde-16"), "ali") == []
    assert homes_of(hood, "ali") == 1


def at_once(hood: Neighbourhood, *tries: tuple[str, str, str]) -> list[list[str]]:
    """What becomes of these (code, name, device) that come at the same moment."""
    ready, found = threading.Barrier(len(tries)), []

    def one(code: str, name: str, device: str) -> None:
        ready.wait()
        found.append(add(hood, code, name, device=device))

    threads = [threading.Thread(target=one, args=args) for args in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_two_taps_at_once_are_one_home(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    assert at_once(hood, *[(code, "fatma", "telefoon")] * 4) == [[]] * 4
    assert (homes_of(hood, "fatma"), letter_rows(hood)) == (2, [(5, False)])


def test_last_use_is_for_one_of_two(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text("update invitation set uses_left = 1"))
    assert at_once(hood, (code, "fatma", "een"), (code, "ali", "twee")) == [[], ["no_letter"]]
    assert letter_rows(hood) == [(0, False)]


def test_page_asks_and_one_press_adds_the_home(hood: Neighbourhood, client: FlaskClient) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    sign_in(client, "fatma")
    client.get("/r/de-linde")  # from here on the process remembers the room
    with statements(hood.app) as seen:
        page = text_of(client.get(f"/welkom/{code}"))
    assert len(seen) == 6
    assert "Deze brief is voor linde-14b. Je bent ingelogd als Fatma de Proef." in visible(page)
    assert "Na 22:00 uur is het stil." in page
    assert "Noor" not in page
    sent = {**inputs(page), "add": "1"}
    refused = client.post(f"/welkom/{code}", data=sent)
    assert (refused.status_code, list(errors(text_of(refused)))) == (422, ["accepts_rules"])
    assert homes_of(hood, "fatma") == 1
    first = client.get_cookie("ontmoet")
    for tap in range(3):
        answer = client.post(f"/welkom/{code}", data={**sent, "accepts_rules": "y"})
        assert (answer.status_code, answer.location) == (303, "/r/de-linde")
        if tap == 0:
            # A second tap goes out before the answer to the first is there.
            client.set_cookie(first.key, first.value)
    page = visible(text_of(client.get("/r/de-linde")).split("</head>")[1])
    assert page.count("linde-14b staat nu bij jouw adressen.") == 1
    assert letter_rows(hood) == [(5, False)]
    page = visible(text_of(client.get(f"/welkom/{code}")))
    assert "Je woont al op linde-14b." in page
    assert "Naar De Linde" in page


def test_button_pressed_twice_at_once_never_says_that_the_letter_is_used(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    browser = hood.app.test_client()
    sign_in(browser, "fatma")
    sent = {**inputs(text_of(browser.get(f"/welkom/{code}"))), "add": "1"}
    cookies = [browser.get_cookie(name) for name in ("ontmoet", "ontmoet-device")]
    answers: list[tuple[int, str]] = []

    def press() -> None:
        tap = hood.app.test_client()
        for cookie in cookies:
            assert cookie is not None
            tap.set_cookie(cookie.key, cookie.value)
        answer = tap.post(f"/welkom/{code}", data=sent)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, "/r/de-linde")] * 6
    assert (homes_of(hood, "fatma"), letter_rows(hood)) == (2, [(5, False)])


def test_form_to_join_adds_nothing_to_who_is_signed_in(hood: Neighbourhood, client: FlaskClient) -> None:
    code = a_letter(hood)
    sign_in(client, "fatma")
    before = row_counts(hood.app, *MADE)
    token = token_in(text_of(client.get("/mijn")))
    joins = {"csrf_token": token, "name": "Henk", "pin": make.PIN, "device": "eigen", "accepts_rules": "y"}
    assert client.post(f"/welkom/{code}", data=joins).status_code == 200
    broken = client.post(f"/welkom/{code}", data={"csrf_token": token, "add": "1"})
    assert broken.status_code == 422
    assert row_counts(hood.app, *MADE) == before


def test_letter_that_does_not_work_says_so_to_who_is_signed_in_too(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    old, _new = a_letter(hood), a_letter(hood)
    sign_in(client, "fatma")
    for code in (old, "0" * 28, "x"):
        assert client.get(f"/welkom/{code}").status_code == 404
    sign = hood.app.test_client()
    sign_in(sign, "noor")
    assert "Je woont al op linde-14b." in visible(text_of(sign.get(f"/welkom/{old}"))), "it is her own home"


def test_news_of_one_home_is_not_lost_by_coming_to_live_in_another(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    join(hood, a_letter(hood, "linde-2"), name="Ria")
    add(hood, a_letter(hood), "bram", device="tablet")
    join(
        hood,
        a_letter(hood),
        name="Sem",
        device="klein",
        is_child=True,
        guardian="Bram",
        key="derde formulier.",
    )
    sign_in(client, "bram")
    page = visible(text_of(client.get("/mijn")))
    assert page.count("Er is iemand bij gekomen op jouw adres") == 1
    assert page.count("Een kind op jouw adres wil meedoen en vraagt of jij dat goed vindt.") == 1
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    page = visible(text_of(noor.get("/mijn")))
    assert page.count("Er is iemand bij gekomen op jouw adres") == 2
    assert "Een kind" not in page

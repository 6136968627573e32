"""Who is signed in and knows the PIN chooses another."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.recovery import slips
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.my_data.test_new_address import mails
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PAGE, NEW, WRONG = "/mijn/pincode", "702816", "590274"


@pytest.fixture
def henk(hood: Neighbourhood) -> Neighbourhood:
    """Henk lives next door to nobody and signs in by PIN."""
    return with_henk(hood)


def with_henk(hood: Neighbourhood) -> Neighbourhood:
    home_id = hood.actor("ali").dwellings[0].home_id
    with hood.app.app_context():
        hood.people["henk"] = make.make_person(name="Henk Mulder")
        make.make_residency(person_id=hood.people["henk"], home_id=home_id)
        make.make_pin(person_id=hood.people["henk"], home_id=home_id, nickname="henk")
    return hood


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_in(text_of(client.get(path))), **fields})


def log_in(client: FlaskClient, pin: str = make.PIN) -> TestResponse:
    return send(client, "/inloggen/adres", address_name="linde-16", nickname="henk", pin=pin)


def change(client: FlaskClient, current: str = make.PIN, pin: str = NEW, **others: str) -> TestResponse:
    return send(client, PAGE, nickname="henk", current=current, pin=pin, **others)


def test_pin_of_now_gives_a_new_one_and_other_devices_are_signed_out(
    henk: Neighbourhood, client: FlaskClient
) -> None:
    other = henk.app.test_client()
    log_in(client)
    log_in(other)
    mine = text_of(client.get("/mijn/toegang"))
    assert f'href="{PAGE}"' in mine
    assert "/mijn/wachtwoord" not in mine
    page = text_of(client.get(PAGE))
    assert 'value="henk"' in page
    assert change(client, end_others="y").location == "/mijn"
    assert "Je hebt een nieuwe pincode." in visible(text_of(client.get("/mijn")))
    assert other.get("/mijn").status_code == 302
    again = henk.app.test_client()
    assert log_in(again).status_code == 422
    assert log_in(again, NEW).status_code == 303
    acts = rows(henk.app, "select action, changes from audit where action like 'pin%' order by id")
    assert [tuple(row) for row in acts] == [("pin_given", "{}"), ("pin_changed", '{"ended_others": true}')]


def test_other_devices_stay_signed_in_by_choice(henk: Neighbourhood, client: FlaskClient) -> None:
    other = henk.app.test_client()
    log_in(client)
    log_in(other)
    assert change(client).status_code == 303
    assert other.get("/mijn").status_code == 200


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"current": WRONG}, "current"),
        ({"current": ""}, "current"),
        ({"current": "12345"}, "current"),
        ({"pin": "123456"}, "pin"),
        ({"pin": ""}, "pin"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_changes(
    henk: Neighbourhood, client: FlaskClient, fields: dict[str, str], wrong: str
) -> None:
    log_in(client)
    answer = change(client, **fields)
    assert (answer.status_code, list(errors(text_of(answer)))) == (422, [wrong])
    assert all(pin not in text_of(answer) for pin in (make.PIN, NEW, WRONG))
    assert log_in(henk.app.test_client()).status_code == 303


def test_nickname_of_a_housemate_is_refused_and_costs_no_try(
    henk: Neighbourhood, client: FlaskClient
) -> None:
    with henk.app.app_context():
        home_id = henk.actor("ali").dwellings[0].home_id
        make.make_pin(person_id=henk.people["ali"], home_id=home_id, nickname="ali")
    log_in(client)
    for _ in range(12):
        answer = send(client, PAGE, nickname="Ali", current=make.PIN, pin=NEW)
        assert list(errors(text_of(answer))) == ["nickname"]


def test_guessing_at_the_pin_of_now_ends_as_at_signing_in(henk: Neighbourhood, client: FlaskClient) -> None:
    log_in(client)
    assert [change(client, WRONG).status_code for _ in range(10)] == [422] * 10
    over = change(client)
    assert (over.status_code, over.headers["Retry-After"]) == (429, "3600")
    client.delete_cookie("ontmoet-device")
    assert [change(client, WRONG).status_code for _ in range(10)] == [422] * 10
    over = change(client)
    assert (over.status_code, over.headers["Retry-After"]) == (429, "86400"), "a device nobody knows"


def test_of_many_wrong_pins_at_once_ten_are_tried(hood_on_both: Neighbourhood) -> None:
    hood = with_henk(hood_on_both)
    browser = hood.app.test_client()
    log_in(browser)
    token = token_in(text_of(browser.get(PAGE)))
    cookies = [browser.get_cookie(name) for name in ("ontmoet", "ontmoet-device")]
    statuses: list[int] = []

    def guess() -> None:
        one = hood.app.test_client()
        for cookie in cookies:
            assert cookie is not None
            one.set_cookie(cookie.key, cookie.value)
        fields = {"csrf_token": token, "nickname": "henk", "current": WRONG, "pin": NEW}
        statuses.append(one.post(PAGE, data=fields).status_code)

    threads = [threading.Thread(target=guess) for _ in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [422] * 10 + [429] * 4


def test_pin_stays_with_the_home_it_was_chosen_for(henk: Neighbourhood, client: FlaskClient) -> None:
    earlier = henk.actor("noor").dwellings[0].home_id
    with henk.app.app_context():
        make.make_residency(person_id=henk.people["henk"], home_id=earlier)
    log_in(client)
    assert change(client).status_code == 303
    assert log_in(henk.app.test_client(), NEW).status_code == 303


def test_who_has_no_pin_reads_how_to_get_one(henk: Neighbourhood, client: FlaskClient) -> None:
    sign_in(client, "noor")
    page = visible(text_of(client.get(PAGE)))
    assert "Vraag de gastheer" in page
    assert "Pincode van nu" not in page
    token = token_in(text_of(client.get("/mijn")))
    fields = {"csrf_token": token, "nickname": "noor", "current": make.PIN, "pin": NEW}
    assert client.post(PAGE, data=fields).status_code == 422
    assert rows(henk.app, "select count(*) from credential") == [(1,)]


def test_who_has_both_changes_both_and_is_mailed(
    hood: Neighbourhood, client: FlaskClient, tmp_path: Path
) -> None:
    home_id = hood.actor("noor").dwellings[0].home_id
    with hood.app.app_context():
        make.make_pin(person_id=hood.people["noor"], home_id=home_id, nickname="noor")
    sign_in(client, "noor")
    with statements(hood.app) as seen:
        mine = text_of(client.get("/mijn/toegang"))
    assert len(seen) <= 8
    assert all(f'href="{path}"' in mine for path in (PAGE, "/mijn/wachtwoord"))
    assert send(client, PAGE, nickname="noor", current=make.PIN, pin=NEW).location == "/mijn"
    assert "Je pincode is net veranderd." in mails(hood, tmp_path)["noor@proef.example"]


def test_who_came_in_by_a_slip_needs_no_pin_of_now(
    henk: Neighbourhood, client: FlaskClient, moment: Callable[[timedelta], None]
) -> None:
    key = henk.app.config["SECRET_KEY"]
    with henk.app.app_context(), unit_of_work():
        code = slips.make_slip(
            henk.people["henk"], room_id=henk.linde, made_by_id=henk.people["bram"], key=key, now=TUESDAY
        )
    assert send(client, "/inloggen/briefje", code=code).location == PAGE
    assert "Pincode van nu" not in visible(text_of(client.get(PAGE)))
    assert send(client, PAGE, nickname="henk", pin=NEW, end_others="y").location == "/mijn"
    assert client.get("/mijn").status_code == 200
    moment(timedelta(minutes=31))
    assert "Pincode van nu" in visible(text_of(client.get(PAGE)))

"""Who shuts others out shuts out also who has a slip, a link or the address of the calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.lifecycle.actions import record_death
from ontmoet.lifecycle.merging import merge
from ontmoet.membership.actions import Post, give
from ontmoet.membership.rules import By, Term
from ontmoet.proving.actions import reset
from ontmoet.recovery.slips import make_slip
from tests import builders as make
from tests.cast import sign_in
from tests.my_data.test_new_address import mails
from tests.recovery.test_recovery_views import NEW, ask, mailed, send, text_of
from tests.watching import visible

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PASSWORD = "/mijn/wachtwoord"


def slip_of(hood: Neighbourhood, name: str = "noor") -> str:
    with hood.app.app_context(), unit_of_work():
        return make_slip(
            hood.people[name],
            room_id=hood.linde,
            made_by_id=hood.people["bram"],
            key=hood.app.config["SECRET_KEY"],
            now=clock.now(),
        )


def gets_in(hood: Neighbourhood, slip: str, link: str) -> tuple[bool, bool]:
    """Whether a slip and a link still let somebody in."""
    by_slip = send(hood.app.test_client(), "/inloggen/briefje", code=slip)
    by_link = send(hood.app.test_client(), link)
    return by_slip.status_code == 303, by_link.status_code == 303


@pytest.mark.parametrize(
    ("way", "fields", "stay"),
    [
        ("/uitloggen/overal", {}, False),
        (PASSWORD, {"current": make.PASSWORD, "password": NEW, "end_others": "y"}, False),
        (PASSWORD, {"current": make.PASSWORD, "password": NEW}, True),
    ],
)
def test_slip_and_link_of_before_let_nobody_in_once_others_are_signed_out(
    client: FlaskClient, hood: Neighbourhood, way: str, fields: dict[str, str], stay: bool
) -> None:
    slip = slip_of(hood)
    ask(hood.app.test_client())
    link, _code = mailed(hood)
    sign_in(client, "noor")
    page = PASSWORD if way == PASSWORD else "/mijn"
    token = text_of(client.get(page)).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    assert client.post(way, data={"csrf_token": token, **fields}).status_code == 303
    assert gets_in(hood, slip, link) == (stay, stay)


def test_slip_and_code_of_somebody_else_stay_good(client: FlaskClient, hood: Neighbourhood) -> None:
    slip = slip_of(hood, "ali")
    ask(hood.app.test_client(), "ali@proef.example")
    link, _code = mailed(hood)
    sign_in(client, "noor")
    assert send(client, PASSWORD, current=make.PASSWORD, password=NEW, end_others="y").location == "/mijn"
    assert gets_in(hood, slip, link) == (True, True)


@pytest.mark.parametrize("deed", ["death", "merged", "reset"])
def test_slip_and_link_work_no_longer_after_what_others_did(hood_on_both: Neighbourhood, deed: str) -> None:
    hood = hood_on_both
    noor, now = hood.people["noor"], clock.now()
    slip = slip_of(hood)
    ask(hood.app.test_client())
    link, _code = mailed(hood)
    by = By(hood.people["sanne"], hood.linde, now)
    with hood.app.app_context(), unit_of_work():
        if deed == "death":
            record_death(noor, by)
        elif deed == "merged":
            merge(hood.people["ali"], noor, by)
        else:
            reset(noor, by=hood.people["mo"], now=now)
    assert gets_in(hood, slip, link) == (False, False)


def test_link_to_the_old_address_lets_nobody_in_once_the_new_one_counts(
    client: FlaskClient, hood: Neighbourhood, tmp_path: Path
) -> None:
    ask(hood.app.test_client())
    link, _code = mailed(hood)
    sign_in(client, "noor")
    address = "/mijn/gegevens/e-mailadres"
    send(client, address, email="noor@nieuw.example")
    (path,) = re.findall(r"http://127.0.0.1:8000(/\S+)", mails(hood, tmp_path)["noor@nieuw.example"])
    code = path.split("code=")[1]
    sent = send(client, f"{address}/code", code=code, idempotency_key=make.new_key())
    assert sent.status_code == 303
    assert send(hood.app.test_client(), link).status_code == 422


def test_calendar_of_whoever_made_an_address_ends_with_the_others(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    thief = hood.app.test_client()
    sign_in(thief, "noor")
    send(thief, "/mijn/agenda", deed="make")
    (feed,) = set(re.findall(r"/agenda/[0-9a-z]{28}\.ics", text_of(thief.get("/mijn/agenda"))))
    sign_in(client, "noor")
    change = {"current": make.PASSWORD, "password": NEW}
    assert send(client, PASSWORD, **change).status_code == 303
    assert thief.get(feed).status_code == 200
    change = {"current": NEW, "password": make.PASSWORD, "end_others": "y"}
    assert send(client, PASSWORD, **change).status_code == 303
    assert thief.get(feed).status_code == 404
    assert "Het adres van je agenda werkt niet meer." in visible(text_of(client.get("/mijn")))
    change = {"current": make.PASSWORD, "password": NEW, "end_others": "y"}
    assert send(client, PASSWORD, **change).status_code == 303
    assert "Het adres van je agenda" not in visible(text_of(client.get("/mijn")))


def test_slip_of_before_somebody_got_a_function_gives_nobody_that_function(hood: Neighbourhood) -> None:
    slip = slip_of(hood, "ali")
    with hood.app.app_context(), unit_of_work():
        give(
            Post(hood.people["ali"], Function.CHAIR, hood.linde),
            Term(date(2026, 11, 24), None),
            actor_id=hood.people["sanne"],
            now=clock.now(),
        )
    assert send(hood.app.test_client(), "/inloggen/briefje", code=slip).status_code == 422


def test_slip_gives_nothing_that_begins_before_it_is_used(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context(), unit_of_work():
        give(
            Post(hood.people["ali"], Function.CHAIR, hood.linde),
            Term(date(2026, 11, 25)),
            actor_id=hood.people["sanne"],
            now=clock.now(),
        )
    slip = slip_of(hood, "ali")
    moment(timedelta(hours=12))
    assert send(hood.app.test_client(), "/inloggen/briefje", code=slip).status_code == 422


def test_slip_for_who_is_merged_with_somebody_works_no_longer(hood: Neighbourhood) -> None:
    slip = slip_of(hood, "ali")
    with hood.app.app_context():
        double = make.make_person(name="Ali de Proef")
        make.make_role(person_id=double, function=Function.CHAIR, room_id=hood.linde)
        with unit_of_work():
            by = By(hood.people["mo"], hood.linde, clock.now())
            merge(hood.people["ali"], double, by)
    assert send(hood.app.test_client(), "/inloggen/briefje", code=slip).status_code == 422

"""Removing somebody who cannot sign in: by whom, whom, and what is written down of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Actor, Function
from ontmoet.kernel.objections import Refused
from ontmoet.membership.rules import By
from ontmoet.my_data.removing import leave, remove
from ontmoet.my_data.rules import Asked, Reason, objections_to_removing
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.my_data.leaving import NAME, TRACES, found_in, move_in_everywhere
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

HERE, THERE = 1, 2
ERASED = "select id from person where erased_at is not null"


def page_of(hood: Neighbourhood, name: str, slug: str = "de-linde") -> str:
    """Where this person is removed."""
    return f"/r/{slug}/mensen/{hood.public_id(name)}/verwijderen"


def sent(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = token_in(client.get("/mijn").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


def seen(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return visible(answer.get_data(as_text=True))


STAFF_HERE = Actor(7, "Sanne", functions={HERE: frozenset({Function.STAFF})})
STAFF_OF_BOTH = Actor(7, "Sanne", functions={n: frozenset({Function.STAFF}) for n in (HERE, THERE)})
ADMINISTRATOR = Actor(7, "Mo", functions={None: frozenset({Function.ADMINISTRATOR})})
CHAIR = Actor(7, "Fatma", functions={HERE: frozenset({Function.CHAIR})})


@pytest.mark.parametrize(
    ("actor", "person_id", "ties", "reason"),
    [
        (STAFF_HERE, 9, {HERE}, None),
        (STAFF_HERE, 9, {HERE, THERE}, Reason.NOT_YOURS_ALONE),
        (STAFF_OF_BOTH, 9, {HERE, THERE}, None),
        (STAFF_OF_BOTH, 9, {HERE, None}, Reason.NOT_YOURS_ALONE),
        (ADMINISTRATOR, 9, {HERE, THERE, None}, None),
        (CHAIR, 9, {HERE}, Reason.NOT_YOURS_ALONE),
        (STAFF_HERE, 7, {HERE}, Reason.NOT_YOURSELF),
        (ADMINISTRATOR, 7, {None}, Reason.NOT_YOURSELF),
    ],
)
def test_staff_answer_for_their_rooms_and_an_administrator_for_all(
    actor: Actor, person_id: int, ties: set[int | None], reason: Reason | None
) -> None:
    found = [objection.reason for objection in objections_to_removing(actor, person_id, ties)]
    assert found == ([] if reason is None else [reason])


def test_who_is_removed_is_gone_and_only_who_did_it_and_how_it_was_asked_is_known(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    zebedeus = move_in_everywhere(hood)
    client = hood.app.test_client()
    sign_in(client, "sanne")
    path = page_of(hood, "zebedeus")
    page = seen(client, path)
    assert f"Gegevens van {NAME} wissen" in page
    assert "3 reserveringen die nog komen, zeggen we af." in page
    answer = sent(client, path, asked="letter", sure="y")
    assert (answer.status_code, answer.location) == (303, "/r/de-linde/mensen")
    assert "De gegevens zijn weg." in seen(client, answer.location)
    assert rows(hood.app, ERASED) == [(zebedeus,)]
    (row,) = rows(hood.app, "select * from audit where action = 'person_erased'")
    assert json.loads(row.changes) == {"asked": "letter"}
    assert (row.actor_id, row.object_id, row.room_id) == (hood.people["sanne"], zebedeus, None)
    erasures = hood.app.extensions["ontmoet_config"].data / "erased.jsonl"
    assert len(erasures.read_text().splitlines()) == 1
    with hood.app.app_context():
        assert found_in(erasures.parent, *TRACES) == {}


def test_doing_it_twice_is_doing_it_once(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    path = page_of(hood, "ali")
    answers = [sent(client, path, asked="phone", sure="y") for _again in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/r/de-linde/mensen")] * 2
    assert rows(hood.app, "select count(*) from audit where action = 'person_erased'") == [(1,)]
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"asked", "sure"}),
        ({"sure": "y"}, {"asked"}),
        ({"asked": "letter"}, {"sure"}),
        ({"asked": "zomaar", "sure": "y"}, {"asked"}),
    ],
)
def test_nobody_is_removed_unasked_or_by_accident(
    client: FlaskClient, hood: Neighbourhood, fields: dict[str, str], wrong: set[str]
) -> None:
    sign_in(client, "sanne")
    refused = sent(client, page_of(hood, "ali"), **fields)
    assert (refused.status_code, set(errors(refused.get_data(as_text=True)))) == (422, wrong)
    assert rows(hood.app, ERASED) == []


@pytest.mark.parametrize("who", ["noor", "bram", "riet"])
def test_neighbours_make_nobody_disappear(client: FlaskClient, hood: Neighbourhood, who: str) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["noor"], function=Function.CHAIR, room_id=hood.linde)
    sign_in(client, who)
    assert client.get(page_of(hood, "ali")).status_code == 404
    assert sent(client, page_of(hood, "ali"), asked="letter", sure="y").status_code == 404
    assert rows(hood.app, ERASED) == []


def test_chair_is_offered_no_removing_and_staff_is(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["noor"], function=Function.CHAIR, room_id=hood.linde)
    for who, is_offered in (("noor", False), ("sanne", True), ("mo", True)):
        browser = hood.app.test_client()
        sign_in(browser, who)
        path = page_of(hood, "ali")
        page = browser.get(path.removesuffix("/verwijderen")).get_data(as_text=True)
        assert (f'href="{path}"' in page) is is_offered, who


def test_somebody_of_another_room_is_not_there(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    assert client.get(page_of(hood, "fatma")).status_code == 404
    assert client.get(page_of(hood, "fatma", "het-plein")).status_code == 404
    assert sent(client, page_of(hood, "fatma"), asked="letter", sure="y").status_code == 404
    assert rows(hood.app, ERASED) == []


@pytest.mark.parametrize("way", ["each other", "themselves"])
def test_of_two_administrators_one_stays_however_fast_they_are(hood_on_both: Neighbourhood, way: str) -> None:
    hood = hood_on_both
    people = {name: hood.people[name] for name in ("mo", "noor")}
    with hood.app.app_context():
        make.make_role(person_id=people["noor"], function=Function.ADMINISTRATOR, room_id=None)

    def attempt(pair: tuple[int, int]) -> bool:
        try:
            with hood.app.app_context(), unit_of_work():
                if way == "themselves":
                    leave(pair[0], is_sure=True, by=pair[0], now=clock.now())
                else:
                    remove(pair[0], Asked.LETTER, By(pair[1], hood.linde, clock.now()))
        except Refused:
            return False
        return True

    pairs = [(people["mo"], people["noor"]), (people["noor"], people["mo"])]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, pairs)) == [False, True]
    assert len(rows(hood.app, ERASED)) == 1


@pytest.mark.parametrize("tie", ["function", "home", "right of use", "booking", "corporation"])
def test_who_also_belongs_elsewhere_is_for_an_administrator(
    client: FlaskClient, hood: Neighbourhood, tie: str
) -> None:
    ali = hood.people["ali"]
    with hood.app.app_context():
        if tie == "function":
            make.make_role(person_id=ali, function=Function.HOST, room_id=hood.plein)
        elif tie == "home":
            home = make.make_home(complex_id=2, address_name="plein-3")
            make.make_residency(person_id=ali, home_id=home)
        elif tie == "right of use":
            make.make_right_of_use(room_id=hood.plein, home_id=2)
        elif tie == "corporation":
            make.make_role(person_id=ali, function=Function.ADMINISTRATOR, room_id=None)
    if tie == "booking":
        with hood.app.app_context():
            role = make.make_role(person_id=ali, function=Function.HOST, room_id=hood.plein)
        hood.book("ali", "2026-12-01 10:00", "2026-12-01 11:00", room="plein", zone="")
        with hood.app.app_context(), unit_of_work():
            execute(text("update role set until = since where id = :id"), id=role)
    sign_in(client, "sanne")
    page = seen(client, page_of(hood, "ali"))
    assert "Vraag het een beheerder." in page
    assert "Mo de Proef" in page
    assert "Wis deze gegevens" not in page
    refused = sent(client, page_of(hood, "ali"), asked="letter", sure="y")
    assert refused.status_code == 422
    assert "Vraag het een beheerder." in visible(refused.get_data(as_text=True))
    assert rows(hood.app, ERASED) == []
    mo = hood.app.test_client()
    sign_in(mo, "mo")
    assert sent(mo, page_of(hood, "ali"), asked="letter", sure="y").status_code == 303
    assert rows(hood.app, ERASED) == [(ali,)]


def test_oneself_is_removed_on_the_own_page(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    page = client.get(page_of(hood, "sanne")).get_data(as_text=True)
    assert 'href="/mijn/gegevens/verwijderen"' in page
    assert "Wis deze gegevens" not in visible(page)
    assert sent(client, page_of(hood, "sanne"), asked="letter", sure="y").status_code == 422
    assert rows(hood.app, ERASED) == []


def test_who_has_a_child_here_waits_for_it(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        child = make.make_person(name="Kind de Proef")
        with unit_of_work():
            execute(
                text("update person set guardian_id = :ali where id = :id"), ali=hood.people["ali"], id=child
            )
    sign_in(client, "sanne")
    assert "Een kind hoort hier nog bij." in seen(client, page_of(hood, "ali"))
    refused = sent(client, page_of(hood, "ali"), asked="family", sure="y")
    assert refused.status_code == 422
    assert "Een kind hoort hier nog bij." in visible(refused.get_data(as_text=True))
    assert rows(hood.app, ERASED) == []


def test_password_is_asked_again_first(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    sign_in(client, "sanne")
    path = page_of(hood, "ali")
    moment(timedelta(minutes=11))
    for answer in (client.get(path), sent(client, path, asked="letter", sure="y")):
        assert (answer.status_code, answer.location) == (303, f"/mijn/gegevens/bevestigen?next={path}")
    assert rows(hood.app, ERASED) == []
    assert sent(client, f"/mijn/gegevens/bevestigen?next={path}", secret=make.PASSWORD).location == path


def test_page_stays_within_its_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    path = page_of(hood, "ali")
    client.get(path)
    with statements(hood.app) as run:
        client.get(path)
    assert len(run) == 6

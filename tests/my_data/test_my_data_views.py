"""The pages about one's own data: for nobody else, only after saying again who it is, and complete."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.actions import post
from ontmoet.trail.actions import record
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.my_data.leaving import EMAIL, NAME, NICKNAME, PHONE, PURPOSE, move_in_everywhere
from tests.watching import errors, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

HOME = "/mijn/gegevens"


def sent(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as its page would."""
    return client.post(
        path, data={"csrf_token": token_in(client.get("/mijn").get_data(as_text=True)), **fields}
    )


def public_id_of(hood: Neighbourhood, name: str) -> str:
    (row,) = rows(hood.app, "select public_id from person where id = :id", id=hood.people[name])
    found: str = row.public_id
    return found


@pytest.fixture
def zebedeus(hood: Neighbourhood, client: FlaskClient) -> FlaskClient:
    """The browser of somebody with data everywhere, just signed in."""
    move_in_everywhere(hood)
    page = client.get("/inloggen").get_data(as_text=True)
    client.post("/inloggen", data={"csrf_token": token_in(page), "email": EMAIL, "password": make.PASSWORD})
    return client


def test_page_says_what_is_known_why_how_long_and_who_sees_it(zebedeus: FlaskClient) -> None:
    answer = zebedeus.get(HOME)
    words = " ".join(visible(answer.get_data(as_text=True)).split())
    for said in (
        NAME,
        EMAIL,
        PHONE,
        NICKNAME,
        "linde-14b",
        "De Linde",
        "90 dagen na het einde van de reservering",
    ):
        assert said in words, said
    for heading in ("Wie je bent", "Reserveringen", "Logboek", "Huisregels", "Berichten", "Wie ziet het"):
        assert heading in words, heading
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_ask_at_most_eight_statements(zebedeus: FlaskClient, hood: Neighbourhood) -> None:
    found = {}
    zebedeus.get("/r/de-linde")  # from here on the process remembers the room
    for path in (HOME, f"{HOME}/alles", f"{HOME}/wijzigen", f"{HOME}/verwijderen", f"{HOME}/e-mailadres"):
        with statements(hood.app) as asked:
            assert zebedeus.get(path).status_code == 200
        found[path.removeprefix(HOME)] = len(asked)
    assert found == {"": 6, "/alles": 7, "/wijzigen": 2, "/verwijderen": 5, "/e-mailadres": 1}


@pytest.mark.parametrize("path", ["", "/alles", "/wijzigen", "/verwijderen", "/e-mailadres"])
def test_after_a_while_the_password_is_asked_again(
    zebedeus: FlaskClient, moment: Callable[[timedelta], None], path: str
) -> None:
    moment(timedelta(minutes=10))
    assert zebedeus.get(f"{HOME}{path}").status_code == 200
    moment(timedelta(seconds=1))
    answer = zebedeus.get(f"{HOME}{path}")
    assert (answer.status_code, answer.location) == (303, f"{HOME}/bevestigen?next={HOME}{path}")
    confirm = answer.location
    refused = sent(zebedeus, confirm, secret="verkeerd")
    assert refused.status_code == 422
    assert "klopt niet" in errors(refused.get_data(as_text=True))["secret"]
    assert zebedeus.get(f"{HOME}{path}").status_code == 303
    right = sent(zebedeus, confirm, secret=make.PASSWORD)
    assert (right.status_code, right.location) == (303, f"{HOME}{path}")
    assert zebedeus.get(f"{HOME}{path}").status_code == 200


def test_pin_is_as_good_as_the_password(zebedeus: FlaskClient, moment: Callable[[timedelta], None]) -> None:
    moment(timedelta(hours=1))
    assert sent(zebedeus, f"{HOME}/bevestigen", secret="314159").location == HOME


def test_forms_that_arrive_too_late_do_nothing(
    zebedeus: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=1))
    for path, fields in (
        ("/wijzigen", {"name": "Iemand anders"}),
        ("/verwijderen", {"sure": "y"}),
        ("/downloaden", {}),
        ("/e-mailadres", {"email": "a@b.example"}),
    ):
        assert "/bevestigen" in sent(zebedeus, f"{HOME}{path}", **fields).location
    assert rows(hood.app, "select count(*) from person where name = :name", name=NAME) == [(1,)]


def test_guessing_the_password_ends(zebedeus: FlaskClient, moment: Callable[[timedelta], None]) -> None:
    moment(timedelta(hours=1))
    answers = [sent(zebedeus, f"{HOME}/bevestigen", secret=f"gok {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert sent(zebedeus, f"{HOME}/bevestigen", secret=make.PASSWORD).status_code == 429


def test_download_has_everything_of_me_and_nothing_of_others(
    zebedeus: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["noor"], rules_version_id=1)
    hood.book("noor", "2026-11-27 10:00", "2026-11-27 12:00", purpose="Geheim van Noor")
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update booking set entered_by_id = :id where purpose like 'Geheim%'"),
            id=hood.people["zebedeus"],
        )
    answer = sent(zebedeus, f"{HOME}/downloaden")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        assert bundle.namelist() == ["mijn-gegevens.html", "mijn-gegevens.json"]
        page, machine = (bundle.read(name).decode() for name in bundle.namelist())
    for said in (NAME, EMAIL, PHONE, NICKNAME, PURPOSE, "linde-14b", "De Linde", "xanthippe@nieuw.example"):
        assert said in visible(page), said
        assert said in machine, said
    others = [row.name for row in rows(hood.app, "select name from person where name <> :name", name=NAME)]
    for hidden in (*others, "Geheim", "noor@proef.example", "argon2", "linde-16"):
        assert hidden not in page + machine, hidden
    listed = {chapter["Onderwerp"]: chapter["Gegevens"] for chapter in json.loads(machine)["Onderwerpen"]}
    assert [line["Begin"] for line in listed["Reserveringen"] if "Begin" in line] == [
        "2026-11-24T14:00:00Z",
        "2026-11-26T09:00:00Z",
        "2026-12-03T09:00:00Z",
    ]
    assert [line for line in listed["Reserveringen"] if "Begin" not in line] == [
        {"Ruimte": "De Linde", "Ingevoerd voor een ander, op": "2026-11-24T13:05:00Z"}
    ]
    assert rows(hood.app, "select count(*) from audit where action = 'person_exported'") == [(1,)]


def test_no_name_from_the_code_is_in_what_people_read(zebedeus: FlaskClient, hood: Neighbourhood) -> None:
    zebedeus_id = hood.people["zebedeus"]
    with hood.app.app_context(), unit_of_work():
        for number, action in enumerate((*hood.app.extensions["ontmoet_actions"], "long_ago")):
            record(action, object_kind="person", object_id=number, actor_id=zebedeus_id, now=clock.now())
        for kind in (*hood.app.extensions["ontmoet_letters"], "long_ago"):
            post(
                kind,
                person_id=zebedeus_id,
                object_id=1,
                dedupe_key=kind,
                due_at=clock.now(),
                now=clock.now(),
                room_id=None,
            )
        execute(text("insert into opt_in (person_id, kind) values (:id, 'booking_reminder')"), id=zebedeus_id)
    with zipfile.ZipFile(io.BytesIO(sent(zebedeus, f"{HOME}/downloaden").data)) as bundle:
        page = bundle.read("mijn-gegevens.html").decode()
    words = visible(page)
    assert re.findall(r"\w*_\w*", words) == []
    for said in ("bellijst bekeken", "je kreeg een functie", "herinnering aan een reservering"):
        assert said in words, said
    assert words.count("iets wat nu niet meer kan") == 2


def test_everything_stands_on_four_pages(zebedeus: FlaskClient) -> None:
    parts = ("", "?deel=2", "?deel=3", "?deel=4")
    pages = [zebedeus.get(f"{HOME}/alles{query}").get_data(as_text=True) for query in parts]
    words = " ".join(visible(page) for page in pages)
    assert zebedeus.get(f"{HOME}/alles?deel=5").status_code == 404
    for said in (NAME, PURPOSE, "linde-14b", "gereserveerd"):
        assert said in words, said


def test_name_and_phone_are_corrected_and_the_trail_names_fields_only(
    zebedeus: FlaskClient, hood: Neighbourhood
) -> None:
    answer = sent(
        zebedeus, f"{HOME}/wijzigen", name="Zeb  X", phone="020-1234567", email="x@y.nl", password_hash="x"
    )
    assert answer.location == HOME
    (row,) = rows(hood.app, "select * from person where id = :id", id=hood.people["zebedeus"])
    assert (row.name, row.phone, row.email) == ("Zeb X", "020-1234567", EMAIL)
    (said,) = rows(hood.app, "select changes from audit where action = 'person_corrected'")
    assert json.loads(said.changes) == {"fields": ["name", "phone"]}
    before = row_counts(hood.app, "audit")
    assert sent(zebedeus, f"{HOME}/wijzigen", name="Zeb X", phone="020-1234567").status_code == 303
    assert row_counts(hood.app, "audit") == before
    refused = sent(zebedeus, f"{HOME}/wijzigen", name="", phone="nul zes")
    assert refused.status_code == 422
    assert set(errors(refused.get_data(as_text=True))) == {"name"}
    refused = sent(zebedeus, f"{HOME}/wijzigen", name="Zeb", phone="nul zes")
    assert "geen telefoonnummer" in errors(refused.get_data(as_text=True))["phone"]
    assert "nul zes" in refused.get_data(as_text=True)
    assert sent(zebedeus, f"{HOME}/wijzigen", name="Zeb", phone="").status_code == 303
    assert rows(hood.app, "select phone from person where id = :id", id=hood.people["zebedeus"]) == [(None,)]


def test_somebody_else_is_not_there(hood: Neighbourhood, client: FlaskClient) -> None:
    sign_in(client, "bram")
    others = f"{HOME}/{public_id_of(hood, 'noor')}"
    nobody = f"{HOME}/0000000000"
    for base in (others, nobody):
        for path in ("", "/wijzigen", "/verwijderen"):
            assert client.get(f"{base}{path}").status_code == 404
        for path in ("/wijzigen", "/verwijderen", "/downloaden", "/akkoord"):
            assert sent(client, f"{base}{path}", sure="y", name="X").status_code == 404


def test_removing_asks_for_a_yes_and_then_everything_ends(zebedeus: FlaskClient, hood: Neighbourhood) -> None:
    page = visible(zebedeus.get(f"{HOME}/verwijderen").get_data(as_text=True))
    assert "3 reserveringen die nog komen, zeggen we af." in page
    refused = sent(zebedeus, f"{HOME}/verwijderen")
    assert (refused.status_code, set(errors(refused.get_data(as_text=True)))) == (422, {"sure"})
    other = hood.app.test_client()
    page = other.get("/inloggen").get_data(as_text=True)
    other.post("/inloggen", data={"csrf_token": token_in(page), "email": EMAIL, "password": make.PASSWORD})
    assert other.get("/mijn").status_code == 200
    answer = sent(zebedeus, f"{HOME}/verwijderen", sure="y")
    assert (answer.status_code, answer.location) == (303, "/inloggen")
    assert "Je gegevens zijn weg." in visible(zebedeus.get("/inloggen").get_data(as_text=True))
    for client in (zebedeus, other):
        assert client.get("/mijn").status_code == 302, "every session ended"
    page = other.get("/inloggen").get_data(as_text=True)
    again = other.post(
        "/inloggen", data={"csrf_token": token_in(page), "email": EMAIL, "password": make.PASSWORD}
    )
    assert again.status_code == 422


def test_only_administrator_cannot_leave(hood: Neighbourhood, client: FlaskClient) -> None:
    sign_in(client, "mo")
    assert "Er moet een beheerder blijven." in visible(
        client.get(f"{HOME}/verwijderen").get_data(as_text=True)
    )
    refused = sent(client, f"{HOME}/verwijderen", sure="y")
    assert refused.status_code == 422
    assert "Er moet een beheerder blijven." in visible(refused.get_data(as_text=True))
    assert rows(hood.app, "select count(*) from person where erased_at is not null") == [(0,)]

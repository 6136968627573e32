"""Signing in and out by browser."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.walltime import day_of
from ontmoet.people import views
from ontmoet.people.models import Role
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.watching import row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

EMAIL = "noor@proef.example"
NO_MATCH = "Dit e-mailadres en wachtwoord horen niet bij elkaar."


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def log_in(
    client: FlaskClient,
    email: str = EMAIL,
    password: str = make.PASSWORD,
    *,
    query: str = "",
    **fields: str,
) -> TestResponse:
    token = token_in(text_of(client.get("/inloggen")))
    return client.post(
        f"/inloggen{query}", data={"csrf_token": token, "email": email, "password": password, **fields}
    )


def test_who_is_new_finds_the_way_in_with_a_letter(client: FlaskClient, hood: Neighbourhood) -> None:
    for path in ("/inloggen", "/inloggen/adres"):
        page = text_of(client.get(path))
        assert page.index("</form>") < page.index("Nieuw hier?") < page.index('href="/welkom"')


def test_who_has_no_email_reads_before_the_form_what_to_do(client: FlaskClient, hood: Neighbourhood) -> None:
    page = text_of(client.get("/inloggen?next=/mijn"))
    top = page[page.index("<h1>") : page.index("<form")]
    assert 'href="/inloggen/adres?next=/mijn"' in top
    assert "Geen e-mail? Log in met je adres, je bijnaam en je pincode" in " ".join(visible(top).split())


def leave(client: FlaskClient, url: str) -> TestResponse:
    return client.post(url, data={"csrf_token": token_in(text_of(client.get("/mijn")))})


def test_right_password_leads_to_ones_own_page_with_the_name_in_the_header(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    answer = log_in(client, "  Noor@Proef.Example ")
    assert (answer.status_code, answer.location) == (303, "/mijn")
    page = visible(text_of(client.get("/mijn")))
    assert "Je bent ingelogd als Noor de Proef." in page
    assert client.get("/inloggen").location == "/mijn"


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update person set password_hash = 'another' where email = :email",
        "update person set erased_at = 1 where email = :email",
    ],
    ids=["a new password", "gone"],
)
def test_password_that_was_right_until_a_moment_ago_lets_nobody_in(
    client: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """Checking it takes a while."""
    check = views.verify_password

    def while_something_happens(stored: str | None, password: str) -> bool:
        with unit_of_work():
            execute(text(meanwhile), email=EMAIL)
        return check(stored, password)

    monkeypatch.setattr(views, "verify_password", while_something_happens)
    answer = log_in(client)
    assert (answer.status_code, NO_MATCH in visible(text_of(answer))) == (422, True)
    assert row_counts(hood.app, "session") == {"session": 0}


def test_session_of_who_is_gone_lets_nobody_in(client: FlaskClient, hood: Neighbourhood) -> None:
    log_in(client)
    assert client.get("/mijn").status_code == 200
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set erased_at = 1 where email = :email"),
            email=EMAIL,
        )
    assert client.get("/mijn").status_code != 200


def test_wrong_password_and_unknown_address_look_the_same(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_person(name="Zonder Wachtwoord", email="zonder@proef.example")
    answers = [
        log_in(client, EMAIL, "fout"),
        log_in(client, "niemand@proef.example", "fout"),
        log_in(client, "zonder@proef.example", "fout"),
    ]
    pages = [
        text_of(answer).replace(email, "").split("</head>", 1)[1]
        for answer, email in zip(
            answers, (EMAIL, "niemand@proef.example", "zonder@proef.example"), strict=True
        )
    ]
    tokens = [token_in(text_of(answer)) for answer in answers]
    bare = [page.replace(token, "") for page, token in zip(pages, tokens, strict=True)]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert bare[0] == bare[1] == bare[2]
    assert NO_MATCH in bare[0]
    assert f'value="{EMAIL}"' in text_of(answers[0])
    assert 'value="fout"' not in text_of(answers[0])
    assert client.get("/mijn").status_code == 302
    assert row_counts(hood.app, "session") == {"session": 0}


@pytest.mark.parametrize("email", [EMAIL, "niemand@proef.example"])
def test_eleventh_try_is_a_429_with_retry_after_even_with_the_right_password(
    client: FlaskClient, hood: Neighbourhood, email: str
) -> None:
    for _ in range(10):
        assert log_in(client, email, "fout").status_code == 422
    answer = log_in(client, email)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Er is te vaak geprobeerd. Wacht 15 minuten" in visible(text_of(answer))


def test_browser_that_signed_in_before_gets_in_while_a_stranger_guesses(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    log_in(client)
    leave(client, "/uitloggen")
    stranger = hood.app.test_client()
    assert [log_in(stranger, EMAIL, "fout").status_code for _ in range(11)] == [422] * 10 + [429]
    assert log_in(client).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [("", "x"), (EMAIL, ""), ("x" * 255, "x"), (EMAIL, "x" * 201), ("nul\x00@x", "x"), (EMAIL, "é\x00" * 50)],
)
def test_what_cannot_be_a_sign_in_is_a_422(
    client: FlaskClient, hood: Neighbourhood, email: str, password: str
) -> None:
    assert log_in(client, email, password).status_code == 422


def test_sign_out_makes_the_cookie_worth_nothing_on_the_server(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    log_in(client)
    stolen = client.get_cookie("ontmoet")
    assert stolen is not None
    answer = leave(client, "/uitloggen")
    assert (answer.status_code, answer.location) == (303, "/inloggen")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    client.set_cookie("ontmoet", stolen.value)
    assert client.get("/mijn").status_code == 302


def test_sign_out_is_said_and_the_page_shows_nothing_personal(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    log_in(client)
    assert "Noor" in text_of(client.get("/mijn"))
    leave(client, "/uitloggen")
    page = text_of(client.get("/inloggen"))
    assert "Noor" not in page + text_of(client.get("/")) + text_of(client.get("/r/de-linde"))
    assert "Je bent uitgelogd." in visible(page)


def test_sign_out_everywhere_ends_the_other_browser_but_not_somebody_elses(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    other, ali = hood.app.test_client(), hood.app.test_client()
    log_in(client)
    log_in(other)
    sign_in(ali, "ali")
    assert leave(client, "/uitloggen/overal").status_code == 303
    assert [c.get("/mijn").status_code for c in (client, other, ali)] == [302, 302, 200]


def test_role_that_ends_is_gone_at_the_next_request(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    sign_in(client, "bram")
    assert client.get(f"/reserveringen/{public_id}").status_code == 200
    role = Role.__table__
    with hood.app.app_context(), unit_of_work():
        ends = day_of(clock.now())
        execute(role.update().where(role.c.person_id == hood.people["bram"]).values(until=ends))
    assert client.get(f"/reserveringen/{public_id}").status_code == 404


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/r/de-linde/reserveren?van=2026-11-25T14:00", "/r/de-linde/reserveren?van=2026-11-25T14:00"),
        ("//kwaad.example", "/mijn"),
        ("https://kwaad.example", "/mijn"),
        ("/\\kwaad.example", "/mijn"),
    ],
)
def test_sign_in_goes_on_to_a_page_of_this_site_only(
    client: FlaskClient, hood: Neighbourhood, target: str, location: str
) -> None:
    token = token_in(text_of(client.get("/inloggen")))
    fields = {"csrf_token": token, "email": EMAIL, "password": make.PASSWORD}
    answer = client.post("/inloggen", query_string={"next": target}, data=fields)
    assert (answer.status_code, answer.location) == (303, location)
    again = client.get("/inloggen", query_string={"next": target})
    assert (again.status_code, again.location) == (303, location)


def test_redirect_header_of_any_path_can_be_sent(client: FlaskClient, hood: Neighbourhood) -> None:
    log_in(client)
    answer = client.get("/inloggen?next=/%E4%B8%AD%E6%96%87", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].isascii()


@pytest.mark.parametrize(
    ("name", "own_phone", "life"),
    [
        ("noor", "y", timedelta(days=180)),
        ("noor", "", timedelta(hours=12)),
        ("bram", "y", timedelta(days=30)),
        ("sanne", "y", timedelta(hours=12)),
    ],
)
def test_session_lasts_as_long_as_the_function_allows(
    client: FlaskClient, hood: Neighbourhood, moment, name: str, own_phone: str, life: timedelta
) -> None:
    fields = {"own_phone": own_phone} if own_phone else {}
    log_in(client, f"{name}@proef.example", **fields)
    moment(life - timedelta(seconds=1))
    before_the_end = client.get_cookie("ontmoet")
    if name != "noor" or not own_phone:  # a resident's own phone would roll on by this visit
        assert client.get("/mijn").status_code == 200
    assert before_the_end is not None
    moment(timedelta(seconds=1))
    assert client.get("/mijn").status_code == 302


def test_function_that_begins_later_shortens_sessions_at_the_first_visit_with_it(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    assert log_in(client, own_phone="y").status_code == 303
    with hood.app.app_context():
        make.make_role(
            person_id=hood.people["noor"],
            function=Function.STAFF,
            room_id=hood.plein,
            since=day_of(clock.now()) + timedelta(days=1),
        )

    def hours_left() -> list[float]:
        return [
            (row.expires_at - clock.now().timestamp()) / 3600
            for row in rows(hood.app, "select expires_at from session")
        ]

    assert client.get("/mijn").status_code == 200
    assert hours_left() == [180 * 24]
    moment(timedelta(days=1))
    for _again in range(2):
        assert client.get("/mijn").status_code == 200
        assert hours_left() == [12]
    with statements(hood.app) as run:
        client.get("/mijn")
    assert [line for line in run if not line.startswith("SELECT")] == []
    moment(timedelta(hours=12, seconds=1))
    assert client.get("/mijn").status_code == 302


def test_own_phone_of_a_resident_stays_signed_in_while_it_is_used(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    log_in(client, own_phone="y")
    moment(timedelta(days=179))
    assert client.get("/mijn").status_code == 200
    moment(timedelta(days=179))
    with statements(hood.app) as seen:
        assert client.get("/mijn").status_code == 200
    assert [s.split(" ", 1)[0] for s in seen].count("UPDATE") == 1
    with statements(hood.app) as seen:
        client.get("/mijn")
    assert [s.split(" ", 1)[0] for s in seen].count("UPDATE") == 0


def test_cookies_are_out_of_reach_of_scripts_and_live_as_long_as_they_should(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    def cookies(answer: TestResponse) -> dict[str, tuple[object, ...]]:
        jar: SimpleCookie = SimpleCookie()
        for header in answer.headers.getlist("Set-Cookie"):
            jar.load(header)
        return {
            n: (bool(m["httponly"]), bool(m["secure"]), m["samesite"], m["path"], bool(m["expires"]))
            for n, m in jar.items()
        }

    shared, own = log_in(client), log_in(hood.app.test_client(), own_phone="y")
    assert cookies(shared) == {
        "ontmoet": (True, False, "Lax", "/", False),
        "ontmoet-device": (True, False, "Lax", "/", True),
    }
    assert cookies(own)["ontmoet"] == (True, False, "Lax", "/", True)
    device = client.get_cookie("ontmoet-device")
    assert device is not None
    assert device.value not in {row.device_hash for row in rows(hood.app, "select device_hash from session")}


def test_personal_pages_are_not_kept_by_the_browser(client: FlaskClient, hood: Neighbourhood) -> None:
    kept = {url: client.get(url).headers["Cache-Control"] for url in ("/", "/r/de-linde", "/inloggen")}
    assert kept == {"/": "no-cache", "/r/de-linde": "no-cache", "/inloggen": "no-store"}
    log_in(client)
    pages = ("/", "/r/de-linde", "/mijn", "/r/de-linde/reserveren", "/r/de-linde/agenda")
    assert {client.get(url).headers["Cache-Control"] for url in pages} == {"no-store"}


def test_pages_for_people_signed_in_send_others_to_sign_in_and_back(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    plain = client.get("/mijn")
    assert (plain.status_code, plain.location) == (302, "/inloggen?next=/mijn")
    script = client.get(
        "/mijn", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/r/de-linde"}
    )
    assert (script.status_code, script.headers["HX-Redirect"]) == (401, "/inloggen?next=/r/de-linde")

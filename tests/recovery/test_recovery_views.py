"""Getting in again: the same answer to everybody, once per link, five tries per code."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from ontmoet.people.actions import end_sessions
from ontmoet.recovery import password_pages
from ontmoet.recovery import views as recovery
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

NOOR = "noor@proef.example"
NEW = "paarse fiets tafel"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Open the page and send its form."""
    token = token_in(text_of(client.get(path)))
    return client.post(path, data={"csrf_token": token, **fields})


def ask(client: FlaskClient, email: str = NOOR) -> TestResponse:
    return send(client, "/inloggen/vergeten", email=email)


def letters(hood: Neighbourhood, kind: str = "sign_in_link") -> list[Letter | None]:
    """The letters of this kind, as they would be sent now."""
    posted = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = :k order by id",
        k=kind,
    )
    with hood.app.app_context():
        compose = hood.app.extensions["ontmoet_letters"][kind]
        return [compose(Waiting(*row), now=clock.now()) for row in posted]


def mailed(hood: Neighbourhood) -> tuple[str, str]:
    """Path of the link, and the code, of the last mail."""
    letter = letters(hood)[-1]
    assert letter is not None
    link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\S+)", letter.body)
    code = re.search(r"^(\d{6})$", letter.body, re.MULTILINE)
    assert link is not None
    assert code is not None
    return link[1], code[1]


def test_answer_is_the_same_whether_or_not_somebody_has_the_address(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    known, unknown = ask(client), ask(hood.app.test_client(), "niemand@proef.example")
    seen = [(answer.status_code, answer.location) for answer in (known, unknown)]
    assert seen == [(303, "/inloggen/code")] * 2
    assert [letter and letter.to for letter in letters(hood)] == [NOOR, None]


@pytest.mark.parametrize("typed", ["noor", "noor@", "@proef.example", "noor@proef"])
def test_who_types_no_address_reads_so_and_waits_for_no_mail(
    client: FlaskClient, hood: Neighbourhood, typed: str
) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert "Dit is geen e-mailadres. Vul er een in zoals naam@voorbeeld.nl." in text_of(answer)
    assert f'value="{typed}"' in text_of(answer)
    assert letters(hood) == []


def test_who_has_no_address_here_gets_no_mail(
    client: FlaskClient, hood: Neighbourhood, tmp_path: Path
) -> None:
    ask(client, "niemand@proef.example")
    hood.work()
    assert not list((tmp_path / "outbox").glob("*.eml"))
    assert rows(hood.app, "select status from message") == [("not_needed",)]


def test_asking_costs_the_same_statements_for_an_address_that_nobody_has(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    counted = []
    for email in (NOOR, "niemand@proef.example"):
        other = hood.app.test_client()
        token = token_in(text_of(other.get("/inloggen/vergeten")))
        with statements(hood.app) as seen:
            other.post("/inloggen/vergeten", data={"csrf_token": token, "email": email})
        counted.append(list(seen))
    assert counted[0] == counted[1]


def test_link_opens_a_page_and_only_its_button_signs_in_once(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ask(client)
    path, _code = mailed(hood)
    scanner = hood.app.test_client()
    for _ in range(3):
        page = scanner.get(path)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert "Noor" not in text_of(page)
        scanner.head(path)
    other_device = hood.app.test_client()
    answer = send(other_device, path)
    assert (answer.status_code, answer.location) == (303, "/mijn/wachtwoord")
    assert "Noor" in text_of(other_device.get("/mijn"))
    again = send(hood.app.test_client(), path)
    assert again.status_code == 422
    assert "Deze link werkt niet meer." in visible(text_of(again))
    assert letters(hood) == [None]


def test_link_and_code_are_still_good_when_the_database_was_busy(
    client: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    path, code = mailed(hood)

    def busy(*_: object, **__: object) -> None:
        raise DatabaseBusy

    for way, fields in (("/inloggen/code", {"code": code}), (path, {})):
        with monkeypatch.context() as patch:
            patch.setattr(recovery, "start_session", busy)
            assert send(client, way, **fields).status_code == 503
    assert rows(hood.app, "select count(*) from audit where action = 'sign_in_link_used'") == [(0,)]
    assert send(client, path).status_code == 303


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: t[:10], lambda t: ""]
)
def test_link_that_was_changed_signs_nobody_in(
    client: FlaskClient, hood: Neighbourhood, change: Callable[[str], str]
) -> None:
    ask(client)
    path, _code = mailed(hood)
    start, token = path.split("=")
    assert send(client, f"{start}={change(token)}").status_code == 422
    assert send(client, path).status_code == 303


def test_code_works_only_on_the_device_that_asked(client: FlaskClient, hood: Neighbourhood) -> None:
    ask(client)
    _path, code = mailed(hood)
    assert send(hood.app.test_client(), "/inloggen/code", code=code).status_code == 422
    answer = send(client, "/inloggen/code", code=code)
    assert (answer.status_code, answer.location) == (303, "/mijn/wachtwoord")


def test_sixth_try_at_a_code_fails_even_when_it_is_right(client: FlaskClient, hood: Neighbourhood) -> None:
    ask(client)
    _path, code = mailed(hood)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [send(client, "/inloggen/code", code=wrong) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Deze code klopt niet" in errors(text_of(answers[0]))["code"]
    assert send(client, "/inloggen/code", code=code).status_code == 422


def test_link_and_code_end_after_ten_minutes_and_at_the_next_request(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    ask(client)
    first, _code = mailed(hood)
    ask(client)
    second, _code = mailed(hood)
    assert send(client, first).status_code == 422
    moment(timedelta(minutes=10))
    assert send(client, second).status_code == 422


def test_stranger_who_keeps_asking_spoils_no_link_and_no_code(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ask(client)
    link, code = mailed(hood)
    ask(hood.app.test_client())
    ask(hood.app.test_client())
    first = hood.app.test_client()
    assert send(first, link).status_code == 303
    ask(client)
    _link, code = mailed(hood)
    ask(hood.app.test_client())
    assert send(client, "/inloggen/code", code=code).status_code == 303


def test_stranger_who_uses_up_the_limit_of_an_address_keeps_no_known_device_out(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")
    send_out(client)
    answers = [ask_from(hood, f"192.0.{number}.1").status_code for number in range(16)]
    assert answers == [303] * 15 + [429]
    assert ask(client).status_code == 303
    assert [ask(client).status_code for _ in range(5)] == [303] * 4 + [429]


def test_codes_are_tried_so_often_in_a_day_however_many_are_asked_for(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    sign_in(client, "noor")
    send_out(client)
    for hour in range(4):
        stranger = hood.app.test_client()
        ask(stranger)
        wrong = f"{(int(mailed(hood)[1]) + 1) % 1_000_000:06d}"
        for _ in range(5):
            assert send(stranger, "/inloggen/code", code=wrong).status_code == 422
        moment(timedelta(hours=1 if hour < 3 else 0))
    stranger = hood.app.test_client()
    ask(stranger)
    link, code = mailed(hood)
    assert send(stranger, "/inloggen/code", code=code).status_code == 422
    # The link works, and the code where she was signed in before.
    assert send(hood.app.test_client(), link).status_code == 303
    ask(client)
    assert send(client, "/inloggen/code", code=mailed(hood)[1]).status_code == 303
    moment(timedelta(days=1))
    stranger = hood.app.test_client()
    ask(stranger)
    assert send(stranger, "/inloggen/code", code=mailed(hood)[1]).status_code == 303


def send_out(client: FlaskClient) -> None:
    """Sign out, as a person does."""
    token = token_in(text_of(client.get("/mijn")))
    assert client.post("/uitloggen", data={"csrf_token": token}).status_code == 303


def ask_from(hood: Neighbourhood, address: str) -> TestResponse:
    """Ask for a link for Noor from this network, on a device of its own."""
    stranger = hood.app.test_client()
    token = token_in(text_of(stranger.get("/inloggen/vergeten")))
    return stranger.post(
        "/inloggen/vergeten",
        data={"csrf_token": token, "email": NOOR},
        environ_base={"REMOTE_ADDR": address},
    )


def test_asking_too_often_is_a_429_for_known_and_unknown(client: FlaskClient, hood: Neighbourhood) -> None:
    for email in (NOOR, "niemand@proef.example"):
        other = hood.app.test_client()
        answers = [ask(other, email) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "3600"


@pytest.mark.parametrize("email", ["", "nul\x00@x", "x" * 255])
def test_what_is_no_address_is_a_422(client: FlaskClient, hood: Neighbourhood, email: str) -> None:
    assert ask(client, email).status_code == 422


def test_new_password_works_and_ends_other_sessions_by_choice(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    stays, goes = hood.app.test_client(), hood.app.test_client()
    sign_in(goes, "noor")
    ask(client)
    assert send(client, mailed(hood)[0]).status_code == 303
    assert send(client, "/mijn/wachtwoord", password="kort").status_code == 422
    assert send(client, "/mijn/wachtwoord", password=NEW, end_others="y").location == "/mijn"
    assert goes.get("/mijn").status_code == 302
    assert client.get("/mijn").status_code == 200
    token = token_in(text_of(stays.get("/inloggen")))
    fields = {"csrf_token": token, "email": NOOR}
    assert stays.post("/inloggen", data={**fields, "password": make.PASSWORD}).status_code == 422
    assert stays.post("/inloggen", data={**fields, "password": NEW}).status_code == 303
    (letter,) = letters(hood, "password_changed")
    assert letter is not None
    assert letter.to == NOOR
    # What was asked for is used up: the next change asks for the password of now.
    assert "Wachtwoord van nu" in text_of(client.get("/mijn/wachtwoord"))


def test_password_of_now_is_asked_of_who_signed_in_with_it(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    refused = send(client, "/mijn/wachtwoord", password=NEW)
    assert refused.status_code == 422
    wrong = send(client, "/mijn/wachtwoord", password=NEW, current="niet dit wachtwoord")
    assert errors(text_of(wrong)) == {
        "current": "Dit is niet het wachtwoord dat je nu hebt. Probeer het nog eens."
    }
    assert send(client, "/mijn/wachtwoord", password=NEW, current=make.PASSWORD).status_code == 303


def test_who_is_signed_out_meanwhile_chooses_no_new_password(
    client: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "noor")
    hashes = "select password_hash from person where email = :email"
    before = rows(hood.app, hashes, email=NOOR)

    def signed_out_while_it_works(password: str) -> str:
        with hood.app.app_context(), unit_of_work():
            end_sessions(hood.people["noor"], now=clock.now())
        return password

    monkeypatch.setattr(password_pages, "hash_password", signed_out_while_it_works)
    answer = send(client, "/mijn/wachtwoord", password=NEW, current=make.PASSWORD)
    assert answer.status_code == 422
    assert "Je bent net uitgelogd op dit apparaat." in text_of(answer)
    assert rows(hood.app, hashes, email=NOOR) == before


def test_guessing_at_ones_own_password_ends(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    wrong = {"password": NEW, "current": "niet dit wachtwoord"}
    answers = [send(client, "/mijn/wachtwoord", **wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"
    right = {"password": NEW, "current": make.PASSWORD}
    assert send(client, "/mijn/wachtwoord", **right).status_code == 429


def make_henk(hood: Neighbourhood) -> int:
    """Henk has no e-mail; he lives at De Linde and forgot his PIN."""
    with hood.app.app_context():
        home = rows(hood.app, "select id, complex_id from home where address_name = 'linde-16'")[0]
        henk = make.make_person(name="Henk Mulder")
        make.make_residency(person_id=henk, home_id=home.id)
        make.make_pin(person_id=henk, home_id=home.id, nickname="henk")
    return henk


def looked_for(client: FlaskClient, name: str) -> TestResponse:
    token = token_in(text_of(client.get("/r/de-linde/briefje")))
    sent = {"csrf_token": token, "name": name}
    return client.post("/r/de-linde/briefje", data=sent, follow_redirects=True)


def slip_for(hood: Neighbourhood, maker: FlaskClient, name: str = "Henk") -> str:
    """Make a slip by the form; its code."""
    found = text_of(looked_for(maker, name))
    person = re.search(r'name="person" value="(\w{10})"', found)
    assert person is not None
    sent = {"csrf_token": token_in(found), "person": person[1]}
    answer = maker.post("/r/de-linde/briefje/maken", data=sent)
    assert answer.status_code == 200, answer.status_code
    code = re.search(r'om-slip__typed">([\w-]+)<', text_of(answer))
    assert code is not None
    return code[1]


def test_slip_gets_somebody_in_once_to_choose_a_new_pin(client: FlaskClient, hood: Neighbourhood) -> None:
    make_henk(hood)
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    code = slip_for(hood, bram)
    # Typed by hand, with capitals and without hyphens.
    answer = send(client, "/inloggen/briefje", code=code.upper().replace("-", " "))
    assert (answer.status_code, answer.location) == (303, "/mijn/pincode")
    assert send(client, "/mijn/pincode", nickname="henk", pin="123456").status_code == 422
    assert send(client, "/mijn/pincode", nickname="henk", pin="702816").location == "/mijn"
    other = hood.app.test_client()
    fields = {"address_name": "linde-16", "nickname": "Henk", "pin": "702816"}
    assert send(other, "/inloggen/adres", **fields).status_code == 303
    assert send(hood.app.test_client(), "/inloggen/briefje", code=code).status_code == 422
    mine = visible(text_of(client.get("/mijn")))
    assert "Bram de Proef maakte vandaag om 14:05 uur een inlogbriefje voor jou." in mine
    assert "Het is gebruikt: vandaag om 14:05 uur." in mine


def test_slip_ends_after_a_day_and_when_a_new_one_is_made(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    make_henk(hood)
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    first, second = slip_for(hood, bram), slip_for(hood, bram)
    assert send(client, "/inloggen/briefje", code=first).status_code == 422
    moment(timedelta(hours=24))
    assert send(client, "/inloggen/briefje", code=second).status_code == 422


def test_guessing_at_slips_is_limited(client: FlaskClient, hood: Neighbourhood) -> None:
    answers = [send(client, "/inloggen/briefje", code="0000-0000-0000").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_one_line_that_guesses_at_slips_keeps_nobody_else_out(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    make_henk(hood)
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    code = slip_for(hood, bram)
    stranger = hood.app.test_client()
    token = token_in(text_of(stranger.get("/inloggen/briefje")))
    answers = [
        stranger.post(
            "/inloggen/briefje",
            data={"csrf_token": token, "code": "0000-0000-0000"},
            environ_base={"REMOTE_ADDR": f"2001:db8:1:{256 * (number // 20):x}::1"},
        ).status_code
        for number in range(200)
    ]
    assert answers == [422] * 160 + [429] * 40
    assert send(client, "/inloggen/briefje", code=code).status_code == 303


def test_only_people_of_the_room_are_found_and_whom_was_seen_is_recorded(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    henk = make_henk(hood)
    sign_in(client, "bram")

    def found(name: str) -> str:
        return visible(text_of(looked_for(client, name)))

    assert looked_for(client, "he").status_code == 422
    assert "Henk Mulder" not in found("he")
    assert "Typ minstens 3 letters van de naam." in found("he")
    assert "Henk Mulder" in found("mul")
    assert "Fatma" not in found("fatma")
    assert "Niemand van deze ruimte heet zo." in found("fatma")
    assert client.get("/r/het-plein/briefje").status_code == 403
    assert "Henk" not in visible(text_of(client.get("/r/de-linde/briefje?naam=henk")))
    looked = rows(hood.app, "select room_id, object_id from audit where action = 'person_found'")
    assert [tuple(row) for row in looked] == [(hood.linde, henk)]


def test_making_a_slip_leaves_nothing_to_load_again(client: FlaskClient, hood: Neighbourhood) -> None:
    make_henk(hood)
    sign_in(client, "bram")
    slip_for(hood, client)
    answer = client.get("/r/de-linde/briefje/maken")
    assert (answer.status_code, answer.location) == (303, "/r/de-linde/briefje")
    assert len(rows(hood.app, "select id from slip")) == 1


def test_who_makes_a_slip_says_again_who_it_is(client: FlaskClient, hood: Neighbourhood) -> None:
    make_henk(hood)
    sign_in(client, "bram")
    found = text_of(looked_for(client, "Henk"))
    with client.session_transaction() as cookie:
        cookie["confirmed_at"] = 0
    person = re.search(r'name="person" value="(\w{10})"', found)
    assert person is not None
    sent = {"csrf_token": token_in(found), "person": person[1]}
    asked = text_of(client.post("/r/de-linde/briefje/maken", data=sent))
    assert 'name="proof_secret"' in asked
    assert f'name="person" value="{person[1]}"' in asked
    assert rows(hood.app, "select id from slip") == []
    made = text_of(client.post("/r/de-linde/briefje/maken", data={**sent, "proof_secret": make.PASSWORD}))
    assert "om-slip__typed" in made
    assert len(rows(hood.app, "select id from slip")) == 1


def test_no_slip_for_somebody_of_another_room_or_with_a_heavier_function(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "bram")
    page = text_of(client.get("/mijn"))

    def make_for(name: str) -> TestResponse:
        (row,) = rows(hood.app, "select public_id from person where id = :id", id=hood.people[name])
        data = {"csrf_token": token_in(page), "person": row.public_id}
        return client.post("/r/de-linde/briefje/maken", data=data)

    assert make_for("fatma").status_code == 404
    too_heavy = "Deze persoon doet meer dan jij, hier of bij een andere ruimte."
    assert too_heavy in visible(text_of(make_for("sanne")))
    assert "Deze persoon heeft een e-mailadres." in visible(text_of(make_for("noor")))
    assert "Voor jezelf maak je geen inlogbriefje. Vraag het iemand anders." in visible(
        text_of(make_for("bram"))
    )
    assert rows(hood.app, "select count(*) from slip")[0][0] == 0


def test_nothing_that_signs_in_stands_in_the_database(client: FlaskClient, hood: Neighbourhood) -> None:
    make_henk(hood)
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    ask(client)
    path, code = mailed(hood)
    slip = slip_for(hood, bram).replace("-", "")
    tables = ("sign_in_link", "slip", "message", "audit")
    stored = repr([rows(hood.app, f"select * from {table}") for table in tables])  # noqa: S608
    assert [secret in stored for secret in (path.split("=")[1], f"'{code}'", slip)] == [False] * 3


def test_who_has_no_email_is_led_to_a_slip_and_reads_who_makes_one(client: FlaskClient) -> None:
    forgotten = text_of(client.get("/inloggen/vergeten"))
    assert forgotten.index('href="/inloggen/briefje"') < forgotten.index("<form")
    by_slip = " ".join(visible(text_of(client.get("/inloggen/briefje"))).split())
    assert (
        "Vraag de gastheer, de sleutelbeheerder of iemand van de beheergroep om een inlogbriefje." in by_slip
    )

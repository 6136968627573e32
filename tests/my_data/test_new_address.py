"""A new e-mail address counts once its owner gave the code, and nobody learns whose an address is."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel.objections import Refused
from ontmoet.my_data import confirm_views
from ontmoet.people.addresses import ask_for_address, code_for, prove_address
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.builders import change_person
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.my_data.test_my_data_views import HOME, sent
from tests.outbox.mailbox import words
from tests.watching import errors, inputs, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

ADDRESS = f"{HOME}/e-mailadres"


def mails(hood: Neighbourhood, folder: Path) -> dict[str, str]:
    """What is in the folder after all work is done: the text by whom it is to."""
    hood.work()
    found = [
        message_from_bytes(path.read_bytes(), policy=default) for path in (folder / "outbox").glob("*.eml")
    ]
    return {str(mail["To"]): words(mail) for mail in found}


def give(client: FlaskClient, code: str, key: str = "") -> TestResponse:
    return sent(client, f"{ADDRESS}/code", code=code, idempotency_key=key or make.new_key())


def email_of(hood: Neighbourhood, name: str) -> str:
    (row,) = rows(hood.app, "select email from person where id = :id", id=hood.people[name])
    found: str = row.email
    return found


@pytest.fixture
def noor(hood: Neighbourhood, client: FlaskClient) -> FlaskClient:
    sign_in(client, "noor")
    return client


def test_address_counts_after_the_code_and_both_addresses_are_told(
    hood: Neighbourhood, noor: FlaskClient, tmp_path: Path
) -> None:
    assert sent(noor, ADDRESS, email=" Noor@Nieuw.example ").location == f"{ADDRESS}/code"
    assert email_of(hood, "noor") == "noor@proef.example"
    told = mails(hood, tmp_path)
    assert set(told) == {"noor@nieuw.example", "noor@proef.example"}
    assert "Was jij dit niet?" in told["noor@proef.example"]
    (link,) = re.findall(r"http://127.0.0.1:8000(/\S+)", told["noor@nieuw.example"])
    (code,) = re.findall(r"^\d{6}$", told["noor@nieuw.example"], re.MULTILINE)
    assert f'value="{code}"' in noor.get(link).get_data(as_text=True)
    assert email_of(hood, "noor") == "noor@proef.example", "a link that is opened changes nothing"
    assert give(noor, code).location == HOME
    assert email_of(hood, "noor") == "noor@nieuw.example"
    assert give(noor, code).status_code == 422, "a code works once"


def test_second_tap_on_the_code_leads_where_the_first_did(
    hood: Neighbourhood, noor: FlaskClient, tmp_path: Path, moment: Callable[[timedelta], None]
) -> None:
    sent(noor, ADDRESS, email="noor@nieuw.example")
    (code,) = re.findall(r"^\d{6}$", mails(hood, tmp_path)["noor@nieuw.example"], re.MULTILINE)
    key = inputs(noor.get(f"{ADDRESS}/code").get_data(as_text=True))["idempotency_key"]
    assert give(noor, f"{(int(code) + 1) % 1_000_000:06d}", key).status_code == 422, "a refusal keeps its key"
    first, again = give(noor, code, key), give(noor, code, key)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, HOME)
    assert "Je nieuwe e-mailadres werkt." in noor.get(HOME).get_data(as_text=True)
    assert rows(hood.app, "select count(*) from audit where action = 'email_changed'") == [(1,)]
    # The same page once more, for another code: that was not done, and can be sent.
    moment(timedelta(minutes=2))
    sent(noor, ADDRESS, email="noor@nieuwer.example")
    (newer,) = re.findall(r"^\d{6}$", mails(hood, tmp_path)["noor@nieuwer.example"], re.MULTILINE)
    other = give(noor, newer, key)
    page = other.get_data(as_text=True)
    assert (other.status_code, "al gebruikt voor iets anders" in page) == (422, True)
    assert give(noor, newer, inputs(page)["idempotency_key"]).location == HOME
    assert email_of(hood, "noor") == "noor@nieuwer.example"


def test_wrong_late_and_strange_codes_do_nothing(
    hood: Neighbourhood, noor: FlaskClient, tmp_path: Path, moment: Callable[[timedelta], None]
) -> None:
    sent(noor, ADDRESS, email="noor@nieuw.example")
    told = mails(hood, tmp_path)["noor@nieuw.example"]
    (code,) = re.findall(r"^\d{6}$", told, re.MULTILINE)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for typed in (wrong, "ééééé", "", code + "1"):
        answer = give(noor, typed)
        assert (answer.status_code, set(errors(answer.get_data(as_text=True)))) == (422, {"code"})
    moment(timedelta(hours=1))
    assert give(noor, code).status_code == 422
    assert email_of(hood, "noor") == "noor@proef.example"


@pytest.mark.parametrize("at_night", [False, True])
def test_first_address_gets_its_code_at_once_also_at_night(
    hood: Neighbourhood,
    client: FlaskClient,
    tmp_path: Path,
    moment: Callable[[timedelta], None],
    at_night: bool,
) -> None:
    if at_night:
        moment(timedelta(hours=9))
    sign_in(client, "noor")
    with hood.app.app_context(), unit_of_work():
        change_person(hood.people["noor"], email=None, channel="call")
    sent(client, ADDRESS, email="noor@nieuw.example")
    assert set(mails(hood, tmp_path)) == {"noor@nieuw.example"}


def test_who_has_no_address_is_led_to_a_first_one_and_not_to_another(
    hood: Neighbourhood, noor: FlaskClient
) -> None:
    pages = ("/mijn/gegevens", "/mijn/berichten")
    with_one = [noor.get(path).get_data(as_text=True) for path in pages]
    assert ["Ander e-mailadres" in with_one[0], ADDRESS in with_one[1]] == [True, False]
    with hood.app.app_context(), unit_of_work():
        change_person(hood.people["noor"], email=None, channel="call")
    for path in pages:
        page = noor.get(path).get_data(as_text=True)
        assert f'href="{ADDRESS}"' in page
        assert "Zet je e-mailadres erbij" in page
        assert "Ander e-mailadres" not in page


def test_present_address_is_warned_at_night_too(
    hood: Neighbourhood, client: FlaskClient, tmp_path: Path, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=9))
    sign_in(client, "noor")
    sent(client, ADDRESS, email="noor@nieuw.example")
    assert set(mails(hood, tmp_path)) == {"noor@nieuw.example", "noor@proef.example"}


def test_guessing_the_code_ends(hood: Neighbourhood, noor: FlaskClient) -> None:
    sent(noor, ADDRESS, email="noor@nieuw.example")
    found = [give(noor, "000000") for _ in range(6)]
    assert [answer.status_code for answer in found] == [422] * 5 + [429]
    assert [answer.headers.get("Retry-After") for answer in found] == [None] * 5 + ["900"]
    asked = [sent(noor, ADDRESS, email=f"noor{n}@nieuw.example").status_code for n in range(5)]
    assert asked == [303] * 4 + [429]


def test_code_that_gets_no_answer_in_a_busy_moment_costs_no_try(
    hood: Neighbourhood, noor: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(noor, ADDRESS, email="noor@nieuw.example")
    (code,) = re.findall(r"^\d{6}$", mails(hood, tmp_path)["noor@nieuw.example"], re.MULTILINE)

    def busy(*_: object, **__: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(confirm_views, "end_ways_in", busy)
        assert [give(noor, code).status_code for _ in range(6)] == [503] * 6
    assert email_of(hood, "noor") == "noor@proef.example"
    assert give(noor, code).location == HOME
    assert email_of(hood, "noor") == "noor@nieuw.example"


def test_answer_is_the_same_for_an_address_that_is_taken(
    hood: Neighbourhood, noor: FlaskClient, tmp_path: Path
) -> None:
    free, taken = (sent(noor, ADDRESS, email=email) for email in ("nieuw@x.example", "ali@proef.example"))
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    told = mails(hood, tmp_path)
    assert "al van jou" in told["ali@proef.example"]
    assert re.findall(r"\d{6}", told["ali@proef.example"]) == []
    pages = {visible(noor.get(f"{ADDRESS}/code").get_data(as_text=True)) for _ in range(2)}
    assert "taken" not in str(pages)
    assert email_of(hood, "noor") == "noor@proef.example"
    assert email_of(hood, "ali") == "ali@proef.example"


def test_shape_is_judged_at_once(hood: Neighbourhood, noor: FlaskClient) -> None:
    for typed, said in (("noor", "geen e-mailadres"), ("NOOR@proef.example", "gebruik je al")):
        answer = sent(noor, ADDRESS, email=typed)
        assert answer.status_code == 422
        assert said in errors(answer.get_data(as_text=True))["email"]


def test_address_that_two_take_at_once_is_of_one(hood_on_both: Neighbourhood) -> None:
    hood, taken = hood_on_both, "gezin@nieuw.example"
    key = hood.app.config["SECRET_KEY"]
    codes: dict[int, str] = {}

    def asked(person_id: int) -> None:
        with hood.app.app_context(), unit_of_work():
            ask_for_address(person_id, taken, now=TUESDAY)
            codes[person_id] = code_for(person_id, taken, TUESDAY, secret_key=key)

    def proven(person_id: int) -> bool:
        post = FormPost(person_id, f"{ADDRESS}/code", make.new_key(), {})
        try:
            with hood.app.app_context(), unit_of_work():
                prove_address(post, codes[person_id], secret_key=key, location="/mijn", now=TUESDAY)
        except Refused:
            return False
        return True

    noor, ali = hood.people["noor"], hood.people["ali"]
    with ThreadPoolExecutor(4) as pool:
        # Who presses twice asks once.
        list(pool.map(asked, [noor, noor, ali, ali]))
        assert sorted(pool.map(proven, [noor, ali])) == [False, True]
    assert rows(hood.app, "select count(*) from person where email = :it", it=taken) == [(1,)]

"""Who gives a function long after signing in says once more who it is, and keeps what was filled in."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests import builders as make
from tests.cast import sign_in, token_in
from tests.proving.authenticator import Authenticator
from tests.proving.deeds import sent, set_up, with_passkey
from tests.proving.test_second_step import code_of, halfway, step, with_app
from tests.watching import row_counts, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

LATER = timedelta(minutes=11)


def fields_of(answer: TestResponse) -> dict[str, str]:
    """What the page that asks sends along by itself."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def sanne(hood: Neighbourhood, moment: Move) -> FlaskClient:
    """Staff who signed in a while ago, and has a passkey and an app with codes."""
    set_up(hood.app)
    client = hood.app.test_client()
    sign_in(client, "sanne")
    return client


def give(hood: Neighbourhood, client: FlaskClient, **proof: str) -> TestResponse:
    """Give Ali a function, from the form."""
    path = f"/r/de-linde/mensen/{hood.public_id('ali')}/functie"
    page = client.get(path).get_data(as_text=True)
    fields = {"csrf_token": token_in(page), "function": "organiser", "since": "2026-11-24", "until": ""}
    return client.post(path, data={**fields, **proof})


def roles_of_ali(hood: Neighbourhood) -> list[str]:
    ali = hood.people["ali"]
    return [
        row.function for row in rows(hood.app, "select function from role where person_id = :who", who=ali)
    ]


def test_function_is_given_at_once_to_who_just_signed_in_and_later_after_a_proof(
    hood: Neighbourhood, sanne: FlaskClient, moment: Move
) -> None:
    path = f"/r/de-linde/mensen/{hood.public_id('ali')}/functie"
    moment(LATER)
    asked = give(hood, sanne)
    assert (asked.status_code, "Ben jij het?" in asked.get_data(as_text=True)) == (200, True)
    assert roles_of_ali(hood) == []
    kept = fields_of(asked)
    assert (kept["function"], kept["since"], kept["until"]) == ("organiser", "2026-11-24", "")
    refused = sanne.post(path, data={**kept, "proof_secret": "gok"})
    assert (refused.status_code, fields_of(refused)["function"]) == (422, "organiser")
    assert "gok" not in refused.get_data(as_text=True)
    assert sanne.post(path, data={**kept, "proof_secret": ""}).status_code == 422
    done = sanne.post(path, data={**kept, "proof_secret": make.PASSWORD})
    assert (done.status_code, roles_of_ali(hood)) == (303, ["organiser"])
    # For a while nothing is asked; whoever may not, is asked nothing.
    assert "Ben jij het?" not in give(hood, sanne).get_data(as_text=True)
    moment(LATER)
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    moment(LATER)
    answer = sent(noor, path, seen_on="/mijn", function="organiser")
    assert answer.status_code == 404


def test_two_persons_are_made_one_only_by_who_just_said_who_it_is(
    hood: Neighbourhood, sanne: FlaskClient, moment: Move
) -> None:
    path = f"/r/de-linde/mensen/{hood.public_id('noor')}/samenvoegen/{hood.public_id('ali')}"
    moment(LATER)
    token = token_in(sanne.get(path).get_data(as_text=True))
    asked = sanne.post(path, data={"csrf_token": token, "is_sure": "y"})
    assert "Ben jij het?" in asked.get_data(as_text=True)
    merged = "select 1 from person where merged_into_id is not null"
    assert rows(hood.app, merged) == []
    done = sanne.post(path, data={**fields_of(asked), "proof_secret": make.PASSWORD})
    assert (done.status_code, len(rows(hood.app, merged))) == (303, 1)


def test_passkey_is_a_proof_and_that_of_another_is_none(
    hood: Neighbourhood, sanne: FlaskClient, moment: Move
) -> None:
    device = with_passkey(sanne)
    ali = hood.app.test_client()
    sign_in(ali, "ali")
    of_ali = with_passkey(ali, Authenticator())
    moment(LATER)
    for wrong in (of_ali, device):
        question = sanne.get("/inloggen/sleutel/vraag").get_json()
        answer = give(hood, sanne, proof_answer=wrong.show(question))
        assert answer.status_code == (422 if wrong is of_ali else 303)
    moment(LATER)
    confirm = "/mijn/gegevens/bevestigen?next=/mijn/gegevens"
    question = sanne.get("/inloggen/sleutel/vraag").get_json()
    assert sent(sanne, confirm, answer=of_ali.show(question)).status_code == 422
    question = sanne.get("/inloggen/sleutel/vraag").get_json()
    assert sent(sanne, confirm, answer=device.show(question)).location == "/mijn/gegevens"


def test_code_of_the_app_is_a_proof_once(hood: Neighbourhood, sanne: FlaskClient, moment: Move) -> None:
    secret = with_app(sanne, "/mijn/toegang/app")
    moment(LATER)
    code = code_of(secret)
    assert give(hood, sanne, proof_secret=code).status_code == 303
    assert roles_of_ali(hood) == ["organiser"]
    other = hood.app.test_client()
    sign_in(other, "sanne")
    # The code of before, in its own half minute still, on a device that has not shown who it is for a while.
    with other.session_transaction() as cookie:
        cookie["confirmed_at"] = 0
    assert give(hood, other, proof_secret=code).status_code == 422


def test_administrator_lets_a_colleague_begin_anew(hood: Neighbourhood, moment: Move) -> None:
    set_up(hood.app, second_factor=True)
    sanne = halfway(hood)
    secret = with_app(sanne)
    mo = halfway(hood, "mo")
    with_app(mo)
    path = f"/corporatie/mensen/{hood.public_id('sanne')}/tweede-stap"
    assert path in mo.get("/corporatie/mensen").get_data(as_text=True)
    of_noor, own = (f"/corporatie/mensen/{hood.public_id(name)}/tweede-stap" for name in ("noor", "mo"))
    assert mo.get(of_noor).status_code == 404
    assert sent(mo, own, seen_on=path).location == "/mijn/toegang"
    assert sanne.get(path).status_code == 404
    assert sent(mo, path, seen_on=path).status_code == 303
    assert row_counts(hood.app, "code_app", "spare_code") == {"code_app": 1, "spare_code": 0}
    assert sanne.get("/mijn").location == "/inloggen?next=/mijn"
    trace = rows(hood.app, "select actor_id, on_behalf_of_id from audit where action = 'proofs_reset'")
    assert [tuple(row) for row in trace] == [(hood.people["mo"], hood.people["sanne"])]
    assert rows(hood.app, "select kind from message order by id")[-1].kind == "proof_removed"
    again = halfway(hood)
    assert step(again, code_of(secret)) == 200
    assert "Stel je tweede stap in" in visible(again.get("/inloggen/tweede-stap").get_data(as_text=True))

"""A keeper says for a neighbour how they hear from us; the neighbour is told, and decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from tests.cast import sign_in
from tests.hearing.test_call_list import PATH as CALL_LIST
from tests.hearing.test_call_list import page_of
from tests.watching import errors, inputs, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood


def path(hood: Neighbourhood, who: str = "ali") -> str:
    return f"/r/de-linde/namens/berichten?voor={hood.public_id(who)}"


def choose(client: FlaskClient, hood: Neighbourhood, **fields: str) -> TestResponse:
    """The form as it stands, with these fields."""
    page = client.get(path(hood)).get_data(as_text=True)
    return client.post(path(hood), data={**inputs(page), **fields})


def test_neighbour_without_mail_is_told_in_the_language_that_was_chosen(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set email = null, channel = 'call' where id = :id"), id=hood.people["ali"]
        )
    sign_in(client, "bram")
    assert "Hoe Ali van ons hoort" in visible(
        client.get(f"/r/de-linde/reserveren?voor={hood.public_id('ali')}").get_data(as_text=True)
    )
    for _ in range(2):
        answer = choose(client, hood, channel="print", language="en")
        assert (answer.status_code, answer.location) == (303, path(hood))
    assert rows(hood.app, "select channel, language from person where id = :id", id=hood.people["ali"]) == [
        ("print", "en")
    ]
    done = rows(hood.app, "select actor_id, object_id from audit where action = 'hearing_chosen'")
    assert done == [(hood.people["bram"], hood.people["ali"])]
    hood.work()
    listed = visible(page_of(client, CALL_LIST))
    assert "Bram de Proef arranged this for you: from now on you get a note on paper." in listed
    assert "Bram de Proef regelde voor jou: je krijgt voortaan een briefje. Taal: English." in listed


def test_what_cannot_be_is_refused_and_changes_nothing(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    answer = choose(client, hood, channel="duif", language="xx")
    assert answer.status_code == 422
    assert errors(answer.get_data(as_text=True)).keys() == {"channel", "language"}
    assert rows(hood.app, "select count(*) from audit where action = 'hearing_chosen'") == [(0,)]


@pytest.mark.parametrize(("who", "status"), [("noor", 403), ("fatma", 403), ("mo", 403)])
def test_others_choose_for_nobody(client: FlaskClient, hood: Neighbourhood, who: str, status: int) -> None:
    sign_in(client, who)
    assert client.get(path(hood)).status_code == status


def test_nobody_chooses_for_oneself_here_or_for_a_stranger(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    assert [client.get(path(hood, who)).status_code for who in ("bram", "fatma")] == [404, 404]
    assert client.get("/r/de-linde/namens/berichten").location == "/r/de-linde/namens"


def test_page_costs_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    page = path(hood)
    client.get(page)
    with statements(hood.app) as seen:
        assert client.get(page).status_code == 200
    assert len(seen) == 4

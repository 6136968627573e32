"""What stands in an address, what is written down and what comes back after somebody was found by name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.people import finding
from tests.cast import sign_in, token_in
from tests.watching import public_id_of, rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

LINDE = "/r/de-linde"
PAGES = ("mensen", "namens", "briefje", "samenvoegen")


def path_of(hood: Neighbourhood, page: str) -> str:
    """Each page on which somebody is found."""
    if page != "samenvoegen":
        return f"{LINDE}/{page}"
    return f"{LINDE}/mensen/{public_id_of(hood.app, 'person', hood.people['ali'])}/samenvoegen"


def page_at(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def title_of(page: str) -> str:
    return re.findall("<title>(.*)</title>", page)[0]


def look_for(client: FlaskClient, path: str, name: str) -> str:
    """Search by the form of the page; where the answer is."""
    answer = client.post(path, data={"csrf_token": token_in(page_at(client, path)), "name": name})
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize("page", PAGES)
def test_answer_can_be_loaded_again_and_nobody_is_looked_up_by_that(
    client: FlaskClient, hood: Neighbourhood, page: str
) -> None:
    sign_in(client, "sanne")
    path = path_of(hood, page)
    shown = look_for(client, path, "noor")
    assert shown == f"{path}?gevonden"
    before = rows(hood.app, "select count(*) from audit where action like 'person_%'")
    assert before == [(1,)]
    for _again in range(2):
        assert "Noor de Proef" in page_at(client, shown)
    for other in (path, f"{path}?name=noor", f"{path}?naam=noor&gevonden=noor"):
        found = page_at(client, other)
        assert ("Noor de Proef" in found) is ("gevonden" in other)
    assert rows(hood.app, "select count(*) from audit where action like 'person_%'") == before


@pytest.mark.parametrize("page", PAGES)
def test_title_begins_with_how_many_were_found(client: FlaskClient, hood: Neighbourhood, page: str) -> None:
    """The answer is a page of its own, of which a screen reader reads the title first."""
    sign_in(client, "sanne")
    path = path_of(hood, page)
    said = {name: title_of(page_at(client, look_for(client, path, name))) for name in ("noor", "niemand")}
    asked = title_of(page_at(client, path))
    assert said == {"noor": f"1 persoon gevonden – {asked}", "niemand": f"Niemand gevonden – {asked}"}


def test_title_says_that_there_are_more_than_are_shown(
    client: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "sanne")
    monkeypatch.setattr(finding, "MOST_FOUND", 2)
    shown = look_for(client, f"{LINDE}/namens", "proef")
    assert title_of(page_at(client, shown)).startswith("Meer dan 2 mensen gevonden – ")


def test_each_page_shows_only_its_own_answer_and_not_for_long(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    sign_in(client, "sanne")
    shown = look_for(client, f"{LINDE}/namens", "noor")
    assert "Noor de Proef" not in page_at(client, f"{LINDE}/briefje?gevonden")
    assert "Noor de Proef" in page_at(client, shown)
    moment(timedelta(minutes=11))
    assert "Gevonden" not in page_at(client, shown)


def test_who_left_meanwhile_is_not_shown_again(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    shown = look_for(client, f"{LINDE}/briefje", "proef")
    with hood.app.app_context(), unit_of_work():
        execute(text("update residency set until = since where person_id = :id"), id=hood.people["noor"])
    found = page_at(client, shown)
    assert "Ali de Proef" in found
    assert "Noor de Proef" not in found


def test_without_a_search_there_is_nothing_to_show_again(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    for page in PAGES:
        assert "Gevonden" not in page_at(client, f"{path_of(hood, page)}?gevonden")


@pytest.mark.parametrize("page", PAGES)
def test_answer_stays_within_the_statements_of_a_page(
    client: FlaskClient, hood: Neighbourhood, page: str
) -> None:
    sign_in(client, "sanne")
    shown = look_for(client, path_of(hood, page), "noor")
    page_at(client, shown)
    with statements(hood.app) as run:
        page_at(client, shown)
    assert len(run) <= 8
